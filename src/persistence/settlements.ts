import { newId } from '../support/ids.ts';
import { addCash, lockCreditProfile } from './credit.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { paymentEvent, paymentProvider } from './payments.ts';
import { countBack, refundable, requestRefunds } from './refund-ledger.ts';
import type { Transaction } from './transaction.ts';

/**
 * Parts with the money of a sale that is done and that it was never owed. What a provider took goes back the way it came, for a card or wallet can be given back to
 * and nothing else is agreed with its owner. What came by transfer has no way back by itself, and belongs to a customer with whom we have an account: a SETTLEMENT
 * moves it there, where it lessens what they owe. The sale's row is locked; the profile is locked here.
 */
export async function settleUnapplied(tx: Transaction, sale: SaleOrder, key: string, at: Date): Promise<void> {
  for (const capture of await refundable(tx, sale.id)) {
    if (capture.provider === paymentProvider || capture.unappliedMinor <= 0) continue;
    const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
    const settlement = {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'SETTLEMENT' as const,
      provider: 'account',
      reference: `${key}:settlement:${capture.reference}`,
      parentId: capture.id,
      amountMinor: capture.unappliedMinor,
      appliedMinor: 0,
      currency: sale.currency,
      status: 'SUCCEEDED' as const,
      occurredAt: at,
      recordedAt: at,
    };
    await tx.manager.insert(Payment, settlement);
    await countBack(tx, sale, settlement);
    await addCash(tx, profile.id, settlement.amountMinor, settlement.reference, at);
    await paymentEvent(tx, sale, 'payment.settled', { id: settlement.id, amountMinor: settlement.amountMinor });
  }
  await requestRefunds(tx, sale, { appliedMinor: 0, reason: `more than ${sale.number} cost`, key, at });
}
