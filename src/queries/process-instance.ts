import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { openWaitsOf } from './waits.ts';

/** An instance with what it waits for. @throws Problem not-found */
export async function readInstance(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ instance: JsonObject }>(
    `select jsonb_build_object('id', i.id, 'processId', i.process_id, 'version', d.version, 'processDefinitionId', d.id,
              'businessKey', i.business_key, 'status', i.status, 'revision', i.revision, 'subjectType', i.subject_type, 'subjectId', i.subject_id,
              'workflowState', coalesce(q.workflow_state, s.workflow_state, f.workflow_state),
              'suspendedAt', orderflow.iso(i.suspended_at), 'suspendedBy', i.suspended_by, 'suspensionReason', i.suspension_reason, 'startedBy', i.started_by, 'startedAt', orderflow.iso(i.started_at), 'endedAt', orderflow.iso(i.ended_at)) as instance
       from orderflow.process_instance i
       join orderflow.process_definition d on d.id = i.process_definition_id
       left join orderflow.quotation q on q.id = i.subject_id
       left join orderflow.sale_order s on s.id = i.subject_id
       left join orderflow.fulfilment f on f.id = i.subject_id
      where i.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  return { ...row.instance, waits: await openWaitsOf(reader, id) };
}

/** The variables of an instance. @throws Problem not-found */
export async function readVariables(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ variables: JsonObject }>('select variables from orderflow.process_instance where id = $1', [
    id,
  ]);
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  return row.variables;
}

/** Every step an instance has taken: who, by what, what it closed, opened and asked. */
export async function readSteps(reader: Reader, id: string): Promise<JsonObject[]> {
  const rows = await reader.query<{ step: JsonObject }>(
    `select jsonb_build_object('revision', revision, 'trigger', trigger, 'elementId', element_id, 'actor', actor, 'at', orderflow.iso(at),
              'trail', trail, 'asked', asked, 'hash', hash) as step
       from orderflow.step where instance_id = $1 order by revision`,
    [id],
  );
  return rows.map((row) => row.step);
}
