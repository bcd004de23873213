import { OverrideRequest } from '../../persistence/entities/index.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { newId } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Asks somebody else to let the order pass; what exactly they are asked for is bound into the request by amount and fingerprint. */
export const overrideOpen = internal('override.open', async ({ tx, job, now, decide }) => {
  const kind = job.properties['overrideKind'] as OverrideRequest['kind'];
  const sale = await lockSaleOrder(tx, job.subject.id);
  const { excessMinor, snapshotId, flag } = variable(job, 'credit');
  const { value, recordId } = await decide({ kind, amountMinor: excessMinor });
  const rule = value as { approverRole: string; approvals: number; decideHours: number; useDays: number };
  const decideBy = new Date(now.getTime() + rule.decideHours * 3600_000);
  const id = newId();
  await tx.manager.insert(OverrideRequest, {
    id,
    kind,
    subjectType: 'sale_order',
    subjectId: sale.id,
    subjectNumber: sale.number,
    subjectFingerprint: sale.fingerprint,
    scope: { excessMinor, snapshotId },
    scopeAmountMinor: excessMinor,
    reasonCode: flag ?? 'OVER_LIMIT',
    reason: `${sale.number} exceeds the credit limit by ${excessMinor} minor units of ${sale.currency}`,
    requestedBy: sale.createdBy,
    requestedAt: now,
    requiredRole: rule.approverRole,
    requiredApprovals: rule.approvals,
    decideBy,
    useDays: rule.useDays,
    decisionRecordId: recordId,
  });
  const override = { id, kind, status: 'PENDING', approverRole: rule.approverRole, expiresAt: decideBy.toISOString() };
  return { variables: { override } };
});
