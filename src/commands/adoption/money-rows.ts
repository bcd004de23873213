import { lineValueMinor } from '../../domain/money.ts';
import { newId } from '../../support/ids.ts';
import type { Batch, Draft } from './batch.ts';
import type { Case, CaseFulfilment } from './case.ts';
import type { Invoiced } from './credit-rows.ts';
import type { LegacySale } from './legacy.ts';

/** What was paid in the old system; nobody will ever look for it at a provider of ours. */
const provider = 'legacy';

/** Money that came and went back, and the attempts that failed. */
export function writePayments(draft: Draft, saleOrderId: string, { payments, method }: LegacySale, now: Date): void {
  const captures = new Map<string, string>();
  for (const payment of payments) {
    const id = newId();
    const isFailed = payment.kind === 'FAILED';
    draft.targets.set(`payments/${payment.reference}`, id);
    if (payment.kind === 'CAPTURE') captures.set(payment.reference, id);
    draft.rows.add('payment', {
      id,
      sale_order_id: saleOrderId,
      kind: isFailed ? 'INTENT' : payment.kind,
      provider,
      reference: payment.reference,
      parent_id: payment.kind === 'REFUND' ? (captures.get(payment.refundOf ?? '') ?? null) : null,
      amount_minor: payment.amountMinor,
      applied_minor: isFailed ? 0 : payment.amountMinor,
      currency: payment.currency,
      status: isFailed ? 'FAILED' : 'SUCCEEDED',
      failure_code: isFailed ? 'LEGACY' : null,
      method,
      attempts: 0,
      occurred_at: payment.occurredAt,
      recorded_at: now,
    });
  }
}

/**
 * Whatever has left on terms is invoiced: by the open invoices of the old system, which the sale gets, and for the rest by invoices that were paid there. Answers all
 * of them.
 */
export function coverShipments(
  batch: Batch,
  draft: Draft,
  sale: NonNullable<Case['sale']> & { readonly saleId: string; readonly onTermsMinor: number; readonly paidMinor: number },
  fulfilments: readonly CaseFulfilment[],
): readonly Invoiced[] {
  const open = batch.invoices.get(sale.number) ?? [];
  if (open.length > 0) draft.invoicesOf.push({ saleId: sale.saleId, ids: open.map((invoice) => invoice.id) });
  const invoiced: Invoiced[] = open.map(({ reference, amountMinor }) => ({ reference, amountMinor }));
  const profile = batch.profiles.get(`${sale.customer}/${sale.currency}`);
  // a sale that was over may be of a customer who has no credit any more; then nothing is owed either
  if (sale.onTermsMinor === 0 || !profile) return invoiced;
  let covered = sale.paidMinor + open.reduce((sum, invoice) => sum + invoice.amountMinor, 0);
  for (const [fulfilment, worth] of shippedValues(sale.lines, fulfilments)) {
    const missing = Math.max(0, worth - covered);
    covered -= worth - missing;
    if (missing === 0) continue;
    const id = newId();
    const at = fulfilment.shippedAt ?? batch.now;
    const reference = `backfill:${sale.number}:${fulfilment.number}`;
    invoiced.push({ reference, amountMinor: missing });
    draft.rows.add('invoice', {
      id,
      number: `${sale.number}/${fulfilment.number}`,
      kind: 'OPENING',
      credit_profile_id: profile.id,
      sale_order_id: sale.saleId,
      reference,
      amount_minor: missing,
      open_minor: 0,
      currency: sale.currency,
      issued_at: at,
      due_at: at,
      revision: 1,
    });
    for (const kind of ['ISSUED', 'PAID'])
      draft.rows.add('invoice_entry', { id: newId(), invoice_id: id, kind, amount_minor: missing, reference, at });
  }
  return invoiced;
}

/** What the shipped part of a line is worth in the order in which it left, minor units by shipment. */
function shippedValues(
  lines: NonNullable<Case['sale']>['lines'],
  fulfilments: readonly CaseFulfilment[],
): ReadonlyMap<CaseFulfilment, number> {
  const gone = new Map<number, number>();
  const left = [...fulfilments].filter(({ shippedAt }) => shippedAt).sort((a, b) => Number(a.shippedAt) - Number(b.shippedAt));
  return new Map(
    left.map((fulfilment) => {
      let worth = 0;
      for (const { lineNo, quantity } of fulfilment.lines) {
        const line = lines.find((each) => each.lineNo === lineNo);
        const from = gone.get(lineNo) ?? 0;
        if (line) worth += lineValueMinor(line, from, from + quantity);
        gone.set(lineNo, from + quantity);
      }
      return [fulfilment, worth];
    }),
  );
}
