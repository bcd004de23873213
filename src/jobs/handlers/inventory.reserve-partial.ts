import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { reserveLine, softReservationMs } from '../../persistence/reservations.ts';
import { freeStock, lockStock, takeStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/** Reserves what is there, and promises the rest for later. */
export const inventoryReservePartial = internal('inventory.reserve-partial', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const lines = await saleLines(tx, sale.id);
  const levels = await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  const free = new Map(levels.map((level) => [level.sku, freeStock(level)]));
  const expiresAt = new Date(now.getTime() + softReservationMs);
  for (const line of lines) {
    const open = line.ordered - line.cancelled - line.reserved - line.shipped - line.backordered;
    const there = Math.min(open, free.get(line.sku) ?? 0);
    const level = levels.find((each) => each.sku === line.sku);
    if (there > 0 && level) {
      free.set(line.sku, (free.get(line.sku) ?? 0) - there);
      await takeStock(tx, level.id, there, `${job.key}:${line.lineNo}`, now);
      await reserveLine(tx, {
        line,
        levelId: level.id,
        quantity: there,
        fulfilmentId: null,
        expiresAt,
        jobKey: job.key,
        at: now,
      });
    }
    await tx.execute('update orderflow.sale_line set backordered = backordered + $2 where id = $1', [line.id, open - there]);
  }
  return { variables: {} };
});
