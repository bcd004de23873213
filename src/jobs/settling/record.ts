import { owedForShipment, settleCapture } from '../../persistence/captures.ts';
import type { SaleOrder } from '../../persistence/entities/index.ts';
import { leaveMessage } from '../../persistence/messages.ts';
import { openMoneyIncident, resolveMoneyIncident } from '../../persistence/money-incidents.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { paymentEvent, settleRequest, type ProviderAnswer } from '../../persistence/payments.ts';
import { raiseReceivable } from '../../persistence/receivables.ts';
import { settleRefund } from '../../persistence/refund-ledger.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { unknownAfter } from '../providers/answer.ts';
import type { ToSettle } from './rows.ts';

/** Who writes down what the provider said when nobody waits for it any more. */
export const reconcilerActor = 'reconciler';

/** How often the provider is asked in vain before a person is told; it is asked on all the same. */
const patience = 8;

/** How long a sale may take to begin to wait for what it is told here, ms. */
const pokeTtl = 60_000;

/** Writes down what became of a movement of money, and tells the sale where that changes something for it. */
export async function recordSettled(tx: Transaction, row: ToSettle, answer: ProviderAnswer): Promise<void> {
  const at = await tx.now();
  const sale = await lockSaleOrder(tx, row.saleOrderId);
  const nextAt = unknownAfter(at, row.attempts);
  if (row.kind === 'REFUND') {
    await settleRefund(tx, sale, row.reference, answer, { nextAt, at, by: reconcilerActor });
  } else if (row.kind === 'CAPTURE') {
    const status = await settleCapture(tx, sale, row.reference, answer, nextAt, at);
    if (status === 'FAILED' && row.fulfilmentId !== null) await owe(tx, sale, row, row.fulfilmentId, at);
  } else if (row.kind === 'VOID') {
    await settleVoid(tx, sale, row, answer, nextAt);
  } else {
    const status = await settleRequest(tx, sale, row.reference, answer, nextAt);
    if (status === 'SUCCEEDED' || status === 'FAILED') {
      await leaveMessage(tx, {
        name: status === 'SUCCEEDED' ? 'payment.captured' : 'payment.declined',
        correlationKey: sale.id,
        variables: {},
        source: reconcilerActor,
        messageId: `${row.id}:${status}`,
        timeToLiveMs: pokeTtl,
      });
    }
  }
  if (answer.status === 'unknown') await countInVain(tx, sale, row, 'the provider does not answer');
}

/** A question that could not be asked or answered at all: a person is told at once, and it is asked again after a long rest. */
export async function recordFault(tx: Transaction, row: ToSettle, message: string): Promise<void> {
  const sale = await lockSaleOrder(tx, row.saleOrderId);
  await tx.execute(
    `update orderflow.payment set next_at = $2 where id = $1 and status in ('REQUESTED', 'PENDING', 'UNKNOWN') and next_at is not null`,
    [row.id, unknownAfter(await tx.now(), 20)],
  );
  await openMoneyIncident(tx, sale, { ...incidentOf(row), message: `${row.kind} of ${sale.number}: ${message}` });
}

async function countInVain(tx: Transaction, sale: SaleOrder, row: ToSettle, why: string): Promise<void> {
  if (row.attempts < patience) return;
  const message = `${row.kind} of ${row.amountMinor} minor units of ${row.currency} for ${sale.number}: ${why}, asked ${row.attempts} times`;
  await openMoneyIncident(tx, sale, { ...incidentOf(row), message });
}

const incidentOf = (row: ToSettle) => ({
  paymentId: row.id,
  kind: 'stuck' as const,
  details: { paymentId: row.id, kind: row.kind, reference: row.reference, amountMinor: row.amountMinor, currency: row.currency },
});

async function settleVoid(tx: Transaction, sale: SaleOrder, row: ToSettle, answer: ProviderAnswer, nextAt: Date): Promise<void> {
  await tx.execute(
    `update orderflow.payment set status = $2, provider_reference = $3, next_at = $4 where id = $1 and status in ('REQUESTED', 'PENDING', 'UNKNOWN')`,
    [
      row.id,
      answer.status === 'unknown' ? 'UNKNOWN' : 'SUCCEEDED',
      answer.status === 'accepted' ? answer.providerReference : null,
      answer.status === 'unknown' ? nextAt : null,
    ],
  );
  if (answer.status === 'unknown') return;
  await resolveMoneyIncident(tx, row.id, reconcilerActor);
  await paymentEvent(tx, sale, 'payment.voided', { id: row.id, amountMinor: row.amountMinor });
}

/** The shipment went on while nobody knew; now its money is known not to have come. */
const owe = async (tx: Transaction, sale: SaleOrder, row: ToSettle, fulfilmentId: string, at: Date): Promise<void> =>
  raiseReceivable(tx, {
    sale,
    fulfilmentId,
    kind: 'RECEIVABLE',
    amountMinor: Math.min(row.amountMinor, await owedForShipment(tx, sale, fulfilmentId)),
    reference: `${row.reference}:receivable`,
    reason: `a payment for ${sale.number} failed after the goods had left`,
    at,
  });
