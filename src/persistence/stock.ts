import { newId } from '../support/ids.ts';
import { StockMovement } from './entities/index.ts';
import { leaveMessage } from './messages.ts';
import type { Transaction } from './transaction.ts';

export interface StockLevelRow {
  readonly id: string;
  readonly sku: string;
  readonly location: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
}

/** What can be promised: on hand, less what is promised, less the safety stock. */
export const freeStock = (level: Pick<StockLevelRow, 'onHand' | 'reserved' | 'safety'>): number =>
  Math.max(0, level.onHand - level.reserved - level.safety);

/** Locks the levels of these products in the order of their ids, so that two orders with the same products never deadlock. */
export const lockStock = (tx: Transaction, skus: readonly string[]): Promise<StockLevelRow[]> =>
  tx.query<StockLevelRow>(
    `select id, sku, location, on_hand as "onHand", reserved, safety from orderflow.stock_level where sku = any($1) order by id for update`,
    [skus],
  );

/** Promises stock if it is there; answers false, and changes nothing, if it is not. */
export async function takeStock(
  tx: Transaction,
  levelId: string,
  quantity: number,
  reference: string,
  at: Date,
): Promise<boolean> {
  const taken = await tx.execute(
    `update orderflow.stock_level set reserved = reserved + $2, revision = revision + 1 where id = $1 and on_hand - reserved - safety >= $2`,
    [levelId, quantity],
  );
  if (taken === 0) return false;
  await moveStock(tx, levelId, 'RESERVED', quantity, reference, at);
  return true;
}

/** Takes a promise back. */
export async function releaseStock(
  tx: Transaction,
  levelId: string,
  quantity: number,
  reference: string,
  at: Date,
): Promise<void> {
  await tx.execute('update orderflow.stock_level set reserved = reserved - $2, revision = revision + 1 where id = $1', [
    levelId,
    quantity,
  ]);
  await moveStock(tx, levelId, 'RELEASED', -quantity, reference, at);
}

/** Promised goods leave the house. */
export async function shipStock(tx: Transaction, levelId: string, quantity: number, reference: string, at: Date): Promise<void> {
  await tx.execute(
    'update orderflow.stock_level set on_hand = on_hand - $2, reserved = reserved - $2, revision = revision + 1 where id = $1',
    [levelId, quantity],
  );
  await moveStock(tx, levelId, 'SHIPPED', -quantity, reference, at);
}

/** Goods arrive. */
export async function receiveStock(
  tx: Transaction,
  levelId: string,
  quantity: number,
  reference: string,
  at: Date,
): Promise<void> {
  await tx.execute('update orderflow.stock_level set on_hand = on_hand + $2, revision = revision + 1 where id = $1', [
    levelId,
    quantity,
  ]);
  await moveStock(tx, levelId, 'RECEIVED', quantity, reference, at);
}

const moveStock = async (
  tx: Transaction,
  stockLevelId: string,
  kind: StockMovement['kind'],
  quantity: number,
  reference: string,
  at: Date,
): Promise<void> => {
  await tx.manager.insert(StockMovement, { id: newId(), stockLevelId, kind, quantity, reference, at });
};

/** How long a wake-up is kept for a fulfilment that is just about to wait, ms. */
const wakeUpTtl = 3600_000;

/**
 * Tells those who wait for these products, first come first served, as far as the free stock reaches. It is only a poke: each of them tries
 * to allocate for itself, so a poke too many does no harm.
 */
export async function wakeBackorders(tx: Transaction, levels: readonly StockLevelRow[]): Promise<void> {
  for (const level of levels) {
    let free = freeStock(level);
    const demands = await tx.query<{ fulfilmentId: string; quantity: number }>(
      `select fulfilment_id as "fulfilmentId", quantity from orderflow.backorder_demand
        where sku = $1 and status = 'OPEN' order by priority, committed_at, id`,
      [level.sku],
    );
    for (const demand of demands) {
      if (demand.quantity > free) break;
      free -= demand.quantity;
      await leaveMessage(tx, {
        name: 'inventory.available',
        correlationKey: demand.fulfilmentId,
        variables: {},
        source: `stock:${level.id}`,
        timeToLiveMs: wakeUpTtl,
      });
    }
  }
}
