import { lockSaleOrder } from '../persistence/orders.ts';
import { OverrideDecision, OverrideRequest } from '../persistence/entities/index.ts';
import { tellDecided } from '../persistence/overrides.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { readOverrideRequest } from '../queries/override-request.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { useApproval } from './approved-override.ts';
import { lockInstance, type LockedInstance } from './instance.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import { refuseStale } from './refuse-stale.ts';
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
 * transaction; what was asked for without a task takes effect at once. Nobody decides what they had a hand in, for themselves or for somebody else, nor twice.
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
    const asked = await lockSubject(unit, id);
    const override = await tx.manager.findOneOrFail(OverrideRequest, { where: { id }, lock: { mode: 'for_no_key_update' } });
    const now = await tx.now();
    await mayDecide(unit, override, now, input.ifRevision);
    const task = await boundTask(unit, override);
    await tx.manager.insert(OverrideDecision, {
      id: newId(),
      overrideRequestId: id,
      actor: actor.id,
      onBehalfOf: actor.onBehalfOf ?? null,
      actorRoles: [...actor.roles],
      decision: input.decision,
      reason: input.reason,
      at: now,
    });
    const status = await count(unit, override, input.decision, now);
    if (status !== 'PENDING') {
      await tellDecided(tx, override, status);
      if (task) {
        const before = asked.variables['override'];
        const variables: JsonObject = { override: { ...(isJsonObject(before) ? before : {}), status } };
        await takeStep(unit, asked, {
          command: { type: 'complete', slot: task.slot, variables },
          trigger: `override:${status}`,
          wait: { id: task.id, elementId: task.elementId },
          reason: input.reason,
        });
      } else if (status === 'APPROVED') {
        await useApproval(unit, override, now);
      }
    }
    return revised(200, await readOverrideRequest(tx, id));
  });

/** Locks the instance of the order that a request is for, and the order. @throws Problem not-found */
async function lockSubject({ tx }: Unit, overrideRequestId: string): Promise<LockedInstance> {
  const found = await tx.maybeOne<{ subjectType: OverrideRequest['subjectType']; subjectId: string; instanceId: string | null }>(
    `select o.subject_type as "subjectType", o.subject_id as "subjectId", coalesce(q.process_instance_id, s.process_instance_id, f.process_instance_id) as "instanceId"
       from orderflow.override_request o
       left join orderflow.quotation q on q.id = o.subject_id
       left join orderflow.sale_order s on s.id = o.subject_id
       left join orderflow.fulfilment f on f.id = o.subject_id
      where o.id = $1`,
    [overrideRequestId],
  );
  if (!found) throw new Problem('not-found', `There is no override request ${overrideRequestId}.`);
  if (found.instanceId === null) throw new Problem('wrong-state', 'The order that this request is for is not run here.');
  const instance = await lockInstance(tx, found.instanceId);
  if (found.subjectType === 'sale_order') await lockSaleOrder(tx, found.subjectId);
  return instance;
}

/** The open task that waits for a request; undefined for one that was made by hand. @throws Problem override-not-pending when the order has gone on without it */
async function boundTask(
  { tx }: Unit,
  override: OverrideRequest,
): Promise<{ id: string; slot: string; elementId: string } | undefined> {
  const tasks = await tx.query<{ id: string; slot: string; elementId: string; status: string }>(
    `select id, slot, element_id as "elementId", status from orderflow.wait where override_request_id = $1`,
    [override.id],
  );
  const open = tasks.find((task) => task.status === 'open');
  if (tasks.length === 0 || open) return open;
  throw new Problem('override-not-pending', `Nothing waits for this request any more.`, { overrideStatus: override.status });
}

async function mayDecide(
  { tx, actor }: Unit,
  override: OverrideRequest,
  now: Date,
  ifRevision: number | undefined,
): Promise<void> {
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
  refuseStale('this request', override.revision, ifRevision);
  requireAnyRole(actor, [override.requiredRole], 'decide this override request');
  const eyes = handsOf(actor);
  const { requestedBy, requestedOnBehalfOf, parties } = override;
  const own = eyes.find((id) => id === requestedBy || id === requestedOnBehalfOf || parties.includes(id));
  if (own !== undefined)
    throw new Problem('four-eyes', `${own} had a hand in what this request is for; somebody else has to decide it.`);
  await mayActFor(tx, actor, [requestedBy, ...(requestedOnBehalfOf === null ? [] : [requestedOnBehalfOf]), ...parties], now);
  const [earlier] = await tx.query<{ actor: string }>(
    `select actor from orderflow.override_decision where override_request_id = $1 and (actor = any($2) or on_behalf_of = any($2))`,
    [override.id, eyes],
  );
  if (!earlier) return;
  throw new Problem(
    'four-eyes',
    `${eyes.join(' for ')} has decided on this request already; it takes ${override.requiredApprovals} different people.`,
  );
}

/** An order_admin delegates for others too, but not to have their own request decided. @throws Problem four-eyes */
async function mayActFor(tx: Unit['tx'], actor: Unit['actor'], parties: readonly string[], now: Date): Promise<void> {
  if (actor.onBehalfOf === undefined) return;
  const makers = await tx.query<{ createdBy: string }>(
    `select created_by as "createdBy" from orderflow.delegation
      where principal = $1 and delegate = $2 and revoked_at is null and valid_from <= $3 and valid_until > $3`,
    [actor.onBehalfOf, actor.id, now],
  );
  if (makers.length === 0 || makers.some(({ createdBy }) => !parties.includes(createdBy))) return;
  throw new Problem(
    'four-eyes',
    `${makers[0]?.createdBy} had a hand in what this request is for and has delegated for ${actor.onBehalfOf}; ${actor.onBehalfOf} has to do that.`,
  );
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
