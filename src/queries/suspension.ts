import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

export type SuspensionKind = 'process' | 'definition' | 'job-type';

/** Something that rests now. */
export type ActiveSuspension = {
  readonly kind: SuspensionKind | 'instance';
  /** Process id, id of the definition or instance, or job type. */
  readonly ref: string;
  readonly processId?: string;
  readonly businessKey?: string;
  readonly reason: string;
  readonly suspendedBy: string;
  readonly suspendedAt: string;
};

/** What rests for as long as it does: open jobs of a type, running instances of a process or a version. */
const affected = `
  case s.kind when 'job-type' then (select count(*) from orderflow.outbox o where o.job_type = s.ref and o.done_at is null and o.cancelled_at is null)
    else (select count(*) from orderflow.process_instance i where i.status = 'running' and s.resumed_at is null
             and case s.kind when 'process' then i.process_id = s.ref else i.process_definition_id::text = s.ref end) end`;

const suspension = `jsonb_strip_nulls(jsonb_build_object('id', s.id, 'kind', s.kind, 'ref', s.ref, 'processId', coalesce(d.process_id, case s.kind when 'process' then s.ref end),
  'version', d.version, 'reason', s.reason, 'suspendedBy', s.suspended_by, 'suspendedAt', orderflow.iso(s.suspended_at),
  'resumedBy', s.resumed_by, 'resumedAt', orderflow.iso(s.resumed_at), 'resumeReason', s.resume_reason, 'affected', ${affected}))`;
const from = 'orderflow.suspension s left join orderflow.process_definition d on d.id::text = s.ref';

/** @throws Problem not-found */
export async function readSuspension(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ suspension: JsonObject }>(
    `select ${suspension} as suspension from ${from} where s.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no suspension ${id}.`);
  return row.suspension;
}

/** At most this many of each kind; an operator who suspends more instances one by one suspends their process instead. */
const listed = 500;

/** Everything that rests now: processes, versions, job types, and instances by themselves. Newest first. */
export async function activeSuspensions(reader: Reader): Promise<ActiveSuspension[]> {
  const rows = await reader.query<{ suspension: ActiveSuspension }>(
    `select found.suspension from (
       (select s.suspended_at as at, ${suspension} as suspension from ${from} where s.resumed_at is null order by 1 desc limit ${listed})
       union all
       (select i.suspended_at, jsonb_build_object('id', i.id, 'kind', 'instance', 'ref', i.id, 'processId', i.process_id, 'businessKey', i.business_key, 'reason', i.suspension_reason,
               'suspendedBy', i.suspended_by, 'suspendedAt', orderflow.iso(i.suspended_at), 'affected', 1)
          from orderflow.process_instance i where i.suspended_at is not null order by 1 desc limit ${listed})) found
      order by found.at desc`,
  );
  return rows.map((row) => row.suspension);
}

/** How much rests, in a sentence without names, for places that anybody may read; undefined when nothing does. */
export async function restingSummary(reader: Reader): Promise<string | undefined> {
  const rows = await reader.query<{ what: string; count: number }>(
    `select case kind when 'job-type' then 'job type' when 'definition' then 'version' else kind end as what, count(*) as count
       from orderflow.suspension where resumed_at is null group by kind
     union all select 'instance', count(*) from orderflow.process_instance where suspended_at is not null having count(*) > 0`,
  );
  if (rows.length === 0) return undefined;
  const parts = rows.map(({ what, count }) => `${count} ${what}${count === 1 ? '' : what === 'process' ? 'es' : 's'}`);
  return `suspended: ${parts.join(', ')} (GET /v1/suspensions)`;
}
