import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Cancels a sale that is not cleared yet: what it has taken is given back. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const cancelSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly saleOrderId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'cancel a sale order', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['cancel a sale order'], 'cancel a sale order');
    const order = await lockOrder(unit.tx, 'sale_order', input.saleOrderId, input.ifRevision);
    await tellOrder(unit, order, {
      name: 'sale.cancel-requested',
      reason: input.reason,
      refusal: 'it can be cancelled only before it is cleared.',
    });
    await unit.tx.execute('update orderflow.sale_order set cancel_reason = $2, cancel_requested_at = $3 where id = $1', [
      order.id,
      input.reason,
      unit.now,
    ]);
    return revised(200, await readSaleOrder(unit.tx, order.id));
  });
