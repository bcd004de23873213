import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readQuotation } from '../queries/quotation.ts';
import { lockOrder, type LockedOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

/** Takes an offer back. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const withdrawQuotation = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly quotationId: string; readonly reason?: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'withdraw a quotation', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['withdraw a quotation'], 'withdraw a quotation');
    const order = await lockOrder(unit.tx, 'quotation', input.quotationId, input.ifRevision);
    await refuseAccepted(unit, order);
    await tellOrder(unit, order, {
      name: 'quotation.withdraw-requested',
      refusal: 'it can no longer be withdrawn.',
      ...(input.reason !== undefined && { reason: input.reason }),
    });
    return revised(200, await readQuotation(unit.tx, order.id));
  });

/** What the customer has accepted is about to become an order, although its job may not have run yet. */
async function refuseAccepted({ tx }: Unit, { id, number, workflowState, instance }: LockedOrder): Promise<void> {
  const accepted = await tx.maybeOne(
    `select 1 from orderflow.quotation q where q.id = $1 and (q.accepted_at is not null
        or exists (select 1 from orderflow.wait w where w.instance_id = $2 and w.status = 'open' and w.job_type = 'quotation.accept'))`,
    [id, instance.id],
  );
  if (!accepted) return;
  throw new Problem('wrong-state', `${number} has been accepted by the customer and can no longer be withdrawn.`, {
    workflowState,
  });
}
