import { newId } from '../support/ids.ts';
import { StockLevel, StockMovement } from './entities/index.ts';
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

/** Locks the levels of these products, of every location, in the order of their ids, so that two orders with the same products never deadlock. */
export const lockStock = (tx: Transaction, skus: readonly string[]): Promise<StockLevelRow[]> =>
  tx.query<StockLevelRow>(
    `select id, sku, location, on_hand as "onHand", reserved, safety from orderflow.stock_level where sku = any($1) order by id for no key update`,
    [skus],
  );

/** Makes the level of a product at a location, with nothing on it, where there is none yet. */
export async function ensureLevel(tx: Transaction, sku: string, location: string): Promise<void> {
  await tx.manager.createQueryBuilder().insert().into(StockLevel).values({ id: newId(), sku, location }).orIgnore().execute();
}

/** Promises stock if it is there, of it at most `fromSafety` pieces out of the safety stock; answers false, and changes nothing, if it is not. */
export async function takeStock(
  tx: Transaction,
  levelId: string,
  quantity: number,
  reference: string,
  at: Date,
  fromSafety = 0,
): Promise<boolean> {
  const taken = await tx.execute(
    `update orderflow.stock_level set reserved = reserved + $2, revision = revision + 1
      where id = $1 and on_hand - reserved >= $2 and greatest(0, on_hand - reserved - safety) >= $2 - $3::bigint`,
    [levelId, quantity, fromSafety],
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

/** Goods arrive (RECEIVED), come back (RETURNED), are thrown away (SCRAPPED) or are found to be more or fewer (COUNTED): `change` pieces more on hand. */
export async function changeOnHand(
  tx: Transaction,
  levelId: string,
  kind: 'RECEIVED' | 'RETURNED' | 'SCRAPPED' | 'COUNTED',
  change: number,
  reference: string,
  at: Date,
): Promise<void> {
  if (change === 0) return;
  await tx.execute('update orderflow.stock_level set on_hand = on_hand + $2, revision = revision + 1 where id = $1', [
    levelId,
    change,
  ]);
  await moveStock(tx, levelId, kind, change, reference, at);
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
