import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

const flag = `jsonb_build_object('name', f.name, 'enabled', f.enabled, 'reason', f.reason, 'changedBy', f.changed_by,
  'changedAt', orderflow.iso(f.changed_at), 'switchedOnAt', orderflow.iso(f.switched_on_at), 'revision', f.revision)`;

/** Every flag, by name. */
export async function listFlags(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ flag: JsonObject }>(`select ${flag} as flag from orderflow.flag f order by f.name`);
  return rows.map((row) => row.flag);
}

/** @throws Problem not-found */
export async function readFlag(reader: Reader, name: string): Promise<JsonObject> {
  const [row] = await reader.query<{ flag: JsonObject }>(`select ${flag} as flag from orderflow.flag f where f.name = $1`, [
    name,
  ]);
  if (!row) throw new Problem('not-found', `There is no flag ${name}.`);
  return row.flag;
}
