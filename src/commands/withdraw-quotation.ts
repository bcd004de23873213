import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readQuotation } from '../queries/quotation.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Takes an offer back. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const withdrawQuotation = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly quotationId: string; readonly reason?: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'withdraw a quotation', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['withdraw a quotation'], 'withdraw a quotation');
    const order = await lockOrder(unit.tx, 'quotation', input.quotationId, input.ifRevision);
    await tellOrder(unit, order, {
      name: 'quotation.withdraw-requested',
      refusal: 'it can no longer be withdrawn.',
      ...(input.reason !== undefined && { reason: input.reason }),
    });
    return revised(200, await readQuotation(unit.tx, order.id));
  });
