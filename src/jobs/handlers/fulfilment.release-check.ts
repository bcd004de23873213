import { isPrepaid } from '../../domain/balance.ts';
import { readBalance } from '../../persistence/balance.ts';
import { lockCreditProfile } from '../../persistence/credit.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { consumeOverride, fulfilmentFingerprint, usableOverride } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';
import type { Variables } from '../variables.ts';

/**
 * May the goods leave? The account and the payment are looked at again, as they are now; the limit is not, since the order's own hold is in the exposure
 * already. Money that went back, or is on its way back, pays for nothing. An approved ADMIN override on this shipment is an input to the decision, and is used up when it is what releases it.
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
    prepayCovered: isPrepaid(await readBalance(tx, sale), sale.prepayMinor),
  });
  const { outcome, reason } = value as { outcome: 'RELEASE' | 'HOLD'; reason: string | null };
  if (override && outcome === 'RELEASE' && reason === 'OVERRIDE') await consumeOverride(tx, override.id, now);
  const release: Variables['release'] = { outcome, reason: reason || null };
  return { variables: { release } };
});
