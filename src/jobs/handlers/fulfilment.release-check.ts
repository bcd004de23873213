import { lockCreditProfile } from '../../persistence/credit.ts';
import type { SaleOrder } from '../../persistence/entities/index.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { consumeOverride, fulfilmentFingerprint, usableOverride } from '../../persistence/overrides.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { internal } from '../handler.ts';
import type { Variables } from '../variables.ts';

/**
 * May the goods leave? The account and the payment are looked at again, as they are now; the limit is not, since the order's own hold is in the exposure
 * already. An approved ADMIN override on this shipment is an input to the decision, and is used up when it is what releases it.
 */
export const fulfilmentReleaseCheck = internal('fulfilment.release-check', async ({ tx, job, now, decide }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const fingerprint = await fulfilmentFingerprint(tx, fulfilment.id);
  const override = await usableOverride(tx, { kind: 'ADMIN', subjectId: fulfilment.id, fingerprint, at: now });
  const { value } = await decide({
    accountHold: profile.hold,
    onTerms: sale.onTermsMinor > 0,
    maxOverdueDays: profile.maxOverdueDays,
    releaseOverride: override !== undefined,
    prepayCovered: (await securedMinor(tx, sale)) >= sale.prepayMinor,
  });
  const { outcome, reason } = value as { outcome: 'RELEASE' | 'HOLD'; reason: string | null };
  if (override && outcome === 'RELEASE' && reason === 'OVERRIDE') await consumeOverride(tx, override.id, now);
  const release: Variables['release'] = { outcome, reason: reason || null };
  return { variables: { release } };
});

/**
 * What was taken or authorised for the sale and not charged back, minor units. What went back for goods that came back or never left was paid all the same.
 */
async function securedMinor(tx: Transaction, sale: SaleOrder): Promise<number> {
  const { reversed } = await tx.one<{ reversed: number }>(
    `select coalesce(sum(applied_minor), 0)::bigint as reversed from orderflow.payment
      where sale_order_id = $1 and kind = 'REVERSAL' and status = 'SUCCEEDED'`,
    [sale.id],
  );
  return sale.capturedMinor + sale.authorizedMinor - reversed;
}
