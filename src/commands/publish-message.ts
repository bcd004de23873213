import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { leaveMessage } from '../persistence/messages.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { correlate, lockSubscription } from './message.ts';
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
    const source = `actor:${unit.actor.id}`;
    const [earlier] = message.messageId
      ? await unit.tx.query('select 1 from orderflow.message where source = $1 and message_id = $2', [source, message.messageId])
      : [];
    if (earlier) return { status: 200, body: { result: 'duplicate' } };
    const subscription = await lockSubscription(unit.tx, message.name, message.correlationKey);
    if (subscription) {
      const id = await leaveMessage(unit.tx, { ...message, source, timeToLiveMs: 0 });
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
    await leaveMessage(unit.tx, { ...message, source });
    return { status: 200, body: { result: 'buffered' } };
  });
