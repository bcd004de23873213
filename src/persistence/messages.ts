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
 * Answers undefined when this source published this messageId before.
 */
export async function leaveMessage(tx: Transaction, message: NewMessage): Promise<string | undefined> {
  const row = await tx.maybeOne<{ id: string }>(
    `insert into orderflow.message (id, name, correlation_key, variables, source, message_id, received_at, expires_at, next_at)
     select $1, $2, $3, $4, $5, $6, now.at, now.at + $7 * interval '1 millisecond', now.at from (select orderflow.now() as at) now
     on conflict (source, message_id) do nothing
     returning id`,
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

/** What a committed transaction can wake: the relay (jobs), the correlator (messages), the timer service (timers), the reconciler (payments), what looks for the forgotten (sweeps). */
export type WakeTopic = 'jobs' | 'messages' | 'timers' | 'payments' | 'sweeps';

/** Tells the background services of all processes, when and only when this transaction commits. */
export async function wake(tx: Transaction, ...topics: readonly WakeTopic[]): Promise<void> {
  if (topics.length > 0) await tx.query(`select pg_notify('orderflow', $1)`, [topics.join(',')]);
}
