import { leaveMessage } from '../persistence/messages.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { lockOrder, type LockedOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

/** How long a cancellation is kept for a sale that is being handed over to its fulfilments at this moment, ms. */
const keptMs = 86_400_000;

/**
 * Cancels a sale: what it has taken is given back. Of a cleared sale the shipments that have not left are cancelled; one that has left altogether can only be
 * returned. @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const cancelSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly saleOrderId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'cancel a sale order', payload: { ...input }, about: input.saleOrderId }, async (unit) => {
    const { tx, now } = unit;
    requireAnyRole(unit.actor, permissions['cancel a sale order'], 'cancel a sale order');
    const order = await lockOrder(tx, 'sale_order', input.saleOrderId, input.ifRevision);
    await lockSaleOrder(tx, order.id);
    await refuseShipped(unit, order);
    const name = 'sale.cancel-requested';
    if (await isHandedOver(unit, order)) {
      const { id: correlationKey } = order;
      await leaveMessage(tx, { name, correlationKey, variables: {}, source: `cancellation:${order.id}`, timeToLiveMs: keptMs });
    } else {
      await tellOrder(unit, order, { name, reason: input.reason, refusal: 'there is nothing to cancel any more.' });
    }
    await tx.execute(
      'update orderflow.sale_order set cancel_reason = $2, cancel_requested_at = $3, revision = revision + 1 where id = $1',
      [order.id, input.reason, now],
    );
    return revised(200, await readSaleOrder(tx, order.id));
  });

/** @throws Problem wrong-state when there are shipments and every one of them has left or is over */
async function refuseShipped({ tx }: Unit, order: LockedOrder): Promise<void> {
  const { shipped, open } = await tx.one<{ shipped: number; open: number }>(
    `select count(*) filter (where shipped_at is not null) as shipped, count(*) filter (where shipped_at is null and closed_at is null) as open
       from orderflow.fulfilment where sale_order_id = $1`,
    [order.id],
  );
  if (shipped === 0 || open > 0) return;
  throw new Problem(
    'wrong-state',
    `Everything of ${order.number} has left the house: use a return (POST /v1/fulfilments/{id}/returns) instead.`,
    { workflowState: order.workflowState },
  );
}

/** Between clearing and its fulfilments nobody waits for a cancellation, for as long as a job takes. */
const isHandedOver = async ({ tx }: Unit, order: LockedOrder): Promise<boolean> =>
  (await tx.maybeOne(
    `select 1 from orderflow.wait where instance_id = $1 and status = 'open' and kind = 'job' and job_type = 'phase.onSaleCleared'`,
    [order.instance.id],
  )) !== undefined;
