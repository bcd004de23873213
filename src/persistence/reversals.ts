import { lackMinor } from '../domain/balance.ts';
import { isOver } from '../domain/captures.ts';
import { newId } from '../support/ids.ts';
import { readBalance } from './balance.ts';
import { holdAccount, lockCreditProfile } from './credit.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { openMoneyIncident, resolveMoneyIncident } from './money-incidents.ts';
import { paymentEvent, paymentProvider } from './payments.ts';
import { raiseReceivable } from './receivables.ts';
import { countBack } from './refund-ledger.ts';
import { balanceSale } from './settlements.ts';
import type { Transaction } from './transaction.ts';

/** Money that a provider says has left us, and not because we asked. */
export interface LostMoney {
  readonly kind: 'REFUND' | 'REVERSAL';
  /** The provider's name for it; the same name is the same money. */
  readonly reference: string;
  readonly captureReference: string;
  readonly amountMinor: number;
  readonly occurredAt: Date;
}

/**
 * Writes down a refund that somebody made at the provider, or a chargeback. Answers whether it was known, or nothing is known of the capture yet. After a chargeback the goods that
 * left are owed once more, and the account is held; the sale stays where it is. The sale's row is locked; the profile is locked here.
 */
export async function recordLoss(
  tx: Transaction,
  sale: SaleOrder,
  loss: LostMoney,
  at: Date,
): Promise<'recorded' | 'known' | 'no-capture'> {
  const { kind, reference, captureReference, occurredAt } = loss;
  if (await tx.manager.findOneBy(Payment, { provider: paymentProvider, kind, reference })) return 'known';
  const capture = await captureNamed(tx, sale.id, captureReference);
  if (!capture) return 'no-capture';
  const gone = await goneOf(tx, capture.id);
  const amountMinor = Math.min(loss.amountMinor, capture.amountMinor - gone.amount);
  if (kind === 'REVERSAL' && amountMinor < loss.amountMinor) await tellTakenTwice(tx, sale, capture, loss, amountMinor);
  if (amountMinor <= 0) return 'known';
  const appliedMinor = Math.min(amountMinor, capture.appliedMinor - gone.applied);
  const row = {
    id: newId(),
    saleOrderId: sale.id,
    kind,
    provider: paymentProvider,
    reference,
    providerReference: reference,
    parentId: capture.id,
    fulfilmentId: capture.fulfilmentId,
    amountMinor,
    appliedMinor,
    currency: sale.currency,
    status: 'SUCCEEDED' as const,
    occurredAt,
    recordedAt: at,
  };
  await tx.manager.insert(Payment, row);
  await countBack(tx, sale, row);
  await dropImpossibleRefunds(tx, capture, capture.amountMinor - gone.amount - amountMinor);
  await paymentEvent(tx, sale, kind === 'REFUND' ? 'payment.refunded' : 'payment.reversed', {
    id: row.id,
    amountMinor,
    appliedMinor,
  });
  if (kind === 'REVERSAL') await tx.execute(`update orderflow.payment set status = 'REVERSED' where id = $1`, [capture.id]);
  if (kind === 'REVERSAL' && !isOver(sale)) await oweOnceMore(tx, sale, row, at);
  // of a refund that cannot be made any more a part may be left
  await balanceSale(tx, sale, { reason: `what was left of a payment of ${sale.number}`, key: `left:${row.id}`, at });
  return 'recorded';
}

/** After a chargeback: what the customer keeps is owed once more, as far as nothing else pays for it, and the account is held. */
async function oweOnceMore(
  tx: Transaction,
  sale: SaleOrder,
  { reference, fulfilmentId, amountMinor }: Pick<Payment, 'reference' | 'fulfilmentId' | 'amountMinor'>,
  at: Date,
): Promise<void> {
  const reason = `a payment of ${sale.number} was charged back`;
  await raiseReceivable(tx, {
    sale,
    fulfilmentId,
    kind: 'CHARGEBACK',
    amountMinor: Math.min(amountMinor, lackMinor(await readBalance(tx, sale))),
    reference: `reversal:${reference}`,
    reason,
    at,
  });
  await holdAccount(tx, (await lockCreditProfile(tx, sale.customerId, sale.currency)).id, reason);
}

/**
 * Money of which a part had gone back before is charged back in full: that part has left the bank twice, and no ledger of ours can say so. A person has to contest
 * it, or to ask the customer for it; they close the incident.
 */
const tellTakenTwice = (tx: Transaction, sale: SaleOrder, capture: Payment, loss: LostMoney, leftMinor: number): Promise<void> =>
  openMoneyIncident(tx, sale, {
    paymentId: capture.id,
    kind: 'late-money',
    message: `${loss.amountMinor} minor units of ${sale.currency} of ${sale.number} were charged back (${loss.reference}), but ${loss.amountMinor - leftMinor} of them had gone back before: they are missing from the bank. Contest the chargeback at the provider, or ask the customer`,
    details: {
      paymentId: capture.id,
      reference: loss.reference,
      amountMinor: loss.amountMinor - leftMinor,
      currency: sale.currency,
    },
  });

const captureNamed = async (tx: Transaction, saleOrderId: string, name: string): Promise<Payment | null> =>
  tx.manager.findOneBy(Payment, [
    { saleOrderId, provider: paymentProvider, kind: 'CAPTURE', providerReference: name },
    { saleOrderId, provider: paymentProvider, kind: 'CAPTURE', reference: name },
  ]);

/** What of a capture has left already; what is only on its way back has not. */
const goneOf = (tx: Transaction, captureId: string): Promise<{ amount: number; applied: number }> =>
  tx.one<{ amount: number; applied: number }>(
    `select coalesce(sum(amount_minor), 0)::bigint as amount, coalesce(sum(applied_minor), 0)::bigint as applied from orderflow.payment
      where parent_id = $1 and kind in ('REFUND', 'REVERSAL', 'SETTLEMENT') and status = 'SUCCEEDED'`,
    [captureId],
  );

/** A refund that was on its way, of money that is not there any more, cannot be made: whoever took the money has it. */
async function dropImpossibleRefunds(tx: Transaction, capture: Pick<Payment, 'id'>, leftMinor: number): Promise<void> {
  const waiting = await tx.query<{ id: string; amountMinor: number }>(
    `select id, amount_minor as "amountMinor" from orderflow.payment
      where parent_id = $1 and kind = 'REFUND' and status in ('REQUESTED', 'UNKNOWN') order by recorded_at, id`,
    [capture.id],
  );
  let left = leftMinor;
  for (const { id, amountMinor } of waiting) {
    left -= amountMinor;
    if (left >= 0) continue;
    await tx.execute(
      `update orderflow.payment set status = 'FAILED', failure_code = 'taken-back', next_at = null where id = $1`,
      [id],
    );
    await resolveMoneyIncident(tx, id, 'provider:payments');
  }
}
