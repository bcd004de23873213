import { OverrideRequest } from '../persistence/entities/index.ts';
import { revokeOverride } from '../persistence/overrides.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { readOverrideRequest } from '../queries/override-request.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface RevokeOverride {
  readonly overrideRequestId: string;
  readonly reason: string;
  readonly ifRevision?: number;
}

/**
 * Takes an approval back that was not used yet, by somebody who could have given it. Whatever wants to use it in the same moment is served before or finds nothing.
 * @throws Problem not-found, forbidden, override-not-pending when there is no unused approval, revision-mismatch
 */
export const revokeApproval = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: RevokeOverride,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'revoke an override', payload: { ...input } }, async ({ tx, actor, now }) => {
    const { overrideRequestId: id, reason, ifRevision } = input;
    const override = await tx.manager.findOne(OverrideRequest, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (!override) throw new Problem('not-found', `There is no override request ${id}.`);
    requireAnyRole(actor, [override.requiredRole], 'revoke this override');
    refuseStale('this request', override.revision, ifRevision);
    if (!(await revokeOverride(tx, id, { by: actor.id, reason, at: now }))) {
      const { status } = override;
      const hint = status === 'PENDING' ? 'reject it instead' : 'there is nothing to take back';
      throw new Problem('override-not-pending', `The request is ${status}: ${hint}.`, { overrideStatus: status });
    }
    return revised(200, await readOverrideRequest(tx, id));
  });
