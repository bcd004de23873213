import { fulfilmentLines, queueDemand } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { lockStock, wakeBackorders } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/** Queues up for what is missing, by priority and by when the sale was cleared. Stock that arrived a moment ago wakes it at once. */
export const fulfilmentBackorder = internal('fulfilment.backorder', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  const missing = (await fulfilmentLines(tx, fulfilment.id)).filter((line) => line.quantity > line.allocated);
  const levels = await lockStock(
    tx,
    missing.map((line) => line.sku),
  );
  await queueDemand(tx, fulfilment.id, missing, sale.clearedAt ?? now);
  await wakeBackorders(tx, levels);
  return { variables: {} };
});
