import { returnableMinor } from '../domain/balance.ts';
import { newId } from '../support/ids.ts';
import { readBalance } from './balance.ts';
import { shrinkHold } from './credit.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { creditInvoices } from './invoices.ts';
import { paymentEvent } from './payments.ts';
import { countBack, refundable, refundsOf, requestRefunds, settleRefund, type PlannedRefund } from './refund-ledger.ts';
import type { Transaction } from './transaction.ts';

/** What became of value that is given back, minor units. */
export interface GivenBack {
  /** Taken off invoices. */
  readonly creditedMinor: number;
  /** Of that, what was paid before and is now the customer's money on account. */
  readonly onAccountMinor: number;
  /** What goes back as money. */
  readonly refundMinor: number;
  readonly refunds: readonly PlannedRefund[];
}

/**
 * Gives back the value of goods that came back, were lost or will not leave. What is invoiced is credited: what is open is owed no more, what was paid is money on
 * account. The rest, as far as it was captured for this shipment or for no shipment in particular and does not pay for what the customer keeps, becomes REFUND rows that the reconciler makes true. What was
 * neither invoiced nor captured is simply not asked for. The sale's row is locked.
 */
export async function giveBack(
  tx: Transaction,
  wish: {
    readonly sale: SaleOrder;
    readonly fulfilmentId: string | null;
    readonly amountMinor: number;
    readonly reason: string;
    readonly key: string;
    readonly at: Date;
    /** See `RefundWish`. */
    readonly nextAt?: Date;
  },
): Promise<GivenBack> {
  const { sale, fulfilmentId, amountMinor, reason, key, at } = wish;
  const nothing = { creditedMinor: 0, onAccountMinor: 0, refundMinor: 0, refunds: [] };
  if (amountMinor <= 0) return nothing;
  const backMinor = Math.min(amountMinor, (await mayGoBack(tx, sale)) + (await givenFor(tx, sale.id, key)));
  const credited = await creditInvoices(tx, { sale, fulfilmentId, amountMinor: backMinor, reference: key, at });
  const rest = backMinor - credited.creditedMinor;
  const refunds =
    rest > 0
      ? await requestRefunds(tx, sale, {
          appliedMinor: rest,
          unappliedMinor: 0,
          fulfilmentId,
          reason,
          key,
          at,
          ...(wish.nextAt && { nextAt: wish.nextAt }),
        })
      : [];
  return { ...credited, refundMinor: sum(refunds), refunds };
}

/** What of money and invoices is not needed for what the customer keeps or is promised; an adopted order's earlier money stands in no ledger of ours. */
const mayGoBack = async (tx: Transaction, sale: SaleOrder): Promise<number> =>
  sale.adoptedAt === null ? returnableMinor(await readBalance(tx, sale)) : Number.MAX_SAFE_INTEGER;

/** Value that will not leave any more: first the credit that is held for it shrinks, then the rest is given back. The sale's row is locked. */
export async function cancelValue(tx: Transaction, wish: Parameters<typeof giveBack>[1]): Promise<GivenBack> {
  const freed = await shrinkHold(tx, wish.sale, wish.amountMinor, wish.key, wish.at);
  return giveBack(tx, { ...wish, amountMinor: wish.amountMinor - freed });
}

/** How a shipment was paid, for the decision how it is given back; an invoice instead of a payment that failed counts as terms. */
export async function paidBy(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'paymentMethod'>,
  fulfilmentId: string,
): Promise<{
  readonly paidBy: 'TERMS' | 'CARD' | 'PREPAY' | 'DEPOSIT';
  readonly invoiceState: 'UNPAID' | 'PART_PAID' | 'PAID' | null;
}> {
  const invoice = await tx.one<{ amount: number; open: number; receivable: number }>(
    `select coalesce(sum(amount_minor), 0)::bigint as amount, coalesce(sum(open_minor), 0)::bigint as open,
            count(*) filter (where kind <> 'SHIPMENT') as receivable
       from orderflow.invoice where sale_order_id = $1 and fulfilment_id = $2`,
    [sale.id, fulfilmentId],
  );
  const method = sale.paymentMethod ?? 'TERMS';
  const invoiceState =
    invoice.amount === 0 ? null : invoice.open === 0 ? 'PAID' : invoice.open < invoice.amount ? 'PART_PAID' : 'UNPAID';
  if (method === 'TERMS') return { paidBy: 'TERMS', invoiceState: invoiceState ?? 'PAID' };
  return { paidBy: invoice.receivable > 0 ? 'TERMS' : method, invoiceState };
}

/**
 * Finance has transferred money back by hand. It settles what the key (else the sale) still has waiting for that, oldest first, and what exceeds it is a refund of its
 * own, as far as captures allow. The same reference is the same transfer. Answers how much was written down, and how much stands on no capture. The sale's row is locked.
 */
export async function recordManualRefund(
  tx: Transaction,
  sale: SaleOrder,
  refund: {
    readonly amountMinor: number;
    readonly reference: string;
    readonly key?: string;
    readonly reason?: string;
    readonly at: Date;
    readonly by?: string;
  },
): Promise<{ readonly writtenMinor: number; readonly missingMinor: number }> {
  const { reference, key, at, by = 'finance' } = refund;
  const known = await transferred(tx, sale.id, reference);
  if (known !== null) return { writtenMinor: known, missingMinor: 0 };
  const wanted = refund.amountMinor - (key === undefined ? 0 : await givenFor(tx, sale.id, key, { evenWaiting: false }));
  let rest = wanted;
  const waiting = await tx.query<Pick<Payment, 'reference' | 'amountMinor' | 'appliedMinor' | 'id'>>(
    `select id, reference, amount_minor as "amountMinor", applied_minor as "appliedMinor" from orderflow.payment
      where sale_order_id = $1 and kind = 'REFUND' and status = 'REQUESTED' and next_at is null and ($2::text is null or starts_with(reference, $2 || ':refund:'))
      order by recorded_at, id`,
    [sale.id, key ?? null],
  );
  for (const row of waiting) {
    if (row.amountMinor > rest) continue;
    // from here on it is no business of the provider's
    await tx.execute(`update orderflow.payment set provider = 'manual' where id = $1`, [row.id]);
    await settleRefund(tx, sale, row.reference, { status: 'accepted', providerReference: reference }, { nextAt: at, at, by });
    rest -= row.amountMinor;
  }
  for (const capture of await refundable(tx, sale.id)) {
    const appliedMinor = Math.min(rest, capture.appliedMinor);
    const amountMinor = appliedMinor + Math.min(rest - appliedMinor, capture.unappliedMinor);
    if (amountMinor <= 0) continue;
    const row = {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'REFUND' as const,
      provider: 'manual',
      reference: `${key ?? 'transfer'}:refund:${reference}:${capture.id}`,
      providerReference: reference,
      parentId: capture.id,
      fulfilmentId: capture.fulfilmentId,
      amountMinor,
      appliedMinor,
      currency: sale.currency,
      status: 'SUCCEEDED' as const,
      reason: refund.reason ?? null,
      occurredAt: at,
      recordedAt: at,
    };
    await tx.manager.insert(Payment, row);
    await countBack(tx, sale, row);
    await paymentEvent(tx, sale, 'payment.refunded', { id: row.id, amountMinor, appliedMinor });
    rest -= amountMinor;
  }
  return { writtenMinor: wanted - rest, missingMinor: Math.max(0, rest) };
}

/** What was given back for this key, or is on its way: off invoices, and by refunds that do not wait for somebody to transfer them unless `evenWaiting`. */
async function givenFor(tx: Transaction, saleOrderId: string, key: string, { evenWaiting = true } = {}): Promise<number> {
  const { credited } = await tx.one<{ credited: number }>(
    `select coalesce(sum(e.amount_minor), 0)::bigint as credited from orderflow.invoice_entry e join orderflow.invoice i on i.id = e.invoice_id
      where i.sale_order_id = $1 and e.kind = 'CREDITED' and e.reference = $2`,
    [saleOrderId, key],
  );
  const counts = evenWaiting ? ['REQUESTED', 'PENDING', 'UNKNOWN', 'SUCCEEDED'] : ['UNKNOWN', 'SUCCEEDED'];
  return credited + sum((await refundsOf(tx, saleOrderId, key)).filter(({ status }) => counts.includes(status)));
}

/** What a transfer by hand stands for, minor units; null when nobody has recorded it. */
export const transferred = async (tx: Transaction, saleOrderId: string, reference: string): Promise<number | null> =>
  (
    await tx.one<{ amount: number | null }>(
      `select sum(amount_minor)::bigint as amount from orderflow.payment
        where sale_order_id = $1 and kind = 'REFUND' and provider = 'manual' and provider_reference = $2`,
      [saleOrderId, reference],
    )
  ).amount;

const sum = (rows: readonly { readonly amountMinor: number }[]): number =>
  rows.reduce((total, row) => total + row.amountMinor, 0);
