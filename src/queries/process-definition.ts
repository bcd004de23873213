import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

const definition = `jsonb_build_object('id', d.id, 'processId', d.process_id, 'version', d.version,
  'latest', d.version = (select max(version) from orderflow.process_definition where process_id = d.process_id), 'resourceName', d.resource_name,
  'deploymentId', d.deployment_id, 'deployedBy', y.deployed_by, 'deployedAt', orderflow.iso(y.deployed_at),
  'suspension', (select jsonb_build_object('kind', s.kind, 'at', orderflow.iso(s.suspended_at), 'by', s.suspended_by, 'reason', s.reason) from orderflow.suspension s
                  where s.resumed_at is null and (s.kind, s.ref) in (('process', d.process_id), ('definition', d.id::text)) order by s.suspended_at limit 1))`;
const from = 'orderflow.process_definition d join orderflow.deployment y on y.id = d.deployment_id';

/** Every version of every process, newest first. */
export async function listProcessDefinitions(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ definition: JsonObject }>(
    `select ${definition} as definition from ${from} order by d.process_id, d.version desc`,
  );
  return rows.map((row) => row.definition);
}

/** @throws Problem not-found */
export async function readProcessDefinition(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ definition: JsonObject }>(
    `select ${definition} as definition from ${from} where d.id = $1`,
    [id],
  );
  if (!row) throw noDefinition(id);
  return row.definition;
}

/** The diagram as it was deployed (BPMN 2.0 XML). @throws Problem not-found */
export async function readProcessXml(reader: Reader, id: string): Promise<string> {
  const [row] = await reader.query<{ content: string }>(
    `select r.content from orderflow.process_definition d
       join orderflow.deployment_resource r on r.deployment_id = d.deployment_id and r.name = d.resource_name
      where d.id = $1`,
    [id],
  );
  if (!row) throw noDefinition(id);
  return row.content;
}

const noDefinition = (id: string): Problem => new Problem('not-found', `There is no process definition ${id}.`);
