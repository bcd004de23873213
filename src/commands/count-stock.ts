import { wakeBackorders } from '../persistence/backorders.ts';
import { deallocate, lockSalesOf } from '../persistence/deallocation.ts';
import { StockMovement } from '../persistence/entities/index.ts';
import { emit } from '../persistence/events.ts';
import { changeOnHand } from '../persistence/stock.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readStock } from '../queries/product.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import { lockLevel } from './receive-stock.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface CountStock {
  readonly sku: string;
  readonly location: string;
  /** What really lies there. */
  readonly onHand: number;
  /** The count sheet; the same reference is the same count. */
  readonly reference: string;
}

/**
 * Somebody has counted. What is there is true: where more is promised than lies there, the youngest promises become backorder demand in the same transaction, and
 * their shipments are told. @throws Problem forbidden, not-found, reference-reused, unavailable when orders that have to give way are busy
 */
export const countStock = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: CountStock): Promise<Performed> =>
  perform(deps, { ...request, name: 'count stock', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['count stock'], 'count stock');
    const { sku, location, onHand, reference } = input;
    // sales before stock: those that may have to give way are locked first
    await lockSalesOf(tx, sku, location, onHand);
    const { level, levels } = await lockLevel(tx, sku, location);
    const earlier = await tx.manager.findOneBy(StockMovement, { stockLevelId: level.id, kind: 'COUNTED', reference });
    if (earlier) {
      if ((await countedBy(tx, earlier)) === onHand) return { status: 200, body: await readStock(tx, sku) };
      throw new Problem(
        'reference-reused',
        `The count ${reference} of ${sku} at ${location} was another one. One reference is one count.`,
      );
    }
    if (level.reserved > onHand) await deallocate(tx, level, level.reserved - onHand, `count:${reference}`, now);
    await changeOnHand(tx, level.id, 'COUNTED', onHand - level.onHand, reference, now);
    if (onHand > level.onHand) await wakeBackorders(tx, levels, { arrived: true });
    await emit(tx, {
      type: 'inventory.counted',
      subject: { type: 'stock_level', id: level.id, number: `${sku}@${location}` },
      data: { lines: [{ sku, quantity: onHand }], before: level.onHand, reference },
    });
    return { status: 201, body: await readStock(tx, sku) };
  });

/** What a count had found: what was on hand right behind it. */
async function countedBy(tx: Transaction, count: StockMovement): Promise<number> {
  const { onHand } = await tx.one<{ onHand: number }>(
    `select sum(quantity)::bigint as "onHand" from orderflow.stock_movement
      where stock_level_id = $1 and kind in ('RECEIVED', 'RETURNED', 'SCRAPPED', 'COUNTED', 'SHIPPED') and (at, id) <= ($2, $3)`,
    [count.stockLevelId, count.at, count.id],
  );
  return onHand;
}
