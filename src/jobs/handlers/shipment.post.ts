import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { shipReservations } from '../../persistence/reservations.ts';
import { lockStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Goods issue: the shipment's goods leave the stock, all of them or none. The sale's lock decides between this and a cancellation: what is marked as cancelled
 * does not leave. A stock count may have taken what was allocated.
 */
export const shipmentPost = internal('shipment.post', async ({ tx, job, now }) => {
  const { saleOrderId } = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, saleOrderId);
  // read behind the sale's lock: whoever cancels or counts writes under it
  const fulfilment = await readFulfilment(tx, job.subject.id);
  if (fulfilment.cancelRequestedAt !== null) {
    return { error: { code: 'CANCEL_REQUESTED', message: `${fulfilment.number} was cancelled before it left` } };
  }
  const lines = await fulfilmentLines(tx, fulfilment.id);
  const short = lines.find((line) => line.allocated < line.quantity);
  if (short) return { error: { code: 'OUT_OF_STOCK', message: `${short.sku} is no longer there for ${fulfilment.number}` } };
  await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  await shipReservations(tx, fulfilment.id, job.key, now);
  await tx.execute('update orderflow.fulfilment set shipped_at = $2 where id = $1', [fulfilment.id, now]);
  return { variables: { shipment: { ...variable(job, 'shipment'), shippedAt: now.toISOString() } } };
});
