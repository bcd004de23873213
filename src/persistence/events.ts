import { eventTypes } from '../contract/events.ts';
import { ImpossibleState } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';

/** Something that has happened, as others are told of it. */
export interface NewEvent {
  /** `<aggregate>.<fact>`, declared in contract/events.ts. */
  readonly type: string;
  /** Whose event it is; readers get the events of one subject in the order in which they happened, if its row is locked by whoever emits. */
  readonly subject: { readonly type: string; readonly id: string; readonly number?: string };
  /** What is particular to the type; id, number and actor are added to it. */
  readonly data: JsonObject;
  /** Whoever gave the command, when left out. */
  readonly actor?: string;
}

const pending = new WeakMap<Transaction, NewEvent[]>();

/**
 * Tells the world that something has happened, when and only when this transaction commits. All events of a transaction are written by one statement right
 * before the commit, in the order in which they were emitted.
 */
// oxlint-disable-next-line require-await -- callers await it as they do every statement; that it waits for the end is its own affair
export async function emit(tx: Transaction, event: NewEvent): Promise<void> {
  if (!Object.hasOwn(eventTypes, event.type)) throw new ImpossibleState(`the event type ${event.type} is not declared`);
  const events = pending.get(tx);
  if (events) {
    events.push(event);
    return;
  }
  const first = [event];
  pending.set(tx, first);
  tx.beforeCommit(() => {
    pending.delete(tx);
    return write(tx, first);
  });
}

/** Writes what was emitted, and wakes the publisher with the commit. */
async function write(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  const { cause } = tx;
  const rows = events.map(({ type, subject, data, actor = cause?.actor ?? 'system' }) => ({
    id: newId(),
    type,
    subject_type: subject.type,
    subject_id: subject.id,
    subject_number: subject.number ?? null,
    data: { id: subject.id, number: subject.number ?? null, actor, ...data },
    actor,
  }));
  await tx.query(
    `with written as (
       insert into orderflow.event (id, type, subject_type, subject_id, subject_number, data, actor, correlation_id, causation_id, traceparent, at)
       select id, type, subject_type, subject_id, subject_number, data, actor, $2, $3, $4, orderflow.now()
         from rows from (jsonb_to_recordset($1::jsonb) as (id uuid, type text, subject_type text, subject_id uuid, subject_number text, data jsonb, actor text))
              with ordinality as e order by ordinality
     )
     select pg_notify('orderflow', 'events')`,
    [
      JSON.stringify(rows),
      cause?.correlationId ?? cause?.commandId ?? null,
      cause?.commandId ?? null,
      cause?.traceparent ?? null,
    ],
  );
}
