import { leaveMessage } from '../persistence/messages.ts';
import { readFulfilment } from '../persistence/orders.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import type { Unit } from './unit.ts';

/** How long a scan that comes before our own goods issue, or while the shipment rests, is kept, ms. */
const keptMs = 30 * 86_400_000;

export const carrierEventTypes = ['carrier.delivered', 'carrier.exception'];

/**
 * Takes in what a carrier tells of a shipment. A scan before our own goods issue is kept until then; one of a shipment that is over, has arrived, or is known to
 * have an exception, changes nothing. @throws Problem not-found
 */
export async function takeCarrierEvent(
  unit: Unit,
  event: { readonly id: string; readonly type: string; readonly reference: string; readonly reason: string | undefined },
): Promise<'delivered' | 'ignored' | 'buffered'> {
  const { tx } = unit;
  const { id, type, reference, reason } = event;
  const order = await lockOrder(tx, 'fulfilment', reference, undefined, { evenSuspended: true });
  const subscription = await lockSubscription(tx, type, order.id);
  if (subscription && subscription.instance.suspendedAt === null) {
    await correlate(unit, subscription, type, {}, reason);
    return 'delivered';
  }
  const { deliveredAt } = await readFulfilment(tx, order.id);
  const isOld = order.instance.status !== 'running' || deliveredAt !== null;
  if (isOld || (type === 'carrier.exception' && order.workflowState === 'DELIVERY_EXCEPTION')) return 'ignored';
  await leaveMessage(tx, {
    name: type,
    correlationKey: order.id,
    variables: {},
    source: 'provider:carrier',
    messageId: id,
    timeToLiveMs: keptMs,
  });
  return 'buffered';
}
