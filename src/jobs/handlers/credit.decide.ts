import { excessMinor, utilisationAfterPct } from '../../domain/credit.ts';
import { activeHold, holdCredit, lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { wakeCredit } from '../../persistence/credit-waking.ts';
import { CreditSnapshot, type CreditHold, type SaleOrder } from '../../persistence/entities/index.ts';
import { emit } from '../../persistence/events.ts';
import { agreePayment, lockSaleOrder } from '../../persistence/orders.ts';
import { consumeOverride, grantOf, supersedeOverrides, usableOverride } from '../../persistence/overrides.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { newId } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable, type CreditOutcome } from '../variables.ts';

/**
 * Checks credit and takes it in one transaction, on the locked profile: there is no moment between "approved" and "held" in which another order
 * could take the same headroom. An approved override is an input to the decision, and is used up by it. What the sale holds already does not count against it,
 * and is replaced, or given back when the answer is no.
 */
export const creditDecide = internal('credit.decide', async ({ tx, job, now, decide, unit }) => {
  const payment = variable(job, 'payment');
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, sale.id, payment);
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const held = await activeHold(tx, sale.id);
  const position = { limitMinor: profile.limitMinor, exposureMinor: profile.exposureMinor - (held?.amountMinor ?? 0) };

  const order = payment.onTermsMinor;
  const excess = excessMinor(position, order);
  const override = await approvalFor(tx, sale, held, order, now);
  const covered = override?.scopeAmountMinor ?? 0;
  const { value, recordId } = await decide({
    accountHold: profile.hold,
    maxOverdueDays: profile.maxOverdueDays,
    overrideCovers: override !== undefined && covered >= excess,
    limitMinor: profile.limitMinor,
    utilisationAfterPct: utilisationAfterPct(position, order),
    riskClass: profile.riskClass,
  });
  const { outcome, approverRole, flag } = value as { outcome: CreditOutcome; approverRole: string | null; flag: string | null };
  const snapshotId = newId();
  await tx.manager.insert(CreditSnapshot, {
    id: snapshotId,
    creditProfileId: profile.id,
    saleOrderId: sale.id,
    decisionRecordId: recordId,
    outcome,
    ...position,
    orderMinor: order,
    overrideRequestId: override?.id ?? null,
    actor: unit.actor.id,
    at: now,
  });
  await emit(tx, {
    type: 'credit.checked',
    subject: { type: 'sale_order', id: sale.id, number: sale.number },
    data: {
      saleOrderId: sale.id,
      snapshotId,
      outcome,
      decisionRecordId: recordId,
      utilisationPct: utilisationAfterPct(position, order),
    },
  });
  await releaseCredit(tx, sale.id, job.key, now, { wakes: false });
  let taken = 0;
  if (outcome === 'APPROVE' || outcome === 'APPROVE_WITH_OVERRIDE') {
    const used = outcome === 'APPROVE_WITH_OVERRIDE' ? override : undefined;
    if (used && !used.isConsumed) await consumeOverride(tx, used.id, now);
    const isHeld = await holdCredit(tx, {
      id: newId(),
      creditProfileId: profile.id,
      saleOrderId: sale.id,
      amountMinor: order,
      overrideRequestId: used?.id ?? null,
      creditSnapshotId: snapshotId,
      coveredMinor: used ? covered : 0,
      at: now,
    });
    if (!isHeld)
      throw new ImpossibleState(
        `the table credit-check approved ${sale.number} beyond the limit: rule and limit contradict each other`,
      );
    await supersedeOverrides(tx, sale.id, now, 'CREDIT');
    taken = order;
  }
  if (held && held.amountMinor > taken) await wakeCredit(tx, profile);
  const credit = { outcome, approverRole: approverRole || null, flag: flag || null, excessMinor: excess, snapshotId };
  if (outcome !== 'PREPAY') return { variables: { credit } };
  return { variables: { credit, payment: { ...payment, method: null, onTermsMinor: 0, prepayMinor: 0 } } };
});

interface Approval {
  readonly id: string;
  readonly scopeAmountMinor: number;
  /** It was used for the hold that is replaced. */
  readonly isConsumed: boolean;
}

/** What somebody has approved for this sale: a request for it as it is now, or the one that its present hold stands on, if the sale needs no more than it did. */
async function approvalFor(
  tx: Transaction,
  sale: SaleOrder,
  held: CreditHold | null,
  orderMinor: number,
  at: Date,
): Promise<Approval | undefined> {
  const fresh = await usableOverride(tx, { kind: 'CREDIT', subjectId: sale.id, fingerprint: sale.fingerprint, at });
  if (fresh) return { ...fresh, isConsumed: false };
  if (!held?.overrideRequestId || orderMinor > held.amountMinor) return undefined;
  const { id, scopeAmountMinor } = await grantOf(tx, held.overrideRequestId);
  return { id, scopeAmountMinor, isConsumed: true };
}
