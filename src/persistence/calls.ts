import type { JsonObject } from '../support/json.ts';
import { dropEscalations, holdEscalations } from './call-escalations.ts';
import { resolveIncidents } from './incidents.ts';
import { wake } from './messages.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

/** A call activity that has just begun to wait. */
export interface NewCall {
  readonly wait_id: string;
  readonly process_id: string;
  readonly binding: 'deployment' | 'latest' | 'versionTag';
  readonly version_tag: string | null;
  /** The child gets all that its caller sees, not only what is mapped. */
  readonly all_variables: boolean;
  /** What the child is started with. */
  readonly variables: JsonObject;
}

/** How a called instance ended. */
export type CallOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }
  | { readonly status: 'cancelled'; readonly by: string; readonly reason: string | null };

/** What a call is at the turn at hand, its row locked. */
export interface LockedCall {
  readonly waitId: string;
  readonly slot: string;
  readonly elementId: string;
  readonly callerId: string;
  /** Input mappings and loop variables of the call activity. */
  readonly input: JsonObject | null;
  readonly processId: string;
  readonly binding: NewCall['binding'];
  readonly versionTag: string | null;
  readonly businessKey: string;
  readonly allVariables: boolean;
  readonly variables: JsonObject;
  readonly outcome: CallOutcome | null;
}

/**
 * Inserts a row for each call: it becomes the command that starts the child. The child's business key is that of its caller and the wait's slot, with a number from
 * the second time on: a child that is still being cancelled does not keep the next one from starting.
 */
export async function openCalls(
  tx: Transaction,
  moment: Moment,
  callerKey: string,
  calls: readonly NewCall[],
  traceparent: string | null,
): Promise<void> {
  if (calls.length === 0) return;
  await tx.execute(
    `insert into orderflow.call (wait_id, instance_id, process_id, binding, version_tag, all_variables, variables, business_key, todo, traceparent, opened_at, next_at)
     select c.wait_id, $2, c.process_id, c.binding, c.version_tag, c.all_variables, c.variables,
            $3 || '/' || w.slot || case when n.times > 1 then '#' || n.times else '' end, 'start', $4, $5, $5
       from jsonb_to_recordset($1::jsonb) as c (wait_id uuid, process_id text, binding text, version_tag text, all_variables boolean, variables jsonb)
       join orderflow.wait w on w.id = c.wait_id
       join (select slot, count(*) as times from orderflow.wait where instance_id = $2 and kind = 'call' group by slot) n on n.slot = w.slot
      order by w.slot`,
    [JSON.stringify(calls), moment.instanceId, callerKey, traceparent, moment.at],
  );
  await wake(tx, 'calls');
}

/** The waits are gone: a child that runs is to be cancelled, one that was not started never will be, and what an ended one said is heard by nobody. */
export async function closeCalls(tx: Transaction, waitIds: readonly string[], at: Date): Promise<void> {
  if (waitIds.length === 0) return;
  const running = 'todo is null';
  await tx.execute(
    `update orderflow.call
        set todo = case when ${running} then 'cancel' end, closed_at = case when ${running} then null else $2::timestamptz end,
            next_at = $2, attempts = 0, turn = turn + 1
      where wait_id = any($1) and closed_at is null`,
    [waitIds, at],
  );
  await dropEscalations(tx, waitIds, at);
  await wake(tx, 'calls');
}

/** A called instance has ended: its caller is to be told, unless that is what its caller wanted. Does nothing for an instance that nobody called. */
export async function endCalled(tx: Transaction, instanceId: string, outcome: CallOutcome, at: Date): Promise<void> {
  const told = await tx.execute(
    `update orderflow.call c
        set todo = case when c.todo is null then 'answer' end, closed_at = case when c.todo is null then null else $3::timestamptz end,
            outcome = $2, next_at = $3, attempts = 0, turn = c.turn + 1
       from orderflow.process_instance i
      where i.id = $1 and c.wait_id = i.parent_wait_id and c.closed_at is null`,
    [instanceId, JSON.stringify(outcome), at],
  );
  if (told > 0) await wake(tx, 'calls');
}

/** Locks a call for one of its turns; undefined when that turn is over. */
export const lockCall = (tx: Transaction, waitId: string, turn: number): Promise<LockedCall | undefined> =>
  tx.maybeOne<LockedCall>(
    `select c.wait_id as "waitId", w.slot, w.element_id as "elementId", c.instance_id as "callerId", c.process_id as "processId", c.binding,
            c.version_tag as "versionTag", c.business_key as "businessKey", c.all_variables as "allVariables", c.variables, c.outcome, w.input
       from orderflow.call c join orderflow.wait w on w.id = c.wait_id
      where c.wait_id = $1 and c.turn = $2 and c.todo is not null
        for no key update of c`,
    [waitId, turn],
  );

/** The child of a call is about to run: nothing is to be done until it ends. */
export const callRuns = (tx: Transaction, waitId: string): Promise<number> =>
  tx.execute(`update orderflow.call set todo = null, turn = turn + 1, attempts = 0 where wait_id = $1`, [waitId]);

/** Another child is to be started, as soon as somebody wants it (`ringCall`). */
export const callAgain = (tx: Transaction, waitId: string): Promise<number> =>
  tx.execute(`update orderflow.call set todo = 'start', turn = turn + 1, attempts = 0, next_at = 'infinity' where wait_id = $1`, [
    waitId,
  ]);

/** Lets a call rest until its incident is dealt with. */
export async function holdCall(tx: Transaction, waitId: string): Promise<void> {
  await holdEscalations(tx, waitId);
  await tx.execute(`update orderflow.call set next_at = 'infinity' where wait_id = $1 and todo is not null`, [waitId]);
}

/** Lets a call that rests try again, known by its wait; or, of an instance that cannot be cancelled, by that. Answers how many turns and escalations it has. */
export async function ringCall(tx: Transaction, waitId: string | null, instanceId: string): Promise<number> {
  const turns = await tx.execute(
    `update orderflow.call c set next_at = orderflow.now(), attempts = 0
      where c.todo is not null and c.next_at = 'infinity'
        and (c.wait_id = $1 or c.todo = 'cancel' and c.wait_id = (select parent_wait_id from orderflow.process_instance where id = $2))`,
    [waitId, instanceId],
  );
  const escalations = await tx.execute(
    `update orderflow.call_escalation set next_at = orderflow.now(), attempts = 0 where wait_id = $1 and done_at is null and next_at = 'infinity'`,
    [waitId],
  );
  if (turns + escalations > 0) await wake(tx, 'calls');
  return turns + escalations;
}

/** Closes the incident of a call that has been made after all. */
export async function resolveCallIncident(tx: Transaction, waitId: string, by: string): Promise<void> {
  const open = await tx.query<{ id: string }>(
    `select id from orderflow.incident where wait_id = $1 and kind = 'call-failed' and resolved_at is null`,
    [waitId],
  );
  if (open.length > 0) await resolveIncidents(tx, { ids: open.map(({ id }) => id) }, by);
}
