import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';

export interface NewMessage {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: JsonObject;
  /** Who says it, with `messageId` the identity that a second publication is recognised by. */
  readonly source: string;
  readonly messageId?: string;
  /** How long it waits for somebody to wait for it, ms. */
  readonly timeToLiveMs: number;
}

/**
 * Leaves a message for an instance. It becomes that instance's own command (outbox/correlator); nobody waits for a second instance.
 * Answers undefined when this source published this messageId before. Which processes it may start is written down now: one that is deployed later does not hear it.
 */
export async function leaveMessage(tx: Transaction, message: NewMessage): Promise<string | undefined> {
  const row = await tx.maybeOne<{ id: string }>(
    `with left_now as (
       insert into orderflow.message (id, name, correlation_key, variables, source, message_id, received_at, expires_at, next_at)
       select $1, $2, $3, $4, $5, $6, now.at, now.at + $7 * interval '1 millisecond', now.at from (select orderflow.now() as at) now
       on conflict (source, message_id) do nothing
       returning id, name, received_at),
     starts as (
       insert into orderflow.message_start (message_id, process_id, next_at)
       select distinct m.id, e.process_id, m.received_at from left_now m join orderflow.start_event e on e.kind = 'message' and e.name = m.name)
     select id from left_now`,
    [
      newId(),
      message.name,
      message.correlationKey,
      JSON.stringify(message.variables),
      message.source,
      message.messageId ?? null,
      message.timeToLiveMs,
    ],
  );
  if (row) await wake(tx, 'messages');
  return row?.id;
}

/** Gives a message to the wait that has received it. What nobody has started by it yet is not started any more. Answers false when it was consumed before. */
export async function consumeMessage(tx: Transaction, messageId: string, waitId: string): Promise<boolean> {
  const consumed = await tx.execute(
    'update orderflow.message set consumed_at = orderflow.now(), consumed_wait_id = $2 where id = $1 and consumed_at is null',
    [messageId, waitId],
  );
  if (consumed === 0) return false;
  await tx.execute('update orderflow.message_start set done_at = orderflow.now() where message_id = $1 and done_at is null', [
    messageId,
  ]);
  return true;
}

/** Does an earlier message for the same name and key wait to be correlated? Its turn comes first. One that rests for an incident keeps nobody waiting. */
export const isEarlierLeft = async (
  tx: Transaction,
  message: { readonly name: string; readonly correlationKey: string; readonly id?: string },
): Promise<boolean> =>
  (
    await tx.query(
      `select 1 from orderflow.message e
        where e.name = $1 and e.correlation_key = $2 and e.consumed_at is null and e.expires_at > orderflow.now() and e.next_at <> 'infinity'
          and ($3::uuid is null or e.sequence < (select sequence from orderflow.message where id = $3)) limit 1`,
      [message.name, message.correlationKey, message.id ?? null],
    )
  ).length > 0;

/** What a committed transaction can wake: the relay (jobs), the correlator (messages), the timer service (timers), the reconciler (payments), what looks for the forgotten (sweeps), the long polls of external workers (work), the turns of calls (calls), instances that go to another version (migrations). */
export type WakeTopic = 'jobs' | 'messages' | 'timers' | 'payments' | 'sweeps' | 'work' | 'calls' | 'migrations';

/** Tells the background services of all processes, when and only when this transaction commits. */
export async function wake(tx: Transaction, ...topics: readonly WakeTopic[]): Promise<void> {
  if (topics.length > 0) await tx.query(`select pg_notify('orderflow', $1)`, [topics.join(',')]);
}
