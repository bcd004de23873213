import type { Reader } from '../persistence/reader.ts';
import type { JsonObject } from '../support/json.ts';
import { calledInstance, calledProcess } from './calls.ts';

/** What an instance waits for, as everybody may see it. Times are ISO 8601 UTC. */
const waitColumns = `
  jsonb_strip_nulls(jsonb_build_object('id', w.id, 'kind', w.kind, 'elementId', w.element_id, 'slot', w.slot, 'name', w.element_name, 'revision', w.revision,
    'candidateGroups', case when w.kind = 'user' then to_jsonb(w.candidate_groups) end, 'assignee', w.assignee, 'formId', w.form_id,
    'overrideRequestId', w.override_request_id, 'jobType', w.job_type, 'messageName', w.message_name, 'correlationKey', w.correlation_key,
    'signalName', w.signal_name, 'plannedAt', orderflow.iso(w.planned_at),
    'calledProcessId', case when w.kind = 'call' then ${calledProcess} end, 'calledInstanceId', case when w.kind = 'call' then ${calledInstance} end,
    'dueAt', orderflow.iso(w.due_at), 'openedAt', orderflow.iso(w.opened_at),
    'incidentId', (select i.id from orderflow.incident i where i.wait_id = w.id and i.resolved_at is null)))`;

/** The open waits of an instance, oldest first. */
export const openWaitsOf = async (reader: Reader, instanceId: string | null): Promise<JsonObject[]> => {
  if (instanceId === null) return [];
  const rows = await reader.query<{ wait: JsonObject }>(
    `select ${waitColumns} as wait from orderflow.wait w where w.instance_id = $1 and w.status = 'open' order by w.opened_at, w.element_id`,
    [instanceId],
  );
  return rows.map((row) => row.wait);
};
