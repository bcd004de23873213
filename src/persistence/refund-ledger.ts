import { isOver } from '../domain/captures.ts';
import { newId } from '../support/ids.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { wake } from './messages.ts';
import { openMoneyIncident, resolveMoneyIncident } from './money-incidents.ts';
import { paymentEvent, paymentProvider, type ProviderAnswer } from './payments.ts';
import type { Transaction } from './transaction.ts';

/** A capture and how much of it is neither gone back nor on its way back. */
export interface Refundable {
  readonly id: string;
  readonly provider: string;
  /** What the provider calls the capture. */
  readonly reference: string;
  readonly fulfilmentId: string | null;
  /** Of the part that counts for the order. */
  readonly appliedMinor: number;
  /** Of the part that is unapplied. */
  readonly unappliedMinor: number;
}

/** What is left of a sale's captures, newest first: what was paid last goes back first. */
export const refundable = (tx: Transaction, saleOrderId: string): Promise<Refundable[]> =>
  tx.query<Refundable>(
    `select c.id, c.provider, coalesce(c.provider_reference, c.reference) as reference, c.fulfilment_id as "fulfilmentId",
            (c.applied_minor - coalesce(b.applied, 0))::bigint as "appliedMinor",
            (c.amount_minor - c.applied_minor - coalesce(b.amount, 0) + coalesce(b.applied, 0))::bigint as "unappliedMinor"
       from orderflow.payment c
       left join lateral (select sum(amount_minor) as amount, sum(applied_minor) as applied from orderflow.payment
                           where parent_id = c.id and kind in ('REFUND', 'REVERSAL', 'SETTLEMENT') and status <> 'FAILED') b on true
      where c.sale_order_id = $1 and c.kind = 'CAPTURE' and c.status in ('SUCCEEDED', 'REVERSED') and coalesce(b.amount, 0) < c.amount_minor
      order by c.recorded_at desc, c.id desc`,
    [saleOrderId],
  );

/** A refund that was written down. */
export type PlannedRefund = Pick<Payment, 'id' | 'provider' | 'reference' | 'amountMinor' | 'status'>;

export interface RefundWish {
  /** Of the part that counts for the order; all of it when left out. */
  readonly appliedMinor?: number;
  /** Of unapplied money; all of it when left out. */
  readonly unappliedMinor?: number;
  /** Only money that was taken for this shipment or for none in particular. */
  readonly fulfilmentId?: string | null;
  readonly reason: string;
  /** What gives rise to it: each key gives back once. */
  readonly key: string;
  /** When the reconciler begins; at once when left out. A job that makes the refund itself sets it later. */
  readonly nextAt?: Date;
  readonly at: Date;
}

/**
 * Writes down what is to go back, as REFUND rows that the reconciler makes true; on another call with the same key what was written down then. Money that came by
 * hand goes back by hand: its row waits for finance, with an incident. Answers the rows; they may be less than was wished for. The sale's row is locked.
 */
export async function requestRefunds(tx: Transaction, sale: SaleOrder, wish: RefundWish): Promise<PlannedRefund[]> {
  const written = await refundsOf(tx, sale.id, wish.key);
  if (written.length > 0) return written;
  let rest = wish.appliedMinor ?? Number.MAX_SAFE_INTEGER;
  let restUnapplied = wish.unappliedMinor ?? Number.MAX_SAFE_INTEGER;
  const { fulfilmentId = null, at } = wish;
  for (const capture of await refundable(tx, sale.id)) {
    if (fulfilmentId !== null && capture.fulfilmentId !== null && capture.fulfilmentId !== fulfilmentId) continue;
    const appliedMinor = Math.min(rest, capture.appliedMinor);
    const unappliedMinor = Math.min(restUnapplied, capture.unappliedMinor);
    const amountMinor = appliedMinor + unappliedMinor;
    if (amountMinor <= 0) continue;
    rest -= appliedMinor;
    restUnapplied -= unappliedMinor;
    const isManual = capture.provider !== paymentProvider;
    const row = {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'REFUND' as const,
      provider: capture.provider,
      reference: `${wish.key}:refund:${capture.reference}`,
      parentId: capture.id,
      fulfilmentId: capture.fulfilmentId ?? fulfilmentId,
      amountMinor,
      appliedMinor,
      currency: sale.currency,
      status: 'REQUESTED' as const,
      reason: wish.reason,
      nextAt: isManual ? null : (wish.nextAt ?? at),
      occurredAt: at,
      recordedAt: at,
    };
    await tx.manager.insert(Payment, row);
    if (isManual) await leaveToFinance(tx, sale, row);
  }
  await wake(tx, 'payments');
  return refundsOf(tx, sale.id, wish.key);
}

/** The refunds of a sale that a key gave rise to. */
export const refundsOf = (tx: Transaction, saleOrderId: string, key: string): Promise<PlannedRefund[]> =>
  tx.query<PlannedRefund>(
    `select id, provider, reference, amount_minor as "amountMinor", status from orderflow.payment
      where sale_order_id = $1 and kind = 'REFUND' and starts_with(reference, $2 || ':refund:') order by recorded_at, id`,
    [saleOrderId, key],
  );

/**
 * Writes down what became of a refund: once. One that the provider refuses has to go back all the same, so it stays REQUESTED and is finance's to transfer, unless
 * `onRefusal` says that somebody else looks after that. Answers the status that it has now. The sale's row is locked.
 */
export async function settleRefund(
  tx: Transaction,
  sale: SaleOrder,
  reference: string,
  answer: ProviderAnswer,
  settle: { readonly nextAt: Date; readonly at: Date; readonly by: string; readonly onRefusal?: 'fail' },
): Promise<Payment['status']> {
  const row = await tx.manager.findOneByOrFail(Payment, { saleOrderId: sale.id, kind: 'REFUND', reference });
  if (!['REQUESTED', 'PENDING', 'UNKNOWN'].includes(row.status)) return row.status;
  if (answer.status === 'unknown') {
    await tx.execute(`update orderflow.payment set status = 'UNKNOWN', next_at = $2 where id = $1`, [row.id, settle.nextAt]);
    return 'UNKNOWN';
  }
  if (answer.status === 'declined') {
    const status = settle.onRefusal === 'fail' ? 'FAILED' : 'REQUESTED';
    await tx.execute('update orderflow.payment set status = $2, failure_code = $3, next_at = null where id = $1', [
      row.id,
      status,
      answer.code,
    ]);
    if (status === 'REQUESTED') await leaveToFinance(tx, sale, row, answer.message);
    else await resolveMoneyIncident(tx, row.id, settle.by);
    return status;
  }
  await tx.execute(
    `update orderflow.payment set status = 'SUCCEEDED', provider_reference = $2, failure_code = null, next_at = null, occurred_at = $3 where id = $1`,
    [row.id, answer.providerReference, settle.at],
  );
  await countBack(tx, sale, row);
  await resolveMoneyIncident(tx, row.id, settle.by);
  const isLate = row.appliedMinor === 0 && isOver(sale);
  await paymentEvent(tx, sale, isLate ? 'payment.late-capture-refunded' : 'payment.refunded', {
    id: row.id,
    amountMinor: row.amountMinor,
    appliedMinor: row.appliedMinor,
  });
  return 'SUCCEEDED';
}

/** Finance has to transfer it: the provider cannot, or will not. */
const leaveToFinance = (
  tx: Transaction,
  sale: SaleOrder,
  row: Pick<Payment, 'id' | 'amountMinor' | 'currency' | 'reference' | 'provider'>,
  why = 'it came by hand',
): Promise<void> =>
  openMoneyIncident(tx, sale, {
    paymentId: row.id,
    kind: 'late-money',
    message: `${row.amountMinor} minor units of ${row.currency} of ${sale.number} have to go back by hand: ${why}. Record the transfer as a refund with its reference`,
    details: { paymentId: row.id, reference: row.reference, amountMinor: row.amountMinor, currency: row.currency },
  });

/** Money has left: it is captured or unapplied no more. */
export async function countBack(
  tx: Transaction,
  sale: SaleOrder,
  { amountMinor, appliedMinor }: Pick<Payment, 'amountMinor' | 'appliedMinor'>,
): Promise<void> {
  await tx.execute(
    'update orderflow.sale_order set refunded_minor = refunded_minor + $2, unapplied_minor = unapplied_minor - $3, revision = revision + 1 where id = $1',
    [sale.id, appliedMinor, amountMinor - appliedMinor],
  );
  sale.refundedMinor += appliedMinor;
  sale.unappliedMinor -= amountMinor - appliedMinor;
}
