import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { consumeMessage, isEarlierLeft, leaveMessage } from '../persistence/messages.ts';
import { lockMessageStarts, startsByMessage } from '../persistence/start-events.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { refuseSuspended } from './instance.ts';
import { correlate, lockSubscription, type Subscription } from './message.ts';
import { ownCommandOf } from './own-messages.ts';
import { perform } from './perform.ts';
import { startByMessage } from './start-by-message.ts';
import type { Answer, Deps, Performed, Request, Unit } from './unit.ts';

export interface PublishMessage {
  readonly name: string;
  /** Empty: only for start events, each message starts an instance. */
  readonly correlationKey: string;
  readonly variables: JsonObject;
  readonly messageId?: string;
  /** How long it is kept when nobody waits yet, ms. */
  readonly timeToLiveMs: number;
}

const attempts = 4;

/**
 * Gives a message to the instance that waits for it. If nobody does, it starts an instance of every process with a start event of its name. If that cannot be
 * either, since an instance with its key runs, it is kept for its time to live. Messages with the same name and key are received in the order of their coming.
 * @throws Problem nobody-waits when nobody takes it and it has no time to live; forbidden; step-failed; unavailable when an earlier one is just being received
 */
export async function publishMessage(
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  message: PublishMessage,
): Promise<Performed> {
  const publish = { ...request, name: 'publish a message', payload: { ...message } };
  for (let attempt = 1; ; attempt++) {
    try {
      return await perform(deps, publish, (unit) => give(unit, message));
    } catch (error) {
      // somebody took the wait, or started with the key, at the same moment: what is there now is another picture
      const isOvertaken = error instanceof Overtaken || (error instanceof Problem && error.code === 'business-key-active');
      if (!isOvertaken) throw error;
      if (attempt === attempts) throw busy(message);
    }
  }
}

async function give(unit: Unit, message: PublishMessage): Promise<Answer> {
  requireAnyRole(unit.actor, permissions['publish a message'], 'publish a message');
  refuseOwnMessages(message.name);
  const { tx } = unit;
  const isKept = message.timeToLiveMs > 0;
  const subscription = await lockSubscription(tx, message.name, message.correlationKey);
  if (!subscription && (await isAwaited(tx, message))) throw new Overtaken();
  if (subscription && !(isKept && subscription.instance.suspendedAt !== null)) {
    const isFirst = !(await isEarlierLeft(tx, message));
    if (isFirst || !isKept) return deliver(unit, message, subscription, isFirst);
  }
  const id = await leaveMessage(tx, { ...message, source: `actor:${unit.actor.id}` });
  if (id === undefined) return { status: 200, body: { result: 'duplicate' } };
  const started = subscription ? [] : await startAll(unit, id);
  if (started.length > 0) return { status: 200, body: { result: 'delivered', processInstance: started[0] ?? null, started } };
  if (isKept) return { status: 200, body: { result: 'buffered' } };
  const { name, correlationKey: key } = message;
  throw new Problem(
    'nobody-waits',
    (await startsByMessage(tx, name))
      ? `${name} starts an instance, but cannot now: one with the key ${key} runs, or its process is suspended. Give it a timeToLive to have it kept.`
      : `Nobody waits for ${name} ${key === '' ? 'without a key' : `with the key ${key}`}. Give it a timeToLive to have it kept.`,
  );
}

async function deliver(unit: Unit, message: PublishMessage, subscription: Subscription, isFirst: boolean): Promise<Answer> {
  const { name, variables } = message;
  const { instance } = subscription;
  refuseVariables(subscription, variables);
  const id = await leaveMessage(unit.tx, { ...message, source: `actor:${unit.actor.id}`, timeToLiveMs: 0 });
  if (id === undefined) return { status: 200, body: { result: 'duplicate' } };
  refuseSuspended(instance);
  if (!isFirst) throw busy(message);
  await correlate(unit, subscription, name, variables);
  await consumeMessage(unit.tx, id, subscription.waitId);
  return { status: 200, body: { result: 'delivered', processInstance: await readInstance(unit.tx, instance.id) } };
}

async function startAll(unit: Unit, messageId: string): Promise<JsonObject[]> {
  const instances: JsonObject[] = [];
  for (const ready of await lockMessageStarts(unit.tx, messageId)) {
    const { instanceId } = await startByMessage(unit, messageId, ready);
    instances.push(await readInstance(unit.tx, instanceId));
  }
  return instances;
}

const isAwaited = async (tx: Transaction, { name, correlationKey }: PublishMessage): Promise<boolean> =>
  (
    await tx.query(
      `select 1 from orderflow.wait where kind = 'message' and status = 'open' and message_name = $1 and correlation_key = $2 limit 1`,
      [name, correlationKey],
    )
  ).length > 0;

const busy = ({ name, correlationKey }: PublishMessage): Problem =>
  new Problem(
    'unavailable',
    `Earlier messages ${name} for ${correlationKey} are being received. Send it again, or give it a timeToLive.`,
    {
      retryAfter: 1,
    },
  );

/** Rolls back, to look again. */
class Overtaken extends Error {}

function refuseOwnMessages(name: string): void {
  const instead = ownCommandOf(name);
  if (instead === undefined) return;
  throw new Problem('forbidden', `${name} is not published from outside. Instead there is ${instead}.`, { instead });
}

/** The variables of an order are its jobs' and tasks' business. */
function refuseVariables({ instance }: Subscription, variables: JsonObject): void {
  if (instance.subject === null || Object.keys(variables).length === 0) return;
  const message = `${instance.businessKey} is an order and takes no variables from a message`;
  throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/variables', message }] });
}
