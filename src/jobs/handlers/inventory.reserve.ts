import { lineValueMinor } from '../../domain/money.ts';
import { everySafety, planTakings, type Level } from '../../domain/reserving.ts';
import { Customer, type SaleLine } from '../../persistence/entities/index.ts';
import { emit } from '../../persistence/events.ts';
import { agreePayment, lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { bookTakings, openLines, reservableLevels, stockGrants } from '../../persistence/sale-commitments.ts';
import { softReservationMs } from '../../persistence/reservations.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { consumeOverride, supersedeOverrides } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';
import { variable, type Variables } from '../variables.ts';

/**
 * Reserves every line in full, or nothing; what a line has already stays, so it may run again after a declined payment. An approved override lets it take what is
 * set aside, as far as it was granted, and is used up by that.
 */
export const inventoryReserve = internal('inventory.reserve', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, sale.id, variable(job, 'payment'));
  const lines = await saleLines(tx, sale.id);
  const levels = await reservableLevels(tx, lines);
  const { override, grants } = await stockGrants(tx, sale, now);
  const { takings, missing } = planTakings(openLines(lines), levels, grants);
  if (missing.size > 0) {
    const short = lines.filter((line) => missing.has(line.id));
    await emit(tx, {
      type: 'inventory.shortage',
      subject: { type: 'sale_order', id: sale.id, number: sale.number },
      data: { lines: short.map(({ id, lineNo, sku }) => ({ lineNo, sku, quantity: missing.get(id) ?? 0 })) },
    });
    const message = `${short.map((line) => `${missing.get(line.id)} ${line.sku}`).join(', ')} missing`;
    return {
      error: { code: 'OUT_OF_STOCK', message },
      variables: { shortage: await shortageOf(tx, sale.customerId, lines, levels, missing) },
    };
  }
  const drawsOn = takings.some((taking) => taking.fromSafety > 0) ? override : undefined;
  if (drawsOn && !(await consumeOverride(tx, drawsOn.id, now))) throw new Error(`the override ${drawsOn.id} went under our lock`);
  if (override && !drawsOn) await supersedeOverrides(tx, sale.id, now, 'STOCK');
  const expiresAt = new Date(now.getTime() + softReservationMs);
  await bookTakings(tx, sale, takings, { jobKey: job.key, overrideRequestId: drawsOn?.id ?? null, expiresAt, at: now });
  return { variables: {} };
});

const strictness: Readonly<Record<string, number>> = { BACKORDER: 0, NO_BACKORDER: 1, DISCONTINUED: 2 };

/** The facts that the table stock-shortage decides on, over all lines that are short. */
async function shortageOf(
  tx: Transaction,
  customerId: string,
  lines: readonly SaleLine[],
  levels: readonly Level[],
  missing: ReadonlyMap<string, number>,
): Promise<Variables['shortage']> {
  const short = lines.filter((line) => missing.has(line.id));
  const products = await productsBySku(
    tx,
    short.map((line) => line.sku),
  );
  const policies = short.map((line) => products.get(line.sku)?.linePolicy ?? 'NO_BACKORDER');
  const customer = await tx.manager.findOneByOrFail(Customer, { id: customerId });
  return {
    outcome: null,
    linePolicy: policies.toSorted((a, b) => (strictness[b] ?? 0) - (strictness[a] ?? 0))[0] ?? null,
    replenishDays: Math.max(...short.map((line) => products.get(line.sku)?.replenishDays ?? 0)),
    safetyCovers: planTakings(openLines(lines), levels, everySafety(levels)).missing.size === 0,
    customerTier: customer.tier,
    shortValueMinor: short.reduce((sum, line) => {
      const left = line.ordered - line.cancelled;
      return sum + lineValueMinor(line, left - (missing.get(line.id) ?? 0), left);
    }, 0),
  };
}
