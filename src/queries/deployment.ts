import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** One deployment with what it brought. @throws Problem not-found */
export async function readDeployment(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ deployment: JsonObject }>(
    `select jsonb_build_object('id', y.id, 'contentHash', y.content_hash, 'deployedBy', y.deployed_by, 'deployedAt', orderflow.iso(y.deployed_at),
       'files', (select coalesce(jsonb_agg(name order by name), '[]') from orderflow.deployment_resource where deployment_id = y.id),
       'processes', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'processId', process_id, 'version', version) order by process_id), '[]')
          from orderflow.process_definition where deployment_id = y.id),
       'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'decisionId', decision_id, 'version', version) order by decision_id), '[]')
          from orderflow.decision_definition where deployment_id = y.id)) as deployment
      from orderflow.deployment y where y.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no deployment ${id}.`);
  return row.deployment;
}

/** The files of the newest deployment that each process's newest version comes from: what new instances run on. */
const inForce = `orderflow.deployment_resource r where r.deployment_id in
  (select deployment_id from orderflow.process_definition d
    where version = (select max(version) from orderflow.process_definition where process_id = d.process_id))`;

/** Job types that new instances ask for: their declarations, and whether the service does them itself. */
export async function listJobTypes(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ type: JsonObject }>(
    `select jsonb_build_object('type', declaration ->> 'type', 'title', declaration ->> 'title', 'description', declaration ->> 'description',
         'input', coalesce(declaration -> 'input', '{}'), 'output', declaration -> 'output', 'errors', coalesce(declaration -> 'errors', '[]'),
         'handledHere', exists (select from orderflow.job_handler h where h.job_type = declaration ->> 'type'),
         'resourceName', name, 'deploymentId', deployment_id) as type
       from (select distinct on (r.content::jsonb ->> 'type') r.content::jsonb as declaration, r.name, r.deployment_id
               from ${inForce} and r.name like '%.job.schema.json'
              order by r.content::jsonb ->> 'type', r.deployment_id desc) newest
      order by declaration ->> 'type'`,
  );
  return rows.map((row) => row.type);
}
