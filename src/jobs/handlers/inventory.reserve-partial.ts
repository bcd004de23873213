import { planTakings } from '../../domain/reserving.ts';
import { agreePayment, lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { consumeOverride } from '../../persistence/overrides.ts';
import { softReservationMs } from '../../persistence/reservations.ts';
import { bookTakings, openLines, reservableLevels, stockGrants } from '../../persistence/sale-commitments.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Reserves what is there, and promises the rest for later. */
export const inventoryReservePartial = internal('inventory.reserve-partial', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, sale.id, variable(job, 'payment'));
  const lines = await saleLines(tx, sale.id);
  const levels = await reservableLevels(tx, lines);
  const { override, grants } = await stockGrants(tx, sale, now);
  const { takings, missing } = planTakings(openLines(lines), levels, grants);
  const drawsOn = takings.some((taking) => taking.fromSafety > 0) ? override : undefined;
  if (drawsOn && !(await consumeOverride(tx, drawsOn.id, now))) throw new Error(`the override ${drawsOn.id} went under our lock`);
  const expiresAt = new Date(now.getTime() + softReservationMs);
  await bookTakings(tx, sale, takings, { jobKey: job.key, overrideRequestId: drawsOn?.id ?? null, expiresAt, at: now });
  for (const [lineId, pieces] of missing) {
    await tx.execute('update orderflow.sale_line set backordered = backordered + $2 where id = $1', [lineId, pieces]);
  }
  return { variables: {} };
});
