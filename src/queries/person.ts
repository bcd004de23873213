import type { Actor } from '../policies/actor.ts';
import { roles as allRoles, type Role } from '../policies/roles.ts';
import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

const person = `jsonb_build_object('id', p.id, 'roles', p.roles, 'revision', p.revision)`;

/** Everybody, by id. */
export async function listPeople(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ person: JsonObject }>(`select ${person} as person from orderflow.person p order by p.id`);
  return rows.map((row) => row.person);
}

/** @throws Problem not-found */
export async function readPerson(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ person: JsonObject }>(`select ${person} as person from orderflow.person p where p.id = $1`, [
    id,
  ]);
  if (!row) throw new Problem('not-found', `There is no person ${id}.`);
  return row.person;
}

/**
 * Somebody with the roles they have at this moment; undefined when nobody is known by that id. On behalf of another person they have that person's roles and no
 * others, if a delegation says so now. @throws Problem forbidden when none does
 */
export async function readActor(reader: Reader, id: string, onBehalfOf?: string): Promise<Actor | undefined> {
  const [row] = await reader.query<{ roles: string[]; principalRoles: string[] | null }>(
    `select p.roles, (select o.roles from orderflow.person o
                       where o.id = $2 and exists (select 1 from orderflow.delegation d
                              where d.principal = o.id and d.delegate = p.id and d.revoked_at is null
                                and d.valid_from <= orderflow.now() and d.valid_until > orderflow.now())) as "principalRoles"
       from orderflow.person p where p.id = $1`,
    [id, onBehalfOf ?? null],
  );
  if (!row) return undefined;
  if (onBehalfOf === undefined) return { id, roles: knownRoles(row.roles) };
  if (row.principalRoles) return { id, roles: knownRoles(row.principalRoles), onBehalfOf };
  throw new Problem('forbidden', `${id} may not act for ${onBehalfOf}: no delegation says so at this moment.`);
}

const knownRoles = (names: readonly string[]): Role[] => allRoles.filter((role) => names.includes(role));
