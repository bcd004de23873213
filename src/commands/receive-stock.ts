import { mainLocation } from '../domain/shipping.ts';
import { wakeBackorders } from '../persistence/backorders.ts';
import { Product, StockMovement } from '../persistence/entities/index.ts';
import { changeOnHand, ensureLevel, lockStock, type StockLevelRow } from '../persistence/stock.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readStock } from '../queries/product.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Goods arrive; those who wait for them are woken in order. @throws Problem forbidden, not-found, reference-reused */
export const receiveStock = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly sku: string; readonly quantity: number; readonly reference: string; readonly location?: string },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'receive stock', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['receive stock'], 'receive stock');
    const { sku, quantity, reference, location = mainLocation } = input;
    const { level, levels } = await lockLevel(tx, sku, location);
    const earlier = await tx.manager.findOneBy(StockMovement, { stockLevelId: level.id, kind: 'RECEIVED', reference });
    if (earlier && earlier.quantity !== quantity) {
      throw new Problem(
        'reference-reused',
        `The receipt ${reference} was for ${earlier.quantity} pieces of ${sku}. One reference is one receipt.`,
      );
    }
    if (!earlier) {
      await changeOnHand(tx, level.id, 'RECEIVED', quantity, reference, now);
      await wakeBackorders(tx, levels, { arrived: true });
    }
    return { status: earlier ? 200 : 201, body: await readStock(tx, sku) };
  });

/** Locks a product's levels, that of this location among them. @throws Problem not-found */
export async function lockLevel(
  tx: Transaction,
  sku: string,
  location: string,
): Promise<{ readonly level: StockLevelRow; readonly levels: readonly StockLevelRow[] }> {
  if (!(await tx.manager.existsBy(Product, { sku }))) throw new Problem('not-found', `There is no product ${sku}.`);
  await ensureLevel(tx, sku, location);
  const levels = await lockStock(tx, [sku]);
  const level = levels.find((each) => each.location === location);
  if (!level) throw new ImpossibleState(`no stock level for ${sku} at ${location}`);
  return { level, levels };
}
