import { closeDemand, isServed, queueDemand } from '../../persistence/backorders.ts';
import type { Fulfilment } from '../../persistence/entities/index.ts';
import { emit } from '../../persistence/events.ts';
import { forgetPicks, fulfilmentLines, missingLines, type FulfilmentLineRow } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { reserveLine } from '../../persistence/reservations.ts';
import { freeStock, lockStock, takeStock, type StockLevelRow } from '../../persistence/stock.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { internal } from '../handler.ts';

/**
 * Makes sure that all of the shipment's goods are promised to it. What is missing is taken from free stock, of its own location first: all of it, when it is
 * this shipment's turn among those who wait, or nothing. Whoever picks begins anew.
 */
export const inventoryAllocate = internal('inventory.allocate', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  await forgetPicks(tx, fulfilment.id);
  const missing = await missingLines(tx, fulfilment.id);
  if (missing.length > 0) {
    const skus = missing.map((line) => line.sku);
    const levels = await lockStock(tx, skus);
    await queueDemand(tx, fulfilment.id, missing, sale.clearedAt ?? now);
    if (!(await isServed(tx, fulfilment.id, skus))) {
      return { error: { code: 'OUT_OF_STOCK', message: `${[...new Set(skus)].join(', ')} is not there yet` } };
    }
    for (const { line, levelId, quantity } of takings(fulfilment, missing, levels)) {
      await take(tx, line, levelId, quantity, { fulfilmentId: fulfilment.id, jobKey: job.key, at: now });
    }
  }
  await closeDemand(tx, fulfilment.id, 'FILLED');
  const lines = await fulfilmentLines(tx, fulfilment.id);
  await emit(tx, {
    type: 'inventory.allocated',
    subject: { type: 'fulfilment', id: fulfilment.id, number: fulfilment.number },
    data: { lines: lines.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity })) },
  });
  return { variables: {} };
});

interface Taking {
  readonly line: FulfilmentLineRow;
  readonly levelId: string;
  readonly quantity: number;
}

/** From which levels the missing pieces come. @throws ImpossibleState when they are not there, although it is the shipment's turn */
function takings(fulfilment: Fulfilment, missing: readonly FulfilmentLineRow[], levels: readonly StockLevelRow[]): Taking[] {
  const left = new Map(levels.map((level) => [level.id, freeStock(level)]));
  const nearest = [...levels].sort(
    (a, b) => Number(b.location === fulfilment.location) - Number(a.location === fulfilment.location),
  );
  const taken: Taking[] = [];
  for (const line of missing) {
    let open = line.quantity - line.allocated;
    for (const level of nearest.filter((each) => each.sku === line.sku)) {
      const quantity = Math.min(open, left.get(level.id) ?? 0);
      if (quantity === 0) continue;
      left.set(level.id, (left.get(level.id) ?? 0) - quantity);
      open -= quantity;
      taken.push({ line, levelId: level.id, quantity });
    }
    if (open > 0) throw new ImpossibleState(`${fulfilment.number} is served, but ${open} of ${line.sku} are not there`);
  }
  return taken;
}

/** What was promised for later is promised from stock now. */
async function take(
  tx: Transaction,
  line: FulfilmentLineRow,
  levelId: string,
  quantity: number,
  { fulfilmentId, jobKey, at }: { readonly fulfilmentId: string; readonly jobKey: string; readonly at: Date },
): Promise<void> {
  if (!(await takeStock(tx, levelId, quantity, `${jobKey}:${line.lineNo}`, at)))
    throw new ImpossibleState(`${quantity} of ${line.sku} went under our lock`);
  await tx.execute('update orderflow.sale_line set backordered = backordered - $2 where id = $1', [line.saleLineId, quantity]);
  await reserveLine(tx, { line: { id: line.saleLineId }, levelId, quantity, fulfilmentId, expiresAt: null, jobKey, at });
}
