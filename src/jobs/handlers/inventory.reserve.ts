import { freeStock, lockStock, takeStock } from '../../persistence/stock.ts';
import { agreePayment, lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { reserveLine, softReservationMs } from '../../persistence/reservations.ts';
import { Customer } from '../../persistence/entities/index.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Reserves every line in full, or nothing; a line that has its stock already is left alone, so it may run again after a declined payment. */
export const inventoryReserve = internal('inventory.reserve', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, sale.id, variable(job, 'payment'));
  const lines = await saleLines(tx, sale.id);
  const levels = await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  const levelOf = new Map(levels.map((level) => [level.sku, level]));
  const open = lines.map((line) => ({
    line,
    level: levelOf.get(line.sku),
    quantity: line.ordered - line.cancelled - line.reserved - line.shipped,
  }));
  const wanted = new Map<string, number>();
  for (const { line, quantity } of open) wanted.set(line.sku, (wanted.get(line.sku) ?? 0) + quantity);
  const short = open.find(
    ({ line, level, quantity }) => quantity > 0 && (!level || freeStock(level) < (wanted.get(line.sku) ?? 0)),
  );
  if (short) {
    const product = (await productsBySku(tx, [short.line.sku])).get(short.line.sku);
    const customer = await tx.manager.findOneByOrFail(Customer, { id: sale.customerId });
    return {
      error: { code: 'OUT_OF_STOCK', message: `${short.line.sku} is short` },
      variables: {
        shortage: {
          outcome: null,
          linePolicy: product?.linePolicy ?? null,
          replenishDays: product?.replenishDays ?? 0,
          safetyCovers:
            short.level !== undefined &&
            short.level.safety > 0 &&
            freeStock({ ...short.level, safety: 0 }) >= (wanted.get(short.line.sku) ?? 0),
          customerTier: customer.tier,
        },
      },
    };
  }
  const expiresAt = new Date(now.getTime() + softReservationMs);
  for (const { line, level, quantity } of open) {
    if (quantity === 0 || !level) continue;
    await takeStock(tx, level.id, quantity, `${job.key}:${line.lineNo}`, now);
    await reserveLine(tx, { line, levelId: level.id, quantity, fulfilmentId: null, expiresAt, jobKey: job.key, at: now });
  }
  return { variables: {} };
});
