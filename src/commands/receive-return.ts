import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readReturnView } from '../queries/return.ts';
import { revised } from './answer.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** The goods of a return have arrived; they are to be inspected. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const receiveReturn = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly returnId: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'receive a return', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['receive a return'], 'receive a return');
    const order = await lockOrder(unit.tx, 'return_request', input.returnId, input.ifRevision);
    await tellOrder(unit, order, { name: 'return.received', refusal: 'its goods are not awaited.' });
    await unit.tx.execute('update orderflow.return_request set received_at = $2 where id = $1', [order.id, unit.now]);
    return revised(200, await readReturnView(unit.tx, order.id));
  });
