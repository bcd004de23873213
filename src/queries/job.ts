import { instanceRests, typeRests } from '../persistence/resting.ts';
import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

// An incident holds a job back for ever, a failure for its rest; the lease of a worker, or of the service itself, ends at next_at.
const status = `case when o.done_at is not null then 'completed' when o.cancelled_at is not null then 'cancelled' when o.next_at = 'infinity' then 'incident'
  when o.next_at <= orderflow.now() then 'available' when o.lease_token is null and o.failures > 0 then 'resting' else 'leased' end`;
const isOpen = 'o.done_at is null and o.cancelled_at is null';
const next = `case when ${isOpen} and o.next_at <> 'infinity' then orderflow.iso(o.next_at) end`;
const ms = (from: string): string => `greatest(0, floor(extract(epoch from orderflow.now() - ${from}) * 1000))::bigint`;
const job = `jsonb_strip_nulls(jsonb_build_object('id', w.id, 'type', w.job_type, 'status', ${status}, 'external', o.external,
  'processInstanceId', w.instance_id, 'processId', i.process_id, 'businessKey', i.business_key, 'elementId', w.element_id, 'elementName', w.element_name,
  'attempts', o.deliveries, 'failures', o.failures, 'retries', w.retries, 'lastError', o.last_error, 'worker', o.leased_by,
  'leasedUntil', case when ${status} = 'leased' then ${next} end, 'availableAt', case when ${status} in ('available', 'resting') then ${next} end,
  'createdAt', orderflow.iso(w.opened_at), 'waitingMs', case when ${isOpen} then ${ms('w.opened_at')} end, 'endedAt', orderflow.iso(w.closed_at),
  'incidentId', (select n.id from orderflow.incident n where n.wait_id = w.id and n.resolved_at is null)))`;
const from = `orderflow.outbox o join orderflow.wait w on w.id = o.wait_id join orderflow.process_instance i on i.id = w.instance_id`;

/** A job, open or over. @throws Problem not-found */
export async function readJob(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ job: JsonObject }>(`select ${job} as job from ${from} where w.id = $1`, [id]);
  if (!row) throw new Problem('not-found', `There is no job ${id}.`);
  return row.job;
}

const searchable: Searchable = {
  item: job,
  from,
  where: 'true',
  id: 'w.id',
  fields: {
    id: 'w.id::text',
    type: 'w.job_type',
    status,
    external: 'o.external::text',
    worker: 'o.leased_by',
    elementId: 'w.element_id',
    processId: 'i.process_id',
    processInstanceId: 'w.instance_id::text',
    businessKey: 'i.business_key',
    createdAt: 'w.opened_at',
  },
};

export const searchJobs = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);

/** What waits for external workers, by job type; those first whose work has waited for longest. */
export async function readJobQueues(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ queue: JsonObject }>(
    `select jsonb_build_object('type', q.job_type, 'available', q.available, 'leased', q.leased, 'resting', q.resting, 'incidents', q.incidents,
              'suspended', q.suspended, 'oldestAvailableAt', orderflow.iso(q.oldest), 'waitingMs', ${ms('q.oldest')},
              'lastLeasedAt', (select orderflow.iso(max(l.leased_at)) from orderflow.job_lease l join orderflow.wait w on w.id = l.job_id
                                where w.job_type = q.job_type),
              'workers', q.workers) as queue
       from (select j.job_type,
                    count(*) filter (where status = 'available' and not rests) as available, count(*) filter (where status = 'leased') as leased,
                    count(*) filter (where status = 'resting' and not rests) as resting, count(*) filter (where status = 'incident') as incidents,
                    count(*) filter (where status in ('available', 'resting') and rests) as suspended,
                    min(next_at) filter (where status = 'available' and not rests) as oldest,
                    coalesce(to_jsonb(array_agg(distinct leased_by) filter (where status = 'leased')), '[]') as workers
               from (select o.job_type, o.next_at, o.leased_by, ${status} as status,
                            ${typeRests('o.job_type')}
                              or ${instanceRests('o.instance_id')} as rests
                       from orderflow.outbox o where o.external and ${isOpen}) j
              group by j.job_type) q
      order by q.oldest nulls last, q.job_type`,
  );
  return rows.map((row) => row.queue);
}
