import { systemActor } from '../policies/actor.ts';
import { consumeMessage, isEarlierLeft, leaveMessage } from '../persistence/messages.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { JsonObject } from '../support/json.ts';
import { lockInstance, type LockedInstance } from './instance.ts';
import { perform } from './perform.ts';
import { takeStep } from './step.ts';
import type { Deps, StepOutcome, Unit } from './unit.ts';

/** An open message wait whose instance this transaction has locked. */
export interface Subscription {
  readonly waitId: string;
  readonly slot: string;
  readonly elementId: string;
  readonly instance: LockedInstance;
}

/** Finds who waits for a message and locks that instance; the wait that opened first is served first. */
export async function lockSubscription(tx: Transaction, name: string, correlationKey: string): Promise<Subscription | undefined> {
  const select = `select id as "waitId", slot, element_id as "elementId", instance_id as "instanceId" from orderflow.wait
                   where kind = 'message' and status = 'open' and message_name = $1 and correlation_key = $2
                   order by opened_at, id limit 1`;
  const [found] = await tx.query<{ instanceId: string }>(select, [name, correlationKey]);
  if (!found) return undefined;
  const instance = await lockInstance(tx, found.instanceId);
  const [open] = await tx.query<{ waitId: string; slot: string; elementId: string; instanceId: string }>(select, [
    name,
    correlationKey,
  ]);
  // the wait may have closed while we stood in the queue, and another instance's may be the first now: the caller's retry finds it
  return open && open.instanceId === instance.id ? { ...open, instance } : undefined;
}

/** Gives a message to who waits for it. @throws StepFailure */
export const correlate = (
  unit: Unit,
  subscription: Subscription,
  name: string,
  variables: JsonObject,
  reason?: string,
): Promise<StepOutcome> =>
  takeStep(unit, subscription.instance, {
    command: { type: 'message', slot: subscription.slot, variables },
    trigger: `message:${name}`,
    wait: { id: subscription.waitId, elementId: subscription.elementId },
    ...(reason !== undefined && { reason }),
  });

/** How long a poke for an instance that rests is kept, ms. */
const restingTtl = 365 * 86_400_000;

/**
 * Tells who waits for it that a ledger has changed; they read it for themselves, so it does no harm that nobody does. An instance that rests is told when it goes
 * on. @throws StepFailure
 */
export async function poke(unit: Unit, name: string, correlationKey: string): Promise<void> {
  const subscription = await lockSubscription(unit.tx, name, correlationKey);
  if (!subscription) return;
  if (subscription.instance.suspendedAt === null) {
    await correlate(unit, subscription, name, {});
    return;
  }
  await leaveMessage(unit.tx, {
    name,
    correlationKey,
    variables: {},
    source: `actor:${unit.actor.id}`,
    timeToLiveMs: restingTtl,
  });
}

/**
 * Correlates a message that was left earlier, as a command of the instance that waits for it. Answers false when nobody waits (yet), an earlier one with
 * its name and key is left, or it was consumed. Correlation and consumption commit together.
 * @throws Problem step-failed
 */
export async function correlateLeftMessage(deps: Deps, messageId: string): Promise<boolean> {
  const request = {
    name: 'correlate a message',
    actor: systemActor('message'),
    key: `message:${messageId}`,
    payload: { messageId },
  };
  try {
    const { body } = await perform(deps, request, async (unit) => {
      const message = await unit.tx.one<{
        name: string;
        correlationKey: string;
        variables: JsonObject;
        consumed: boolean;
        source: string;
      }>(
        `select name, correlation_key as "correlationKey", variables, source, consumed_at is not null or expires_at <= orderflow.now() as consumed
           from orderflow.message where id = $1`,
        [messageId],
      );
      if (message.consumed) return { status: 200, body: { correlated: false } };
      if (await isEarlierLeft(unit.tx, { ...message, id: messageId })) throw new NobodyWaits();
      const subscription = await lockSubscription(unit.tx, message.name, message.correlationKey);
      if (!subscription) throw new NobodyWaits();
      if (!(await consumeMessage(unit.tx, messageId, subscription.waitId))) return { status: 200, body: { correlated: false } };
      // the variables of an order are its jobs' and tasks' business
      const isOrder = subscription.instance.subject !== null;
      await correlate(unit, subscription, message.name, isOrder ? {} : message.variables);
      return { status: 200, body: { correlated: true } };
    });
    return body['correlated'] === true;
  } catch (error) {
    if (error instanceof NobodyWaits) return false;
    throw error;
  }
}

/** Rolls back, so that the message's key is free for the day when somebody waits. */
class NobodyWaits extends Error {}
