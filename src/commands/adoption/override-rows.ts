import { createOracle } from '../../rules/index.ts';
import { newId } from '../../support/ids.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Subject } from '../instance.ts';
import { migrationActor, type Batch, type Draft } from './batch.ts';
import { planDeadline } from './deadline-rows.ts';

/** Who approved what the old system had let pass; nobody of ours. */
const legacyApprover = 'legacy';

export interface OverrideSubject {
  readonly subject: Subject;
  readonly number: string;
  readonly fingerprint: string;
  readonly createdBy: string;
}

/** The variable `override` of a process that waits for a decision, and the facts of its table. */
export interface OpenedOverride {
  readonly override: JsonObject;
  readonly rule: ApprovalRule;
}

interface ApprovalRule {
  readonly approverRole: string;
  readonly approvals: number;
  readonly decideHours: number;
  readonly useDays: number;
}

/** Nobody is asked. */
export const noOverride: JsonObject = { id: null, kind: null, status: null, approverRole: null, expiresAt: null };

/** A request that waits for its decision here as it did in the old system; the time to decide it begins anew. */
export function openRequest(
  batch: Batch,
  draft: Draft,
  kind: 'ADMIN' | 'CREDIT' | 'PRICE',
  order: OverrideSubject & { readonly instanceId: string },
  asked: { readonly amountMinor: number; readonly scope: JsonObject; readonly reason: string },
): OpenedOverride {
  const rule = ruleOf(batch, kind, asked.amountMinor);
  const id = newId();
  const decideBy = planDeadline(batch, draft, {
    subject: { type: 'override_request', id },
    kind: 'override-decision',
    instanceId: order.instanceId,
    workingHours: rule.decideHours,
  });
  draft.rows.add('override_request', {
    ...requestRow(batch, kind, order, asked, rule),
    id,
    parties: [order.createdBy],
    status: 'PENDING',
    reason_code: 'LEGACY',
    approvals_count: 0,
    decide_by: decideBy,
    use_by: null,
    decided_at: null,
    consumed_at: null,
  });
  const override = { id, kind, status: 'PENDING', approverRole: rule.approverRole, expiresAt: decideBy.toISOString() };
  return { override, rule };
}

/** Credit beyond the limit that the old system gave and that cannot be taken back: used up on the spot, by a snapshot of the same instant. */
export function grandfather(
  batch: Batch,
  draft: Draft,
  order: OverrideSubject,
  asked: { readonly amountMinor: number; readonly reason: string },
): string {
  const { now } = batch;
  const id = newId();
  const rule = { ...ruleOf(batch, 'CREDIT', asked.amountMinor), approvals: 1 };
  draft.rows.add('override_request', {
    ...requestRow(batch, 'CREDIT', order, { ...asked, scope: { excessMinor: asked.amountMinor } }, rule),
    id,
    parties: [],
    status: 'CONSUMED',
    reason_code: 'GRANDFATHERED',
    approvals_count: 1,
    decide_by: new Date(now.getTime() + 1),
    use_by: now,
    decided_at: now,
    consumed_at: now,
  });
  draft.rows.add('override_decision', {
    id: newId(),
    override_request_id: id,
    actor: legacyApprover,
    actor_roles: [rule.approverRole],
    decision: 'APPROVE',
    reason: 'The old system had let it pass before it was adopted',
    at: now,
  });
  return id;
}

const requestRow = (
  { now }: Batch,
  kind: string,
  { subject, number, fingerprint }: OverrideSubject,
  asked: { readonly amountMinor: number; readonly scope: JsonObject; readonly reason: string },
  rule: ApprovalRule,
) => ({
  kind,
  subject_type: subject.type,
  subject_id: subject.id,
  subject_number: number,
  subject_fingerprint: fingerprint,
  scope: asked.scope,
  scope_amount_minor: asked.amountMinor,
  reason: asked.reason,
  requested_by: migrationActor,
  requested_at: now,
  required_role: rule.approverRole,
  required_approvals: rule.approvals,
  use_days: rule.useDays,
  revision: 1,
});

/** As the table override-approver has it for new requests. */
function ruleOf({ definitions, now }: Batch, kind: string, amountMinor: number): ApprovalRule {
  const oracle = createOracle({ decisions: definitions.sale.decisions, now });
  return oracle.decide('override-approver', { kind, amountMinor, askedRole: null }, 'backfill').value as unknown as ApprovalRule;
}
