import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const status = `case when n.resolved_at is not null then 'resolved' when n.retried_at > n.opened_at then 'retrying' else 'open' end`;
const incident = `jsonb_strip_nulls(jsonb_build_object('id', n.id, 'kind', n.kind, 'status', ${status}, 'processInstanceId', n.instance_id,
  'businessKey', i.business_key, 'waitId', n.wait_id, 'elementId', n.element_id, 'message', n.message, 'details', n.details,
  'openedAt', orderflow.iso(n.opened_at), 'resolvedAt', orderflow.iso(n.resolved_at), 'resolvedBy', n.resolved_by))`;
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
    status,
    kind: 'n.kind',
    elementId: 'n.element_id',
    processInstanceId: 'n.instance_id::text',
    businessKey: 'i.business_key',
  },
};

export const searchIncidents = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);
