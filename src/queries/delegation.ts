import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

const delegation = `jsonb_build_object('id', d.id, 'principal', d.principal, 'delegate', d.delegate, 'validFrom', orderflow.iso(d.valid_from),
  'validUntil', orderflow.iso(d.valid_until), 'createdBy', d.created_by, 'createdAt', orderflow.iso(d.created_at), 'revokedBy', d.revoked_by,
  'revokedAt', orderflow.iso(d.revoked_at),
  'isValid', d.revoked_at is null and d.valid_from <= orderflow.now() and d.valid_until > orderflow.now())`;

/** Every delegation, the newest first. */
export async function listDelegations(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ delegation: JsonObject }>(
    `select ${delegation} as delegation from orderflow.delegation d order by d.created_at desc, d.id desc limit 500`,
  );
  return rows.map((row) => row.delegation);
}

/** @throws Problem not-found */
export async function readDelegation(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ delegation: JsonObject }>(
    `select ${delegation} as delegation from orderflow.delegation d where d.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no delegation ${id}.`);
  return row.delegation;
}
