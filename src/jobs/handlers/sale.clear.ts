import { activeHold, lockCreditProfile } from '../../persistence/credit.ts';
import type { SaleOrder } from '../../persistence/entities/index.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { firmUp } from '../../persistence/reservations.ts';
import { openLines } from '../../persistence/sale-commitments.ts';
import { countSale } from '../../persistence/sales-aggregate.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Looks once more at what is held, and makes it firm: reservations have no time limit from here on, the credit hold is committed. Stock that was lost meanwhile, or
 * an account that was closed, sends the sale back (scenarios 40 and 41).
 */
export const saleClear = internal('sale.clear', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const blocked = await creditBlock(tx, sale);
  if (blocked !== undefined) return { error: { code: 'CREDIT_BLOCKED', message: blocked } };
  const lost = openLines(await saleLines(tx, sale.id)).filter((line) => line.open > 0);
  if (lost.length > 0) {
    const message = `nothing is reserved any more for ${lost.map((line) => `${line.open} ${line.sku}`).join(', ')}`;
    return { error: { code: 'RESERVATION_LOST', message } };
  }
  await firmUp(tx, sale.id);
  await tx.execute(`update orderflow.credit_hold set status = 'COMMITTED' where sale_order_id = $1 and status = 'HELD'`, [
    sale.id,
  ]);
  await tx.execute('update orderflow.sale_order set cleared_at = $2 where id = $1', [sale.id, now]);
  await countSale(tx, sale, now);
  return { variables: { sale: { ...variable(job, 'sale'), result: 'CLEARED' } } };
});

/** Why what is owed on terms cannot be cleared now; undefined when it can. A hold that an override let pass stands although the account is on HOLD. */
async function creditBlock(tx: Transaction, sale: SaleOrder): Promise<string | undefined> {
  if (sale.onTermsMinor === 0) return undefined;
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const hold = await activeHold(tx, sale.id);
  if (!hold || hold.amountMinor < sale.onTermsMinor) return `${sale.number} holds less credit than it needs`;
  if (profile.hold === 'STOP' || (profile.hold === 'HOLD' && hold.overrideRequestId === null))
    return `the account is on ${profile.hold}`;
  return undefined;
}
