import { instanceRests, typeRests } from './resting.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Database } from './database.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

/** A job as a worker gets it, but for what of its instance's variables it sees. */
export interface LeasedRow {
  readonly id: string;
  readonly type: string;
  readonly leaseToken: string;
  readonly leasedUntil: Date;
  /** How often it was handed out, this time included. */
  readonly attempt: number;
  readonly retriesLeft: number;
  readonly instanceId: string;
  readonly processId: string;
  readonly version: number;
  readonly businessKey: string;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly elementId: string;
  readonly elementName: string | null;
  readonly slot: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly input: JsonObject | null;
  readonly variables: JsonObject;
  /** Variables that only one scope sees, by its slot. */
  readonly locals: Readonly<Record<string, JsonObject>>;
  readonly traceparent: string | null;
  readonly openedAt: Date;
}

export interface LeaseRequest {
  readonly type: string;
  /** What the worker calls itself. */
  readonly worker: string;
  /** Who the worker is to us. */
  readonly actor: string;
  readonly maxJobs: number;
  readonly lockMs: number;
  /** Jobs that were handed out so often without any word of how they ended are not leased, but answered as `exhausted`. */
  readonly maxUnended: number;
}

/** Open jobs of a type that are for external workers and may be done now; `$1` is the type. */
const waiting = `
  o.external and o.job_type = $1 and o.done_at is null and o.cancelled_at is null
  and not ${typeRests('o.job_type')}
  and not ${instanceRests('o.instance_id')}`;

/**
 * Leases the jobs of a type that have been available for longest. Whoever asks at the same time gets others: rows that somebody is about to take are passed over,
 * never waited for. A lease that has run out is ended here, by whoever takes the job.
 */
export async function leaseJobs(tx: Transaction, wanted: LeaseRequest): Promise<{ leased: LeasedRow[]; exhausted: string[] }> {
  const due = await tx.query<{ jobId: string; exhausted: boolean }>(
    `select o.wait_id as "jobId", o.deliveries - o.failures >= $3 as exhausted from orderflow.outbox o
      where ${waiting} and o.next_at <= orderflow.now() order by o.next_at, o.sequence limit $2 for update of o skip locked`,
    [wanted.type, wanted.maxJobs, wanted.maxUnended],
  );
  const exhausted = due.filter((row) => row.exhausted).map((row) => row.jobId);
  const leases = due.filter((row) => !row.exhausted).map(({ jobId }) => ({ job: jobId, token: newId() }));
  if (leases.length === 0) return { leased: [], exhausted };
  const at = await tx.now();
  const jobs = leases.map(({ job }) => job);
  await tx.execute(
    `update orderflow.job_lease set ended_at = $2, outcome = case when until <= $2 then 'expired' else 'withdrawn' end
      where job_id = any($1) and ended_at is null`,
    [jobs, at],
  );
  const listed = `jsonb_to_recordset($1::jsonb) as n (job uuid, token uuid)`;
  await tx.execute(
    `insert into orderflow.job_lease (token, job_id, worker, actor, leased_at, until)
     select n.token, n.job, $2, $3, $4, $4::timestamptz + $5 * interval '1 millisecond' from ${listed}`,
    [JSON.stringify(leases), wanted.worker, wanted.actor, at, wanted.lockMs],
  );
  const leased = await tx.query<LeasedRow>(
    `with taken as (
       update orderflow.outbox o set lease_token = n.token, leased_by = $2, deliveries = deliveries + 1, begun_at = $3,
              next_at = $3::timestamptz + $4 * interval '1 millisecond'
         from ${listed} where o.wait_id = n.job returning o.*)
     select w.id, w.job_type as type, t.lease_token as "leaseToken", t.next_at as "leasedUntil", t.deliveries as attempt,
            w.retries - t.failures as "retriesLeft", w.instance_id as "instanceId", i.process_id as "processId", d.version,
            i.business_key as "businessKey", i.subject_type as "subjectType", i.subject_id as "subjectId", w.element_id as "elementId",
            w.element_name as "elementName", w.slot, w.properties, w.input, i.variables, i.locals, t.traceparent, w.opened_at as "openedAt"
       from taken t join orderflow.wait w on w.id = t.wait_id join orderflow.process_instance i on i.id = w.instance_id
       join orderflow.process_definition d on d.id = i.process_definition_id
      order by t.sequence`,
    [JSON.stringify(leases), wanted.worker, at, wanted.lockMs],
  );
  return { leased, exhausted };
}

/** In how many ms a job of the type will be available without anybody's doing: after its rest, or its lease; undefined when none will. */
export async function nextAvailableMs(reader: Reader, type: string): Promise<number | undefined> {
  const [row] = await reader.query<{ ms: number | null }>(
    `select extract(epoch from min(o.next_at) - orderflow.now())::float8 * 1000 as ms from orderflow.outbox o
      where ${waiting} and o.next_at <> 'infinity'`,
    [type],
  );
  return row?.ms ?? undefined;
}

/** Ends a lease as its worker says. */
export async function endLease(
  tx: Transaction,
  token: string,
  outcome: 'completed' | 'error' | 'failed',
  commandId: string | null,
): Promise<void> {
  await tx.execute(
    'update orderflow.job_lease set ended_at = orderflow.now(), outcome = $2, command_id = $3 where token = $1 and ended_at is null',
    [token, outcome, commandId],
  );
}

/** Lets a lease last until `lockMs` from now; answers its new end, or undefined when the job rests for an incident. */
export async function prolongLease(tx: Transaction, jobId: string, token: string, lockMs: number): Promise<Date | undefined> {
  const row = await tx.maybeOne<{ until: Date }>(
    `update orderflow.outbox set next_at = orderflow.now() + $3 * interval '1 millisecond'
      where wait_id = $1 and lease_token = $2 and next_at <> 'infinity' returning next_at as until`,
    [jobId, token, lockMs],
  );
  if (row) await tx.execute('update orderflow.job_lease set until = $2 where token = $1', [token, row.until]);
  return row?.until;
}

/** Takes a job away from the worker that has it: it is available at once, and what that worker says of it later is refused. */
export async function withdrawLease(tx: Transaction, jobId: string): Promise<void> {
  await tx.execute(
    `update orderflow.outbox set lease_token = null, leased_by = null, next_at = orderflow.now()
      where wait_id = $1 and done_at is null and cancelled_at is null`,
    [jobId],
  );
  await tx.execute(
    `update orderflow.job_lease set ended_at = orderflow.now(), outcome = 'withdrawn' where job_id = $1 and ended_at is null`,
    [jobId],
  );
}

/** Takes back leases of which the worker has never heard; they do not count as deliveries. */
export async function takeBackLeases(tx: Transaction, tokens: readonly string[]): Promise<void> {
  await tx.execute(
    `update orderflow.outbox set lease_token = null, leased_by = null, next_at = orderflow.now(), deliveries = deliveries - 1
      where lease_token = any($1) and done_at is null and cancelled_at is null`,
    [tokens],
  );
  await tx.execute(
    `update orderflow.job_lease set ended_at = orderflow.now(), outcome = 'withdrawn' where token = any($1) and ended_at is null`,
    [tokens],
  );
}

/** Tells the long polls of all processes that jobs of a type may be available now, or will be at another time than they think. */
export const tellWorkers = async (tx: Transaction, jobType: string): Promise<void> => {
  await tx.query(`select pg_notify('orderflow', 'work:' || left($1, 1000))`, [jobType]);
};

/** Does the service do jobs of this type itself? */
export const isDoneInHouse = async (reader: Reader, jobType: string): Promise<boolean> =>
  (await reader.query('select from orderflow.job_handler where job_type = $1', [jobType])).length > 0;

/** Writes down which job types this release does itself; open jobs of them wait for no worker any more. */
export async function registerJobHandlers(database: Database, jobTypes: Iterable<string>): Promise<void> {
  const types = [...jobTypes];
  await database.query('insert into orderflow.job_handler (job_type) select unnest($1::text[]) on conflict do nothing', [types]);
  // not only of types that are new: a process of the release before may have opened one while the last process started
  await database.query(
    `update orderflow.outbox set external = false where external and done_at is null and cancelled_at is null and job_type = any($1)`,
    [types],
  );
}
