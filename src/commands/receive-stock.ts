import { Product, StockLevel, StockMovement } from '../persistence/entities/index.ts';
import { lockStock, receiveStock as addStock, wakeBackorders } from '../persistence/stock.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readStock } from '../queries/product.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Goods arrive; those who wait for them are woken in order. @throws Problem forbidden, not-found, reference-reused */
export const receiveStock = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly sku: string; readonly quantity: number; readonly reference: string },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'receive stock', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['receive stock'], 'receive stock');
    const { sku, quantity, reference } = input;
    if (!(await tx.manager.existsBy(Product, { sku }))) throw new Problem('not-found', `There is no product ${sku}.`);
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(StockLevel)
      .values({ id: newId(), sku, location: 'MAIN' })
      .orIgnore()
      .execute();
    const [level] = await lockStock(tx, [sku]);
    if (!level) throw new ImpossibleState(`no stock level for ${sku}`);
    const earlier = await tx.manager.findOneBy(StockMovement, { stockLevelId: level.id, kind: 'RECEIVED', reference });
    if (earlier && earlier.quantity !== quantity) {
      throw new Problem(
        'reference-reused',
        `The receipt ${reference} was for ${earlier.quantity} pieces of ${sku}. One reference is one receipt.`,
      );
    }
    if (!earlier) {
      await addStock(tx, level.id, quantity, reference, now);
      await wakeBackorders(tx, await lockStock(tx, [sku]));
    }
    return { status: earlier ? 200 : 201, body: await readStock(tx, sku) };
  });
