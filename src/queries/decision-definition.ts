import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

const definition = `jsonb_build_object('id', d.id, 'decisionId', d.decision_id, 'name', d.name, 'version', d.version,
  'latest', d.version = (select max(version) from orderflow.decision_definition where decision_id = d.decision_id), 'resourceName', d.resource_name,
  'deploymentId', d.deployment_id, 'deployedBy', y.deployed_by, 'deployedAt', orderflow.iso(y.deployed_at))`;
const from = 'orderflow.decision_definition d join orderflow.deployment y on y.id = d.deployment_id';

/** Every version of every decision, newest first. */
export async function listDecisionDefinitions(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ definition: JsonObject }>(
    `select ${definition} as definition from ${from} order by d.decision_id, d.version desc`,
  );
  return rows.map((row) => row.definition);
}

/** @throws Problem not-found */
export async function readDecisionDefinition(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ definition: JsonObject }>(
    `select ${definition} as definition from ${from} where d.id = $1`,
    [id],
  );
  if (!row) throw noDefinition(id);
  return row.definition;
}

/** The file with the decision as it was deployed (DMN 1.3 XML). @throws Problem not-found */
export async function readDecisionXml(reader: Reader, id: string): Promise<string> {
  const [row] = await reader.query<{ content: string }>(
    `select r.content from orderflow.decision_definition d
       join orderflow.deployment_resource r on r.deployment_id = d.deployment_id and r.name = d.resource_name
      where d.id = $1`,
    [id],
  );
  if (!row) throw noDefinition(id);
  return row.content;
}

const noDefinition = (id: string): Problem => new Problem('not-found', `There is no decision definition ${id}.`);
