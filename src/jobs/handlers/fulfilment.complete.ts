import { tellSaleWhenLast } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** The shipment is over; the last one of a sale says so to the sale. */
export const fulfilmentComplete = internal('fulfilment.complete', async ({ tx, job }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await tellSaleWhenLast(tx, await lockSaleOrder(tx, fulfilment.saleOrderId), fulfilment);
  return { variables: {} };
});
