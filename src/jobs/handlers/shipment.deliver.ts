import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** The goods have arrived; from now on the return window of the most patient product runs. */
export const shipmentDeliver = internal('shipment.deliver', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, fulfilment.saleOrderId);
  const lines = await fulfilmentLines(tx, fulfilment.id);
  for (const line of lines) {
    await tx.execute('update orderflow.sale_line set delivered = delivered + $2 where id = $1', [line.saleLineId, line.quantity]);
  }
  const products = await productsBySku(
    tx,
    lines.map((line) => line.sku),
  );
  const windowSeconds = Math.max(0, ...[...products.values()].map((product) => product.returnWindowSeconds));
  const endsAt = new Date(now.getTime() + windowSeconds * 1000);
  await tx.execute('update orderflow.fulfilment set delivered_at = $2, return_window_ends_at = $3 where id = $1', [
    fulfilment.id,
    now,
    endsAt,
  ]);
  const shipment = { ...variable(job, 'shipment'), deliveredAt: now.toISOString() };
  return { variables: { shipment, returnWindow: { endsAt: endsAt.toISOString() } } };
});
