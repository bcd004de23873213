import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

/** Open; let try again and not heard of since; resolved by the commit of the step that was missing. */
const incidentStatus = `case when n.resolved_at is not null then 'resolved' when n.retried_at is not null then 'retrying' else 'open' end`;
const incident = `jsonb_strip_nulls(jsonb_build_object('id', n.id, 'kind', n.kind, 'status', ${incidentStatus}, 'cause', n.fingerprint,
  'processInstanceId', n.instance_id, 'processId', i.process_id, 'businessKey', i.business_key, 'waitId', n.wait_id, 'elementId', n.element_id,
  'message', n.message, 'details', n.details, 'attempts', n.attempts, 'openedAt', orderflow.iso(n.opened_at), 'failedAt', orderflow.iso(n.failed_at),
  'retriedAt', orderflow.iso(n.retried_at), 'resolvedAt', orderflow.iso(n.resolved_at), 'resolvedBy', n.resolved_by))`;
const from = 'orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id';

/** An incident. @throws Problem not-found */
export async function readIncident(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ incident: JsonObject }>(`select ${incident} as incident from ${from} where n.id = $1`, [id]);
  if (!row) throw new Problem('not-found', `There is no incident ${id}.`);
  return row.incident;
}

const searchable: Searchable = {
  item: incident,
  from,
  where: 'true',
  id: 'n.id',
  fields: {
    id: 'n.id::text',
    status: incidentStatus,
    kind: 'n.kind',
    cause: 'n.fingerprint',
    elementId: 'n.element_id',
    processId: 'i.process_id',
    processInstanceId: 'n.instance_id::text',
    businessKey: 'i.business_key',
    openedAt: 'n.opened_at',
  },
  facets: { cause: { by: 'n.fingerprint', at: 'n.opened_at' } },
};

export const searchIncidents = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);

/** All incidents of one cause that were let try again together, with how far that has come. @throws Problem not-found */
export async function readIncidentBatch(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ batch: JsonObject }>(
    `select jsonb_build_object('id', b.id, 'cause', b.fingerprint, 'reason', b.reason, 'askedBy', b.asked_by, 'askedAt', orderflow.iso(b.asked_at),
              'status', case when b.halted then 'halted' when b.ended_at is not null then 'ended' else 'running' end, 'endedAt', orderflow.iso(b.ended_at),
              'total', count(*), 'waiting', count(*) filter (where t.outcome = 'waiting'), 'retrying', count(*) filter (where t.outcome = 'retrying'),
              'resolved', count(*) filter (where t.outcome = 'resolved'), 'failed', count(*) filter (where t.outcome = 'failed'),
              'refused', count(*) filter (where t.outcome = 'refused'),
              'items', jsonb_agg(jsonb_strip_nulls(jsonb_build_object('incidentId', t.incident_id, 'outcome', t.outcome, 'refusal', t.refusal)) order by t.incident_id)) as batch
       from orderflow.incident_batch b join (${batchItems}) t on t.batch_id = b.id
      where b.id = $1 group by b.id`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no batch ${id}.`);
  return row.batch;
}

/** What became of each incident of a batch; nothing is `resolved` here that a commit has not resolved. */
export const batchItems = `
  select t.batch_id, t.incident_id, t.refusal,
         case when t.refusal is not null then 'refused' when n.resolved_at is not null then 'resolved' when t.asked_at is null then 'waiting'
              when n.attempts > t.attempts then 'failed' when n.retried_at is not null then 'retrying' else 'failed' end as outcome
    from orderflow.incident_batch_item t join orderflow.incident n on n.id = t.incident_id`;
