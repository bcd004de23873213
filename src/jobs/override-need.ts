import type { JobWork } from '../commands/job.ts';
import { everySafety, planTakings } from '../domain/reserving.ts';
import type { OverrideRequest } from '../persistence/entities/index.ts';
import { lockQuotation, lockSaleOrder, saleLines } from '../persistence/orders.ts';
import type { NewOverrideRequest } from '../persistence/overrides.ts';
import { openLines, reservableLevels } from '../persistence/sale-commitments.ts';
import { ImpossibleState } from '../support/errors.ts';
import { variable } from './variables.ts';

/** Who has to decide, how many of them, in how many working hours, and for how many days the approval stands. */
export interface ApprovalRule {
  readonly approverRole: string;
  readonly approvals: number;
  readonly decideHours: number;
  readonly useDays: number;
}

/** What somebody else is asked for, and by which rule. */
export type Need = Omit<
  NewOverrideRequest,
  'id' | 'kind' | 'requestedAt' | 'requiredRole' | 'requiredApprovals' | 'decideHours' | 'useDays'
> & { readonly rule: ApprovalRule };

/** What an order needs an override of this kind for, as it is now. */
export const needOf = (kind: OverrideRequest['kind'], work: JobWork): Promise<Need> =>
  kind === 'PRICE' ? priceNeed(work) : saleNeed(kind, work);

/** A discount: asked for by whoever handed the draft in, and everybody who wrote on it is a party. */
async function priceNeed({ tx, job }: JobWork): Promise<Need> {
  const quotation = await lockQuotation(tx, job.subject.id);
  const { level, approverRole, ...rule } = variable(job, 'discount');
  if (approverRole === null)
    throw new ImpossibleState(`the discount of ${quotation.number} is ${level}, but nobody may approve it`);
  const submitters = await tx.query<{ actor: string; onBehalfOf: string | null }>(
    `select s.actor, s.on_behalf_of as "onBehalfOf" from orderflow.step s join orderflow.wait w on w.id = s.wait_id
      where s.instance_id = $1 and w.form_id = 'quotation-edit' and w.status = 'completed' order by s.revision desc`,
    [job.instanceId],
  );
  const [last] = submitters;
  const { totalMinor, maxLineDiscountBp, marginBp, offerRevision } = quotation;
  return {
    subjectType: 'quotation',
    subjectId: quotation.id,
    subjectNumber: quotation.number,
    subjectFingerprint: quotation.fingerprint ?? '',
    scope: { maxLineDiscountBp, marginBp, totalMinor, offerRevision },
    scopeAmountMinor: totalMinor,
    reasonCode: level ?? 'DISCOUNT',
    reason: `${quotation.number} gives a discount of up to ${maxLineDiscountBp} bp on a line, with a margin of ${marginBp} bp`,
    requestedBy: last?.actor ?? quotation.createdBy,
    requestedOnBehalfOf: last?.onBehalfOf ?? null,
    parties: everybody(quotation, ...submitters.flatMap(({ actor, onBehalfOf }) => [actor, onBehalfOf])),
    decisionRecordId: null,
    rule: { approverRole, ...rule },
  };
}

async function saleNeed(kind: 'ADMIN' | 'CREDIT' | 'STOCK', work: JobWork): Promise<Need> {
  const { tx, job, decide } = work;
  const sale = await lockSaleOrder(tx, job.subject.id);
  const asked = await whatFor(kind, work, sale);
  const { value, recordId } = await decide({ kind, amountMinor: asked.scopeAmountMinor, askedRole: asked.askedRole });
  return {
    subjectType: 'sale_order',
    subjectId: sale.id,
    subjectNumber: sale.number,
    subjectFingerprint: sale.fingerprint,
    scope: asked.scope,
    scopeAmountMinor: asked.scopeAmountMinor,
    reasonCode: asked.reasonCode,
    reason: asked.reason,
    requestedBy: sale.createdBy,
    parties: everybody(sale),
    decisionRecordId: recordId,
    rule: value as unknown as ApprovalRule,
  };
}

type Asked = Pick<Need, 'scope' | 'reasonCode' | 'reason'> & {
  readonly scopeAmountMinor: number;
  /** The role that the decision before it asked for: a small amount does not undercut it. */
  readonly askedRole: string | null;
};

async function whatFor(
  kind: 'ADMIN' | 'CREDIT' | 'STOCK',
  { tx, job }: JobWork,
  sale: { readonly id: string; readonly number: string; readonly totalMinor: number; readonly currency: string },
): Promise<Asked> {
  if (kind === 'ADMIN') {
    const reasonCode = variable(job, 'admission').reasonCode ?? 'ADMISSION';
    return {
      scope: { reasons: [reasonCode], totalMinor: sale.totalMinor },
      scopeAmountMinor: sale.totalMinor,
      askedRole: null,
      reasonCode,
      reason: `${sale.number} over ${sale.totalMinor} minor units of ${sale.currency} is not admitted: ${reasonCode}`,
    };
  }
  if (kind === 'CREDIT') {
    const { excessMinor, snapshotId, flag, approverRole } = variable(job, 'credit');
    return {
      scope: { excessMinor, snapshotId },
      scopeAmountMinor: excessMinor,
      askedRole: approverRole,
      reasonCode: flag ?? 'OVER_LIMIT',
      reason:
        excessMinor > 0
          ? `${sale.number} exceeds the credit limit by ${excessMinor} minor units of ${sale.currency}`
          : `${sale.number} is within the credit limit, but the account is ${flag ?? 'under review'}`,
    };
  }
  const lines = await saleLines(tx, sale.id);
  const levels = await reservableLevels(tx, lines);
  const { takings } = planTakings(openLines(lines), levels, everySafety(levels));
  const safety = new Map<string, number>();
  for (const { levelId, fromSafety } of takings) {
    if (fromSafety > 0) safety.set(levelId, (safety.get(levelId) ?? 0) + fromSafety);
  }
  const granted = levels
    .filter((level) => safety.has(level.id))
    .map(({ id, sku, location }) => ({ levelId: id, sku, location, quantity: safety.get(id) ?? 0 }));
  const words = granted.map(({ sku, location, quantity }) => `${quantity} ${sku} at ${location}`).join(', ');
  return {
    scope: { safety: granted },
    scopeAmountMinor: variable(job, 'shortage').shortValueMinor,
    askedRole: null,
    reasonCode: 'STOCK_SET_ASIDE',
    reason: `${sale.number} takes what is set aside (safety stock, or for those before it): ${words || 'nothing any more'}`,
  };
}

const everybody = (
  order: { readonly createdBy: string; readonly authors: readonly string[] },
  ...others: readonly (string | null)[]
): string[] => [...new Set([order.createdBy, ...order.authors, ...others])].filter((id) => id !== null);
