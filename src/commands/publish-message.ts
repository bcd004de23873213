import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { leaveMessage } from '../persistence/messages.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { correlate, lockSubscription, type Subscription } from './message.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface PublishMessage {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: JsonObject;
  readonly messageId?: string;
  /** How long it is kept when nobody waits yet, ms. */
  readonly timeToLiveMs: number;
}

/**
 * Gives a message to the instance that waits for it, or keeps it for its time to live.
 * @throws Problem nobody-waits when nobody waits and it has no time to live; forbidden; step-failed
 */
export const publishMessage = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  message: PublishMessage,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'publish a message', payload: { ...message } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['publish a message'], 'publish a message');
    refuseOwnMessages(message.name);
    const source = `actor:${unit.actor.id}`;
    const subscription = await lockSubscription(unit.tx, message.name, message.correlationKey);
    const rests = subscription !== undefined && subscription.instance.suspendedAt !== null && message.timeToLiveMs > 0;
    if (subscription && !rests) {
      refuseVariables(subscription, message.variables);
      const id = await leaveMessage(unit.tx, { ...message, source, timeToLiveMs: 0 });
      if (id === undefined) return { status: 200, body: { result: 'duplicate' } };
      await correlate(unit, subscription, message.name, message.variables);
      await unit.tx.execute('update orderflow.message set consumed_at = orderflow.now(), consumed_wait_id = $2 where id = $1', [
        id,
        subscription.waitId,
      ]);
      return {
        status: 200,
        body: { result: 'delivered', processInstance: await readInstance(unit.tx, subscription.instance.id) },
      };
    }
    if (message.timeToLiveMs === 0) {
      throw new Problem(
        'nobody-waits',
        `Nobody waits for ${message.name} with the key ${message.correlationKey}. Give it a timeToLive to have it kept.`,
      );
    }
    const id = await leaveMessage(unit.tx, { ...message, source });
    return { status: 200, body: { result: id === undefined ? 'duplicate' : 'buffered' } };
  });

/** Messages that have a command of their own, which asks more than a message can: who may, what is true, what else is to be written. */
const ownCommands: Readonly<Record<string, string>> = {
  'quotation.withdraw-requested': 'POST /v1/quotations/{id}/withdrawal',
  'sale.cancel-requested': 'POST /v1/sale-orders/{id}/cancellation',
  'payment.captured': 'POST /v1/sale-orders/{id}/captures',
  'carrier.delivered': 'POST /v1/fulfilments/{id}/deliveries',
  'carrier.exception': 'POST /v1/provider-events/carrier',
  'fulfilment.cancel-requested': 'POST /v1/fulfilments/{id}/cancellation',
  'inventory.deallocated': 'POST /v1/stock/{sku}/counts',
  'return.requested': 'POST /v1/fulfilments/{id}/returns',
  'return.received': 'POST /v1/returns/{id}/receipt',
  'return.cancel-requested': 'POST /v1/returns/{id}/cancellation',
  'return.closed': 'nothing: the return says it by itself',
  'sale.fulfilments-closed': 'nothing: the last fulfilment says it by itself',
};

function refuseOwnMessages(name: string): void {
  const instead = Object.hasOwn(ownCommands, name) ? ownCommands[name] : undefined;
  if (instead === undefined) return;
  throw new Problem('forbidden', `${name} is not published from outside. Instead there is ${instead}.`, { instead });
}

/** The variables of an order are its jobs' and tasks' business. */
function refuseVariables({ instance }: Subscription, variables: JsonObject): void {
  if (instance.subject === null || Object.keys(variables).length === 0) return;
  const message = `${instance.businessKey} is an order and takes no variables from a message`;
  throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/variables', message }] });
}
