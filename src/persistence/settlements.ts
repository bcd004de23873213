import { lackMinor, surplusMinor } from '../domain/balance.ts';
import { isOver } from '../domain/captures.ts';
import { newId } from '../support/ids.ts';
import { readBalance } from './balance.ts';
import { addCash, lockCreditProfile } from './credit.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { paymentEvent, paymentProvider } from './payments.ts';
import { raiseReceivable } from './receivables.ts';
import { countBack, refundable, requestRefunds } from './refund-ledger.ts';
import type { Transaction } from './transaction.ts';

/** What gives rise to it; each key gives back once. */
interface Cause {
  readonly reason: string;
  readonly key: string;
  readonly at: Date;
}

/**
 * Makes the ledgers of a sale even, whatever has happened: money that nothing is owed for goes back, and what misses for goods that the customer keeps is a receivable.
 * It is called wherever one of the facts changes and reads them all, so it does not matter which came first, and a call too many does nothing. A sale under way keeps
 * what is beyond its worth until it is done, when nothing can be owed for it any more; `isDone` says that of one that is just being closed. The sale's row is
 * locked; the profile is locked here.
 */
export async function balanceSale(
  tx: Transaction,
  sale: SaleOrder,
  { isDone = sale.workflowState === 'COMPLETED', ...cause }: Cause & { readonly isDone?: boolean },
): Promise<void> {
  const { reason, key, at } = cause;
  if (isOver(sale)) return void (await requestRefunds(tx, sale, cause));
  // before it is cleared it may still change; and an adopted order's earlier money stands in no ledger of ours
  if (sale.clearedAt === null || sale.adoptedAt !== null) {
    if (isDone) await settleUnapplied(tx, sale, sale.unappliedMinor, cause);
    return;
  }
  const balance = await readBalance(tx, sale);
  const surplus = surplusMinor(balance, sale.overcaptureAllowedMinor);
  const unapplied = Math.min(surplus, balance.unappliedMinor);
  const applied = surplus - unapplied;
  if (isDone && unapplied > 0) await settleUnapplied(tx, sale, unapplied, cause);
  if (applied > 0) await requestRefunds(tx, sale, { ...cause, appliedMinor: applied, unappliedMinor: 0, key: `${key}:applied` });
  if (!isDone) return;
  await raiseReceivable(tx, {
    sale,
    fulfilmentId: null,
    kind: 'RECEIVABLE',
    amountMinor: lackMinor(balance),
    reference: `${key}:lack`,
    reason: `goods of ${sale.number} were not paid in full: ${reason}`,
    at,
  });
}

/**
 * Parts with money of a sale that is done and that it was never owed. What a provider took goes back the way it came, for a card or wallet can be given back to
 * and nothing else is agreed with its owner. What came by transfer has no way back by itself, and belongs to a customer with whom we have an account: a SETTLEMENT
 * moves it there, where it lessens what they owe. The sale's row is locked; the profile is locked here.
 */
async function settleUnapplied(tx: Transaction, sale: SaleOrder, amountMinor: number, { reason, key, at }: Cause): Promise<void> {
  let rest = amountMinor;
  for (const capture of await refundable(tx, sale.id)) {
    const part = Math.min(rest, capture.unappliedMinor);
    if (capture.provider === paymentProvider || part <= 0) continue;
    rest -= part;
    const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
    const settlement = {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'SETTLEMENT' as const,
      provider: 'account',
      reference: `${key}:settlement:${capture.reference}`,
      parentId: capture.id,
      amountMinor: part,
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
  await requestRefunds(tx, sale, { appliedMinor: 0, unappliedMinor: rest, reason, key, at });
}
