import type { JsonObject } from '../support/json.ts';
import { tellIncidents } from './incident-events.ts';
import type { Transaction } from './transaction.ts';

/** A wait to be opened; what its kind does not have is null. Times are ISO 8601 UTC. */
export interface NewWait {
  readonly id: string;
  readonly slot: string;
  readonly kind: string;
  readonly element_id: string;
  readonly element_name: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly input: JsonObject | null;
  readonly candidate_groups: readonly string[];
  readonly assignee: string | null;
  readonly form_id: string | null;
  readonly override_request_id: string | null;
  readonly job_type: string | null;
  readonly retries: number | null;
  readonly message_name: string | null;
  readonly correlation_key: string | null;
  readonly due_at: string | null;
  readonly repeat_left: number | null;
  readonly repeat_interval: string | null;
  readonly signal_name: string | null;
  readonly calendar_id: string | null;
  readonly working_ms: number | null;
}

/** Where and when in an instance's life something is written. */
export interface Moment {
  readonly instanceId: string;
  readonly revision: number;
  readonly actor: string;
  readonly at: Date;
}

/**
 * Inserts the rows of newly opened waits, and an outbox row for every job among them. A timer that is due when a deadline was once planned is due when that
 * deadline is due by now: the process's variables do not know of a holiday that was added later.
 */
export async function openWaits(
  tx: Transaction,
  moment: Moment,
  waits: readonly NewWait[],
  traceparent: string | null,
): Promise<void> {
  if (waits.length === 0) return;
  await tx.execute(
    `insert into orderflow.wait (id, instance_id, slot, kind, element_id, element_name, properties, input, candidate_groups, assignee, form_id,
       override_request_id, job_type, retries, message_name, correlation_key, due_at, next_at, repeat_left, repeat_interval, signal_name, calendar_id, working_ms,
       opened_at, opened_revision)
     select id, $2, slot, kind, element_id, element_name, properties, input, candidate_groups, assignee, form_id,
       override_request_id, job_type, retries, message_name, correlation_key, due.at, due.at, repeat_left, repeat_interval, signal_name, calendar_id, working_ms, $3, $4
       from jsonb_to_recordset($1::jsonb) as w (id uuid, slot text, kind text, element_id text, element_name text, properties jsonb, input jsonb,
         candidate_groups text[], assignee text, form_id text, override_request_id uuid, job_type text, retries int, message_name text,
         correlation_key text, due_at timestamptz, repeat_left int, repeat_interval text, signal_name text, calendar_id text, working_ms bigint)
       cross join lateral (select coalesce((select d.due_at from orderflow.deadline d where d.process_instance_id = $2 and d.planned_at = w.due_at limit 1),
                                           w.due_at) as at) due`,
    [JSON.stringify(waits), moment.instanceId, moment.at, moment.revision],
  );
  const jobs = waits.filter((wait) => wait.kind === 'job');
  if (jobs.length === 0) return;
  // in the same statement, whoever waits for such jobs is told; the relay hears of those that the service does itself with the rest of the step
  await tx.query(
    `with jobs as (
       insert into orderflow.outbox (id, wait_id, instance_id, job_type, traceparent, created_at, next_at, external)
       select id, id, $2, job_type, $3, $4, $4, job_type not in (select h.job_type from orderflow.job_handler h)
         from jsonb_to_recordset($1::jsonb) as j (id uuid, job_type text) returning job_type, external)
     select pg_notify('orderflow', 'work:' || left(types.job_type, 1000)) from (select distinct job_type from jobs where external) types`,
    [JSON.stringify(jobs), moment.instanceId, traceparent, moment.at],
  );
}

/** A wait that was open until this moment. */
export interface ClosedRow {
  readonly id: string;
  readonly slot: string;
  readonly kind: string;
  readonly status: 'completed' | 'cancelled';
  readonly elementId: string;
  readonly elementName: string | null;
  readonly candidateGroups: readonly string[];
  readonly formId: string | null;
}

/**
 * Closes open waits by slot; with them go their outbox rows (done or cancelled) and their open incidents.
 * Answers the rows it closed: fewer than asked for means that state and rows disagree.
 */
export async function closeWaits(
  tx: Transaction,
  moment: Moment,
  closed: readonly { readonly slot: string; readonly how: 'completed' | 'cancelled' }[],
): Promise<ClosedRow[]> {
  if (closed.length === 0) return [];
  const rows = await tx.query<ClosedRow>(
    `update orderflow.wait w
        set status = c.how, closed_at = $3, closed_revision = $4, closed_by = $5, revision = w.revision + 1
       from jsonb_to_recordset($2::jsonb) as c (slot text, how text)
      where w.instance_id = $1 and w.slot = c.slot and w.status = 'open'
      returning w.id, w.slot, w.kind, w.status, w.element_id as "elementId", w.element_name as "elementName", w.candidate_groups as "candidateGroups",
        w.form_id as "formId"`,
    [moment.instanceId, JSON.stringify(closed), moment.at, moment.revision, moment.actor],
  );
  const ids = rows.map((row) => row.id);
  await tx.execute(
    `update orderflow.outbox o
        set done_at = case when w.status = 'completed' then $2::timestamptz end,
            cancelled_at = case when w.status = 'cancelled' then $2::timestamptz end
       from orderflow.wait w
      where o.wait_id = w.id and w.id = any($1) and o.done_at is null and o.cancelled_at is null`,
    [ids, moment.at],
  );
  const resolved = await tx.query<{ id: string }>(
    'update orderflow.incident set resolved_at = $2, resolved_by = $3 where wait_id = any($1) and resolved_at is null returning id',
    [ids, moment.at, moment.actor],
  );
  await tellIncidents(
    tx,
    'resolved',
    resolved.map((incident) => incident.id),
  );
  return rows;
}
