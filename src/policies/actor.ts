import { Problem } from '../support/errors.ts';
import { roles as allRoles, type Role } from './roles.ts';

/** Who does something: a person, a job worker, the timer service or a message. Its id goes into every log row. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly Role[];
  /** The person that this actor stands in for; four eyes count the principal. */
  readonly onBehalfOf?: string;
}

/** Names under which the service itself acts; those with a colon (`worker:credit.decide`) can be nobody's anyway. No person has one of them: logs would lie. */
export const systemNames: readonly string[] = ['timer', 'message', 'signal', 'migration', 'reconciler', 'call', 'sweep'];

/** The service acting for itself, e.g. `timer`, `message`, `worker:credit.decide`. It passes no role check: its commands ask for none. */
export const systemActor = (id: string): Actor => ({ id, roles: [] });

/** Whoever acts, and whoever they act for: both have had a hand in it. */
export const handsOf = ({ id, onBehalfOf }: Actor): string[] => [id, ...(onBehalfOf === undefined ? [] : [onBehalfOf])];

export const hasAnyRole = (actor: Actor, wanted: readonly string[]): boolean => actor.roles.some((role) => wanted.includes(role));

/** @throws Problem forbidden, naming the roles that would do */
export function requireAnyRole(actor: Actor, wanted: readonly string[], action: string): void {
  if (hasAnyRole(actor, wanted)) return;
  const known = wanted.filter((role) => (allRoles as readonly string[]).includes(role));
  throw new Problem(
    'forbidden',
    `${actor.id} may not ${action}; that takes the role ${known.join(' or ') || wanted.join(' or ')}.`,
    {
      requiredRoles: wanted,
      roles: actor.roles,
    },
  );
}
