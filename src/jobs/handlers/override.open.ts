import type { OverrideRequest } from '../../persistence/entities/index.ts';
import { openOverride, supersedeOverrides } from '../../persistence/overrides.ts';
import { newId } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { needOf } from '../override-need.ts';

/**
 * Asks somebody else to let the order pass; what exactly they are asked for is bound into the request by scope, amount and fingerprint. It takes the place of what
 * a person has asked for meanwhile: one request of a kind is open for an order.
 */
export const overrideOpen = internal('override.open', async (work) => {
  const { tx, job, now } = work;
  const kind = job.properties['overrideKind'] as OverrideRequest['kind'];
  const { rule, decisionRecordId, ...need } = await needOf(kind, work);
  await supersedeOverrides(tx, need.subjectId, now, kind);
  const id = newId();
  const decideBy = await openOverride(tx, {
    ...need,
    id,
    kind,
    requestedAt: now,
    requiredRole: rule.approverRole,
    requiredApprovals: rule.approvals,
    decideHours: rule.decideHours,
    useDays: rule.useDays,
    decisionRecordId,
  });
  const override = { id, kind, status: 'PENDING', approverRole: rule.approverRole, expiresAt: decideBy.toISOString() };
  return { variables: { override } };
});
