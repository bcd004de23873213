import { excessMinor, utilisationAfterPct } from '../../domain/credit.ts';
import { activeHold, holdCredit, lockCreditProfile } from '../../persistence/credit.ts';
import { CreditSnapshot } from '../../persistence/entities/index.ts';
import { agreePayment, lockSaleOrder } from '../../persistence/orders.ts';
import { consumeOverride, usableOverride } from '../../persistence/overrides.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { newId } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable, type CreditOutcome } from '../variables.ts';

/**
 * Checks credit and takes it in one transaction, on the locked profile: there is no moment between "approved" and "held" in which another order
 * could take the same headroom. An approved override is an input to the decision, and is used up by it.
 */
export const creditDecide = internal('credit.decide', async ({ tx, job, now, decide, unit }) => {
  const payment = variable(job, 'payment');
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, sale.id, payment);
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  if (await activeHold(tx, sale.id)) throw new ImpossibleState(`${sale.number} holds credit already`);

  const order = payment.onTermsMinor;
  const excess = excessMinor(profile, order);
  const override = await usableOverride(tx, { kind: 'CREDIT', subjectId: sale.id, fingerprint: sale.fingerprint, at: now });
  const covered = override?.scopeAmountMinor ?? 0;
  const { value, recordId } = await decide({
    accountHold: profile.hold,
    maxOverdueDays: profile.maxOverdueDays,
    overrideCovers: override !== undefined && covered >= excess,
    limitMinor: profile.limitMinor,
    utilisationAfterPct: utilisationAfterPct(profile, order),
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
    limitMinor: profile.limitMinor,
    exposureMinor: profile.exposureMinor,
    orderMinor: order,
    overrideRequestId: override?.id ?? null,
    actor: unit.actor.id,
    at: now,
  });
  if (outcome === 'APPROVE' || outcome === 'APPROVE_WITH_OVERRIDE') {
    const used = outcome === 'APPROVE_WITH_OVERRIDE' ? override : undefined;
    if (used) await consumeOverride(tx, used.id, now);
    const held = await holdCredit(tx, {
      id: newId(),
      creditProfileId: profile.id,
      saleOrderId: sale.id,
      amountMinor: order,
      overrideRequestId: used?.id ?? null,
      creditSnapshotId: snapshotId,
      coveredMinor: used ? covered : 0,
      at: now,
    });
    if (!held)
      throw new ImpossibleState(
        `the table credit-check approved ${sale.number} beyond the limit: rule and limit contradict each other`,
      );
  }
  const credit = { outcome, approverRole: approverRole || null, flag: flag || null, excessMinor: excess, snapshotId };
  if (outcome !== 'PREPAY') return { variables: { credit } };
  return { variables: { credit, payment: { ...payment, method: null, onTermsMinor: 0, prepayMinor: 0 } } };
});
