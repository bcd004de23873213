import { isLastFulfilment } from '../../persistence/fulfilments.ts';
import { leaveMessage } from '../../persistence/messages.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** How long the sale has to notice, ms. */
const noticeMs = 90 * 86_400_000;

/** The shipment is over; the last one of a sale says so to the sale. */
export const fulfilmentComplete = internal('fulfilment.complete', async ({ tx, job }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  if (await isLastFulfilment(tx, sale.id, fulfilment.id)) {
    await leaveMessage(tx, {
      name: 'sale.fulfilments-closed',
      correlationKey: sale.id,
      variables: {},
      source: `sale:${sale.id}`,
      messageId: `fulfilments-closed:${fulfilment.id}`,
      timeToLiveMs: noticeMs,
    });
  }
  return { variables: {} };
});
