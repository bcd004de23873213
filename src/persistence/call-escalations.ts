import { newId } from '../support/ids.ts';
import { wake } from './messages.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

/** An escalation that is to be given to the caller, its row locked. */
export interface LockedEscalation {
  readonly code: string;
  readonly waitId: string;
  readonly slot: string;
  readonly elementId: string;
}

/** Leaves what a called instance has escalated for who called it, in its order. An instance that nobody called leaves nothing. */
export async function leaveEscalations(
  tx: Transaction,
  moment: Moment,
  parentWaitId: string | null,
  codes: readonly string[],
  traceparent: string | null,
): Promise<void> {
  if (parentWaitId === null || codes.length === 0) return;
  // whoever takes the wait away at this moment drops what there is: under the lock there is nothing that they could miss
  const waited = await tx.query(
    `select 1 from orderflow.call where wait_id = $1 and closed_at is null and todo is distinct from 'cancel' for no key update`,
    [parentWaitId],
  );
  if (waited.length === 0) return;
  for (const code of codes) {
    await tx.execute(
      `insert into orderflow.call_escalation (id, wait_id, child_id, child_revision, code, traceparent, at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [newId(), parentWaitId, moment.instanceId, moment.revision, code, traceparent, moment.at],
    );
  }
  await wake(tx, 'calls');
}

/** Locks an escalation that is still to be given; undefined when it was, or when nobody waits for it any more. */
export const lockEscalation = (tx: Transaction, id: string): Promise<LockedEscalation | undefined> =>
  tx.maybeOne<LockedEscalation>(
    `select e.code, e.wait_id as "waitId", w.slot, w.element_id as "elementId"
       from orderflow.call_escalation e join orderflow.wait w on w.id = e.wait_id
      where e.id = $1 and e.done_at is null
        for no key update of e`,
    [id],
  );

/** The caller has taken its step by it: it is told once. */
export const escalationGiven = (tx: Transaction, id: string, at: Date): Promise<number> =>
  tx.execute('update orderflow.call_escalation set done_at = $2 where id = $1', [id, at]);

/** What was escalated to waits that are gone concerns nobody. */
export const dropEscalations = (tx: Transaction, waitIds: readonly string[], at: Date): Promise<number> =>
  tx.execute('update orderflow.call_escalation set done_at = $2 where wait_id = any($1) and done_at is null', [waitIds, at]);

/** Lets the escalations of a call rest until its incident is dealt with; the answer comes after them and rests, too. */
export const holdEscalations = (tx: Transaction, waitId: string): Promise<number> =>
  tx.execute(`update orderflow.call_escalation set next_at = 'infinity' where wait_id = $1 and done_at is null`, [waitId]);
