import { lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** Opens the sale on the payment method agreed with the customer, if there is one; the diagram splits the total by it. */
export const saleOpen = internal('sale.open', async ({ tx, job }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  return { variables: { method: sale.paymentMethod } };
});
