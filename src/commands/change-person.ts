import { Person } from '../persistence/entities/index.ts';
import { handsOf, requireAnyRole, systemNames } from '../policies/actor.ts';
import { permissions, roles as allRoles } from '../policies/roles.ts';
import { readPerson } from '../queries/person.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface ChangePerson {
  readonly personId: string;
  readonly roles: readonly string[];
  readonly ifRevision?: number;
}

/**
 * Gives a person these roles and no others, from their next request on; a new person is made. Nobody changes their own.
 * @throws Problem forbidden, four-eyes, revision-mismatch, validation-failed
 */
export const changePerson = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: ChangePerson): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a person', payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['change a person'], 'change a person');
    const { personId: id, roles, ifRevision } = input;
    if (handsOf(actor).includes(id))
      throw new Problem('four-eyes', `${id} may not change their own roles; somebody else has to.`);
    if (systemNames.includes(id)) {
      const message = `is a name of the service itself, like ${systemNames.join(', ')}`;
      throw new Problem('validation-failed', `Nobody can be called ${id}: it ${message}.`, {
        errors: [{ pointer: '/id', message }],
      });
    }
    const errors = roles.flatMap((role, index) =>
      (allRoles as readonly string[]).includes(role)
        ? []
        : [{ pointer: `/roles/${index}`, message: `is no role; there are ${allRoles.join(', ')}` }],
    );
    if (errors.length > 0) throw new Problem('validation-failed', `${errors.length} of the roles are not known.`, { errors });
    const found = await tx.manager.findOne(Person, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (ifRevision !== undefined && ifRevision !== (found?.revision ?? 0)) {
      throw new Problem('revision-mismatch', `You have seen revision ${ifRevision} of ${id}; read it again.`, {
        revision: found?.revision ?? null,
      });
    }
    await tx.execute(
      `insert into orderflow.person (id, roles) values ($1, $2)
       on conflict (id) do update set roles = excluded.roles, revision = person.revision + 1`,
      [id, [...new Set(roles)]],
    );
    return revised(found ? 200 : 201, await readPerson(tx, id));
  });
