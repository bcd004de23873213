import { planTakings } from '../../domain/reserving.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { supersedeOverrides } from '../../persistence/overrides.ts';
import { softReservationMs } from '../../persistence/reservations.ts';
import { retotal } from '../../persistence/retotal.ts';
import { bookTakings, openLines, reservableLevels } from '../../persistence/sale-commitments.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Cancels what is missing of the short lines, and reserves what is there in the same moment, so that the customer gets the quantities they agreed to. Total and
 * fingerprint follow the lines, and what was approved for the old ones is void. The credit hold stays until credit.decide, which comes next on terms, replaces it
 * by one for the smaller amount: no moment in which it holds too little.
 */
export const saleReduceLines = internal('sale.reduce-lines', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const lines = await saleLines(tx, sale.id);
  const { takings, missing } = planTakings(openLines(lines), await reservableLevels(tx, lines));
  const left = lines.reduce((sum, line) => sum + line.ordered - line.cancelled - (missing.get(line.id) ?? 0), 0);
  if (left === 0) return { error: { code: 'NOTHING_LEFT', message: `nothing of ${sale.number} is there` } };
  const expiresAt = new Date(now.getTime() + softReservationMs);
  await bookTakings(tx, sale, takings, { jobKey: job.key, overrideRequestId: null, expiresAt, at: now });
  for (const [lineId, pieces] of missing) {
    await tx.execute('update orderflow.sale_line set cancelled = cancelled + $2 where id = $1', [lineId, pieces]);
  }
  const totalMinor = await retotal(tx, sale);
  await supersedeOverrides(tx, sale.id, now);
  return { variables: { method: variable(job, 'payment').method, totalMinor } };
});
