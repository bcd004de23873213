import { lockSaleOrder } from '../../persistence/orders.ts';
import { releaseOpenSale } from '../../persistence/sale-commitments.ts';
import { internal } from '../handler.ts';

/** The sale was changed and begins anew: whatever it held for the old lines is given back, and what was approved for them is void. */
export const saleReopen = internal('sale.reopen', async ({ tx, job, now }) => {
  await releaseOpenSale(tx, await lockSaleOrder(tx, job.subject.id), job.key, now);
  return { variables: {} };
});
