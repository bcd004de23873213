import { queueDemand, restDemand, wakeBackorders } from '../../persistence/backorders.ts';
import { emit } from '../../persistence/events.ts';
import { forgetPicks, fulfilmentLines, missingLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { giveUpAllocation } from '../../persistence/short-picks.ts';
import { lockStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/**
 * Queues up for what is missing, by priority and by when the sale was cleared. Stock that arrived a moment ago wakes it at once. What a picker did not find is
 * given back first, and looked for again only when goods arrive: others may know better where it lies.
 */
export const fulfilmentBackorder = internal('fulfilment.backorder', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  const lines = await fulfilmentLines(tx, fulfilment.id);
  const levels = await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  const notFound = lines.filter((line) => line.picked !== null && line.picked < line.allocated);
  for (const line of notFound) {
    await giveUpAllocation(tx, fulfilment.id, line, line.allocated - (line.picked ?? 0), job.key, now);
  }
  await forgetPicks(tx, fulfilment.id);
  const missing = await missingLines(tx, fulfilment.id);
  if (fulfilment.cancelRequestedAt === null) await queueDemand(tx, fulfilment.id, missing, sale.clearedAt ?? now);
  if (notFound.length > 0) await restDemand(tx, fulfilment.id);
  const concerned = new Set(missing.map((line) => line.sku));
  await wakeBackorders(
    tx,
    levels.filter((level) => concerned.has(level.sku)),
  );
  await emit(tx, {
    type: 'inventory.backordered',
    subject: { type: 'fulfilment', id: fulfilment.id, number: fulfilment.number },
    data: { lines: missing.map(({ lineNo, sku, quantity, allocated }) => ({ lineNo, sku, quantity: quantity - allocated })) },
  });
  return { variables: {} };
});
