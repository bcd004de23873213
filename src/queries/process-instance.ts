import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { callerColumns, childCount, childrenColumns, errorColumns } from './calls.ts';
import { openWaitsOf } from './waits.ts';

/** Why an instance rests: by itself, or with its process or version; of `orderflow.process_instance i`. */
const suspensionOf = `
  select * from (select 'instance' as kind, i.suspended_at as at, i.suspended_by as by, i.suspension_reason as reason where i.suspended_at is not null
                 union all
                 (select s.kind, s.suspended_at, s.suspended_by, s.reason from orderflow.suspension s
                   where i.status = 'running' and s.resumed_at is null
                     and (s.kind, s.ref) in (('process', i.process_id), ('definition', i.process_definition_id::text)) order by s.suspended_at)) rests limit 1`;

/** An instance with what it waits for. @throws Problem not-found */
export async function readInstance(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ instance: JsonObject }>(
    `select jsonb_build_object('id', i.id, 'processId', i.process_id, 'version', d.version, 'processDefinitionId', d.id,
              'businessKey', i.business_key, 'status', i.status, 'revision', i.revision, 'subjectType', i.subject_type, 'subjectId', i.subject_id,
              'workflowState', coalesce(q.workflow_state, s.workflow_state, f.workflow_state, r.workflow_state),
              'suspendedAt', orderflow.iso(x.at), 'suspendedBy', x.by, 'suspensionReason', x.reason, 'suspendedWith', x.kind, 'startedBy', i.started_by, 'startedAt', orderflow.iso(i.started_at), 'endedAt', orderflow.iso(i.ended_at),
              'error', ${errorColumns}, 'parent', ${callerColumns}, 'children', ${childrenColumns}, 'childCount', ${childCount}) as instance
       from orderflow.process_instance i
       join orderflow.process_definition d on d.id = i.process_definition_id
       left join orderflow.quotation q on q.id = i.subject_id
       left join orderflow.sale_order s on s.id = i.subject_id
       left join orderflow.fulfilment f on f.id = i.subject_id
       left join lateral (${suspensionOf}) x on true
       left join orderflow.return_request r on r.id = i.subject_id
      where i.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  return { ...row.instance, waits: await openWaitsOf(reader, id) };
}

/** The variables of an instance, or those that a scope of it has of its own. @throws Problem not-found */
export async function readVariables(reader: Reader, id: string, scope?: string): Promise<JsonObject> {
  const [row] = await reader.query<{ variables: JsonObject }>(
    `select case when $2::text is null then variables else coalesce(locals -> $2, '{}') end as variables from orderflow.process_instance where id = $1`,
    [id, scope ?? null],
  );
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  return row.variables;
}

/** The version that an instance is on after the step `s`: migrations take it to another. */
const versionAfter = `(select d.version from orderflow.process_definition d where d.id = coalesce(
  (select m.to_definition_id from orderflow.instance_migration m where m.instance_id = s.instance_id and m.revision <= s.revision order by m.revision desc limit 1),
  (select m.from_definition_id from orderflow.instance_migration m where m.instance_id = s.instance_id and m.revision > s.revision order by m.revision limit 1),
  (select i.process_definition_id from orderflow.process_instance i where i.id = s.instance_id)))`;

/** Every step an instance has taken: who, by what, what it closed, opened and asked. */
export async function readSteps(reader: Reader, id: string): Promise<JsonObject[]> {
  const rows = await reader.query<{ step: JsonObject }>(
    `select jsonb_build_object('revision', revision, 'trigger', trigger, 'elementId', element_id, 'version', ${versionAfter}, 'actor', actor, 'reason', reason, 'at', orderflow.iso(at),
              'trail', trail, 'asked', asked, 'hash', hash) as step
       from orderflow.step s where instance_id = $1 order by revision`,
    [id],
  );
  return rows.map((row) => row.step);
}
