import { OverrideDecision, OverrideRequest } from '../persistence/entities/index.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { readOverrideRequest } from '../queries/override-request.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import { takeStep } from './step.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface DecideOverride {
  readonly overrideRequestId: string;
  readonly decision: 'APPROVE' | 'REJECT';
  readonly reason: string;
  readonly ifRevision?: number;
}

/**
 * Approves or rejects an override request. With the last approval that it needs, or with a rejection, the task that waits for it completes in the same
 * transaction. Nobody decides their own request, nor one that their principal made, nor twice.
 * @throws Problem not-found, forbidden, four-eyes, override-not-pending (also when its time to decide is over), revision-mismatch
 */
export const decideOverride = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: DecideOverride,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'decide an override', payload: { ...input } }, async (unit) => {
    const { tx, actor } = unit;
    const id = input.overrideRequestId;
    const task = await tx.maybeOne<{ id: string; instanceId: string; slot: string; elementId: string }>(
      `select id, instance_id as "instanceId", slot, element_id as "elementId" from orderflow.wait where override_request_id = $1 and status = 'open'`,
      [id],
    );
    const instance = task && (await lockInstance(tx, task.instanceId));
    const override = await tx.manager.findOne(OverrideRequest, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!override) throw new Problem('not-found', `There is no override request ${id}.`);
    const now = await tx.now();
    mayDecide(unit, override, now, input.ifRevision);
    if (await tx.manager.existsBy(OverrideDecision, { overrideRequestId: id, actor: actor.id })) {
      throw new Problem(
        'four-eyes',
        `${actor.id} has approved this request already; it takes ${override.requiredApprovals} different people.`,
      );
    }
    await tx.manager.insert(OverrideDecision, {
      id: newId(),
      overrideRequestId: id,
      actor: actor.id,
      actorRoles: [...actor.roles],
      decision: input.decision,
      reason: input.reason,
      at: now,
    });
    const status = await count(unit, override, input.decision, now);
    if (status !== 'PENDING') {
      const open = task && (await tx.maybeOne('select 1 from orderflow.wait where id = $1 and status = $2', [task.id, 'open']));
      if (!task || !instance || !open) {
        throw new Problem('override-not-pending', `Nothing waits for this request any more.`, {
          overrideStatus: override.status,
        });
      }
      const before = instance.variables['override'];
      const variables: JsonObject = { override: { ...(isJsonObject(before) ? before : {}), status } };
      await takeStep(unit, instance, {
        command: { type: 'complete', slot: task.slot, variables },
        trigger: `override:${status}`,
        wait: { id: task.id, elementId: task.elementId },
        reason: input.reason,
      });
    }
    return revised(200, await readOverrideRequest(tx, id));
  });

function mayDecide({ actor }: Unit, override: OverrideRequest, now: Date, ifRevision: number | undefined): void {
  if (override.status !== 'PENDING') {
    throw new Problem('override-not-pending', `The request is ${override.status} since ${override.decidedAt?.toISOString()}.`, {
      overrideStatus: override.status,
    });
  }
  if (now > override.decideBy) {
    throw new Problem('override-not-pending', `It had to be decided by ${override.decideBy.toISOString()}.`, {
      overrideStatus: 'EXPIRED',
    });
  }
  if (ifRevision !== undefined && ifRevision !== override.revision) {
    throw new Problem(
      'revision-mismatch',
      `You have seen revision ${ifRevision} of this request; it is at ${override.revision}.`,
      {
        revision: override.revision,
      },
    );
  }
  if (override.requestedBy === actor.id || override.requestedBy === actor.onBehalfOf) {
    throw new Problem('four-eyes', `${override.requestedBy} made this request; somebody else has to decide it.`);
  }
  requireAnyRole(actor, [override.requiredRole], 'decide this override request');
}

/** Counts the word that was given. Guarded: a request that is decided at the same moment is decided once. */
async function count(
  { tx }: Unit,
  override: OverrideRequest,
  decision: 'APPROVE' | 'REJECT',
  now: Date,
): Promise<'PENDING' | 'APPROVED' | 'REJECTED'> {
  const approvals = override.approvalsCount + (decision === 'APPROVE' ? 1 : 0);
  const status = decision === 'REJECT' ? 'REJECTED' : approvals >= override.requiredApprovals ? 'APPROVED' : 'PENDING';
  const counted = await tx.execute(
    `update orderflow.override_request
        set status = $2, approvals_count = $3, decided_at = case when $2 = 'PENDING' then null else $4::timestamptz end,
            use_by = case when $2 = 'APPROVED' then $4::timestamptz + use_days * interval '1 day' end, revision = revision + 1
      where id = $1 and status = 'PENDING' and revision = $5`,
    [override.id, status, approvals, now, override.revision],
  );
  if (counted === 0) throw new Problem('override-not-pending', 'The request was decided at this very moment.', {});
  return status;
}
