import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { shipReservations } from '../../persistence/reservations.ts';
import { lockStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Goods issue: the shipment's goods leave the stock. */
export const shipmentPost = internal('shipment.post', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, fulfilment.saleOrderId);
  await lockStock(
    tx,
    (await fulfilmentLines(tx, fulfilment.id)).map((line) => line.sku),
  );
  await shipReservations(tx, fulfilment.id, job.key, now);
  await tx.execute('update orderflow.fulfilment set shipped_at = $2 where id = $1', [fulfilment.id, now]);
  return { variables: { shipment: { ...variable(job, 'shipment'), shippedAt: now.toISOString() } } };
});
