import { lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** Every shipment is done: what is left of the credit hold is given back. */
export const saleClose = internal('sale.close', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  await releaseCredit(tx, sale.id, job.key, now);
  return { variables: {} };
});
