import { flagNames } from '../persistence/flags.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readFlag } from '../queries/flag.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface SetFlag {
  readonly name: string;
  readonly enabled: boolean;
  readonly reason: string;
  /** The flag's revision that the caller has seen (`If-Match`). */
  readonly ifRevision?: number;
}

/**
 * Switches a slice or a kind of override on or off, from the next command on. What runs goes on with the flags of its start. A flag that is as
 * wanted stays untouched. @throws Problem forbidden, not-found, revision-mismatch
 */
export const setFlag = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: SetFlag): Promise<Performed> =>
  perform(deps, { ...request, name: 'switch a flag', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['switch a flag'], 'switch a flag');
    const { name, enabled, reason, ifRevision } = input;
    const flag = await tx.maybeOne<{ enabled: boolean; revision: number }>(
      'select enabled, revision from orderflow.flag where name = $1 for no key update',
      [name],
    );
    if (!flag) throw new Problem('not-found', `There is no flag ${name}. There are ${flagNames.join(', ')}.`);
    refuseStale(name, flag.revision, ifRevision);
    if (flag.enabled !== enabled) {
      await tx.execute(
        `update orderflow.flag set enabled = $2, reason = $3, changed_by = $4, changed_at = $5, revision = revision + 1,
                switched_on_at = case when $2 then $5::timestamptz else switched_on_at end
          where name = $1`,
        [name, enabled, reason, actor.id, now],
      );
      await tx.execute(
        'insert into orderflow.flag_change (flag_name, revision, enabled, reason, actor, at) values ($1, $2, $3, $4, $5, $6)',
        [name, flag.revision + 1, enabled, reason, actor.id, now],
      );
    }
    return revised(200, await readFlag(tx, name));
  });
