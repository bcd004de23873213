import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readReturnView } from '../queries/return.ts';
import { revised } from './answer.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Whoever wanted to return goods keeps them. @throws Problem forbidden, not-found, wrong-state once the goods are here, revision-mismatch */
export const cancelReturn = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly returnId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'cancel a return', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['cancel a return'], 'cancel a return');
    const order = await lockOrder(unit.tx, 'return_request', input.returnId, input.ifRevision);
    await tellOrder(unit, order, {
      name: 'return.cancel-requested',
      reason: input.reason,
      refusal: 'it can be cancelled only while its goods are awaited.',
    });
    return revised(200, await readReturnView(unit.tx, order.id));
  });
