import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readFulfilmentView } from '../queries/fulfilment.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** The goods have arrived. @throws Problem forbidden, not-found, wrong-state when they were not on their way */
export const recordDelivery = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly fulfilmentId: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'record a delivery', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['record a delivery'], 'record a delivery');
    const order = await lockOrder(unit.tx, 'fulfilment', input.fulfilmentId, input.ifRevision);
    await tellOrder(unit, order, { name: 'carrier.delivered', refusal: 'it is not on its way.' });
    return revised(200, await readFulfilmentView(unit.tx, order.id));
  });
