import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** What has versions: processes and decisions are read in the same way. */
export interface DefinitionKind {
  readonly table: 'process_definition' | 'decision_definition';
  /** The column that its versions have in common. */
  readonly key: 'process_id' | 'decision_id';
  /** As a refusal names one. */
  readonly what: string;
  /** Names and values of its own (SQL over the row `d`), beside those that every kind has. */
  readonly members: string;
}

const itemOf = ({ table, key, members }: DefinitionKind): string => `jsonb_build_object('id', d.id, 'version', d.version,
  'latest', d.version = (select max(version) from orderflow.${table} where ${key} = d.${key}), 'resourceName', d.resource_name,
  'deploymentId', d.deployment_id, 'deployedBy', y.deployed_by, 'deployedAt', orderflow.iso(y.deployed_at), ${members})`;
const from = ({ table }: DefinitionKind): string => `orderflow.${table} d join orderflow.deployment y on y.id = d.deployment_id`;
const file =
  '(select content from orderflow.deployment_resource where deployment_id = d.deployment_id and name = d.resource_name)';

/** Every version of everything of this kind, newest first. */
export async function listDefinitions(reader: Reader, kind: DefinitionKind): Promise<JsonObject[]> {
  const rows = await reader.query<{ item: JsonObject }>(
    `select ${itemOf(kind)} as item from ${from(kind)} order by d.${kind.key}, d.version desc`,
  );
  return rows.map((row) => row.item);
}

/** @throws Problem not-found */
export const readDefinition = (reader: Reader, kind: DefinitionKind, id: string): Promise<JsonObject> =>
  readOne<JsonObject>(reader, kind, id, itemOf(kind));

/** The file with the definition as it was deployed. @throws Problem not-found */
export const readDefinitionXml = (reader: Reader, kind: DefinitionKind, id: string): Promise<string> =>
  readOne<string>(reader, kind, id, file);

async function readOne<T>(reader: Reader, kind: DefinitionKind, id: string, value: string): Promise<T> {
  const [row] = await reader.query<{ value: T }>(`select ${value} as value from ${from(kind)} where d.id = $1`, [id]);
  if (!row) throw new Problem('not-found', `There is no ${kind.what} ${id}.`);
  return row.value;
}
