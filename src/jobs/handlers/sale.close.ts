import { lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { voidRequests } from '../../persistence/payments.ts';
import { balanceSale } from '../../persistence/settlements.ts';
import { internal } from '../handler.ts';

/**
 * Every shipment is done: what is left of the credit hold is given back, what is still authorised or asked for is voided, and money beyond what the sale cost goes
 * back to the card that it came from, or to the customer's account when it was transferred; what misses is owed (persistence/settlements.ts says why).
 */
export const saleClose = internal('sale.close', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await voidRequests(tx, sale, now);
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  await releaseCredit(tx, sale.id, job.key, now);
  await balanceSale(tx, sale, { isDone: true, reason: `more than ${sale.number} cost`, key: job.key, at: now });
  return { variables: {} };
});
