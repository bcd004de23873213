import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { reserveLine } from '../../persistence/reservations.ts';
import { freeStock, lockStock, takeStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/** Makes sure that all of the shipment's goods are promised to it; what was backordered is taken from free stock, all of it or nothing. */
export const inventoryAllocate = internal('inventory.allocate', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, fulfilment.saleOrderId);
  const missing = (await fulfilmentLines(tx, fulfilment.id)).filter((line) => line.quantity > line.allocated);
  const levels = new Map(
    (
      await lockStock(
        tx,
        missing.map((line) => line.sku),
      )
    ).map((level) => [level.sku, level]),
  );
  const wanted = new Map<string, number>();
  for (const line of missing) wanted.set(line.sku, (wanted.get(line.sku) ?? 0) + line.quantity - line.allocated);
  for (const [sku, quantity] of wanted) {
    const level = levels.get(sku);
    if (!level || freeStock(level) < quantity) return { error: { code: 'OUT_OF_STOCK', message: `${sku} is not there yet` } };
  }
  for (const line of missing) {
    const level = levels.get(line.sku);
    if (!level) continue;
    const quantity = line.quantity - line.allocated;
    await takeStock(tx, level.id, quantity, `${job.key}:${line.lineNo}`, now);
    await tx.execute('update orderflow.sale_line set backordered = backordered - $2 where id = $1', [line.saleLineId, quantity]);
    await reserveLine(tx, {
      line: { id: line.saleLineId },
      levelId: level.id,
      quantity,
      fulfilmentId: fulfilment.id,
      expiresAt: null,
      jobKey: job.key,
      at: now,
    });
  }
  await tx.execute(`update orderflow.backorder_demand set status = 'FILLED' where fulfilment_id = $1 and status = 'OPEN'`, [
    fulfilment.id,
  ]);
  return { variables: {} };
});
