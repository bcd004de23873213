import { lockSaleOrder, readFulfilment } from '../persistence/orders.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readFulfilmentView } from '../queries/fulfilment.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

const message = 'fulfilment.cancel-requested';

/**
 * Cancels a shipment that has not left: its goods are given back. Between packing and goods issue nobody waits for the message; the mark is there all the same, and
 * goods issue finds it. @throws Problem forbidden, not-found, wrong-state when it has left or is over, revision-mismatch
 */
export const cancelFulfilment = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly fulfilmentId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'cancel a fulfilment', payload: { ...input } }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['cancel a fulfilment'], 'cancel a fulfilment');
    const order = await lockOrder(tx, 'fulfilment', input.fulfilmentId, input.ifRevision);
    const { saleOrderId } = await readFulfilment(tx, order.id);
    await lockSaleOrder(tx, saleOrderId);
    const marked = await tx.execute(
      `update orderflow.fulfilment set cancel_requested_at = coalesce(cancel_requested_at, $2), cancel_reason = coalesce(cancel_reason, $3)
        where id = $1 and shipped_at is null and closed_at is null and workflow_state <> 'CANCELLING'`,
      [order.id, now, input.reason],
    );
    if (marked === 0) {
      const { shippedAt } = await readFulfilment(tx, order.id);
      const why = shippedAt === null ? 'there is nothing left to cancel.' : 'it has left; what has left comes back by a return.';
      throw new Problem('wrong-state', `${order.number} is ${order.workflowState}: ${why}`, {
        workflowState: order.workflowState,
      });
    }
    const subscription = await lockSubscription(tx, message, order.id);
    if (subscription) await correlate(unit, subscription, message, {}, input.reason);
    return revised(200, await readFulfilmentView(tx, order.id));
  });
