import { Delegation, Person } from '../persistence/entities/index.ts';
import { hasAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readDelegation } from '../queries/delegation.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface NewDelegation {
  /** Who is stood in for; the caller when left out. */
  readonly principal?: string;
  readonly delegate: string;
  /** From now on when left out. */
  readonly validFrom?: Date;
  readonly validUntil: Date;
}

/**
 * Lets one person act for another for a time, with the roles of the other. One delegates for oneself, or an order_admin for somebody; nobody passes on what they
 * were delegated, nor takes what nobody gave them. @throws Problem forbidden, four-eyes, not-found, validation-failed
 */
export const delegate = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: NewDelegation): Promise<Performed> =>
  perform(
    deps,
    {
      ...request,
      name: 'delegate',
      payload: { ...input, validFrom: input.validFrom?.toISOString() ?? null, validUntil: input.validUntil.toISOString() },
    },
    async (unit) => {
      const { tx, actor, now } = unit;
      const principal = input.principal ?? actor.id;
      maySpeakFor(unit, principal, 'delegate');
      if (principal !== actor.id && input.delegate === actor.id)
        throw new Problem('four-eyes', `${actor.id} may not make themselves the delegate of ${principal}; ${principal} may.`);
      for (const id of [principal, input.delegate]) {
        if (!(await tx.manager.existsBy(Person, { id }))) throw new Problem('not-found', `There is no person ${id}.`);
      }
      const { validFrom = now, validUntil } = input;
      if (principal === input.delegate) refuse('/delegate', 'is the principal; nobody stands in for themselves');
      if (validUntil <= validFrom || validUntil <= now) refuse('/validUntil', 'is over before it begins');
      const id = newId();
      const row = { id, principal, delegate: input.delegate, validFrom, validUntil, createdBy: actor.id, createdAt: now };
      await tx.manager.insert(Delegation, row);
      return { status: 201, body: await readDelegation(tx, id), headers: { Location: `/v1/delegations/${id}` } };
    },
  );

/** Ends a delegation now; one that has ended stays ended. @throws Problem forbidden, not-found */
export const endDelegation = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, id: string): Promise<Performed> =>
  perform(deps, { ...request, name: 'end a delegation', payload: { id } }, async (unit) => {
    const { tx, actor, now } = unit;
    const found = await tx.manager.findOneBy(Delegation, { id });
    if (!found) throw new Problem('not-found', `There is no delegation ${id}.`);
    maySpeakFor(unit, found.principal, 'end this delegation');
    await tx.execute('update orderflow.delegation set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null', [
      id,
      now,
      actor.id,
    ]);
    return { status: 200, body: await readDelegation(tx, id) };
  });

/** @throws Problem forbidden */
function maySpeakFor({ actor }: Unit, principal: string, action: string): void {
  if (actor.onBehalfOf !== undefined) {
    throw new Problem('forbidden', `${actor.id} acts for ${actor.onBehalfOf} and may not ${action}; only they themselves may.`);
  }
  if (principal === actor.id || hasAnyRole(actor, permissions['delegate for others'])) return;
  throw new Problem('forbidden', `${actor.id} may not ${action} for ${principal}; only they, or an order_admin, may.`, {
    requiredRoles: permissions['delegate for others'],
    roles: actor.roles,
  });
}

function refuse(pointer: string, message: string): never {
  throw new Problem('validation-failed', `The delegation cannot be: ${pointer.slice(1)} ${message}.`, {
    errors: [{ pointer, message }],
  });
}
