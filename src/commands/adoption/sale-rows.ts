import { saleTermsOf } from '../../domain/pricing.ts';
import { newId, sha256 } from '../../support/ids.ts';
import type { Batch, Draft } from './batch.ts';
import type { Case, CaseFulfilment } from './case.ts';
import { holdCredit, profileOf } from './credit-rows.ts';
import { planDeadline } from './deadline-rows.ts';
import { paidOf, splitOf } from './facts.ts';
import { closedState, runningState } from './instance-rows.ts';
import { coverShipments, writePayments } from './money-rows.ts';
import { noOverride, openRequest } from './override-rows.ts';
import { reserveLine } from './stock-rows.ts';

/** The lines of a sale by number, as the writers of its shipments need them. */
export interface WrittenSale {
  readonly id: string;
  readonly lineIds: ReadonlyMap<number, string>;
}

/** States in which credit is held. */
const holding: Readonly<Record<string, 'HELD' | 'COMMITTED'>> = { AWAITING_PAYMENT: 'HELD', CLEARED: 'COMMITTED' };
/** States in which nobody has agreed on how it is paid. */
const notAgreed = ['AWAITING_PAYMENT_METHOD', 'AWAITING_ADMIN_OVERRIDE'];

/** Writes a sale with its lines, its ledgers of money and credit, and its instance. */
export async function writeSale(
  batch: Batch,
  draft: Draft,
  { sale, fulfilments, confirmedAt }: Case & { readonly sale: NonNullable<Case['sale']> },
  quotationId: string | null,
): Promise<WrittenSale> {
  const handedOver = batch.handedOver.get(sale.number);
  const id = handedOver?.id ?? newId();
  draft.targets.set(`sale_orders/${sale.number}`, id);
  const { number, currency, target } = sale;
  const isCancelled = target.state === 'CANCELLED';
  const customerId = batch.known.customers.get(sale.customer) ?? '';
  const lines = sale.lines.map((line) => ({ ...line, ordered: line.quantity, cancelled: isCancelled ? 0 : line.cancelled }));
  const fingerprint = sha256(saleTermsOf(customerId, currency, lines));
  const instanceId = newId();
  const order = { ...sale, instanceId, subject: { type: 'sale_order', id } as const, fingerprint };
  const { paid, refunded, failures } = paidOf(sale);
  const method = failures > 0 && target.state === 'AWAITING_PAYMENT_METHOD' ? null : sale.method;
  const split = notAgreed.includes(target.state) ? { onTermsMinor: 0, prepayMinor: 0 } : splitOf(method, sale.totalMinor);
  const dueAt =
    target.state === 'AWAITING_PAYMENT'
      ? planDeadline(batch, draft, { subject: order.subject, kind: 'payment-due', instanceId }).toISOString()
      : null;
  const invoices = coverShipments(
    batch,
    draft,
    { ...order, saleId: id, onTermsMinor: split.onTermsMinor, paidMinor: paid },
    fulfilments,
  );

  const lineIds = new Map(sale.lines.map((line) => [line.lineNo, handedOver?.lines[String(line.lineNo)] ?? newId()]));
  let state;
  if (target.over) {
    state = closedState(batch, draft, order, 'sale');
  } else {
    const override = overrideOf(batch, draft, order, split.onTermsMinor);
    const variables = {
      sale: { id, number, customerId, currency, totalMinor: sale.totalMinor, result: null },
      payment: { method, ...split, attempts: failures, dueAt: null },
    };
    state = await runningState(batch, draft, order, {
      instanceId,
      phase: 'sale',
      variables,
      facts: {
        sale: variables.sale,
        payment: { ...variables.payment, dueAt },
        method,
        attempts: failures,
        captured: paid - refunded,
        fulfilments: fulfilments.length,
        excessMinor: override.excessMinor,
        override: override.variable,
        admission: { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false, outcome: null, reasonCode: null },
      },
    });
    const status = holding[target.state];
    if (status !== undefined && split.onTermsMinor > 0) {
      const own = batch.invoices.get(number) ?? [];
      holdCredit(batch, draft, {
        ...order,
        onTermsMinor: split.onTermsMinor,
        invoices,
        ownOpenMinor: own.reduce((sum, invoice) => sum + invoice.openMinor, 0),
        status,
      });
    }
  }
  draft.rows.add('sale_order', {
    id,
    number,
    quotation_id: quotationId ?? handedOver?.quotationId ?? null,
    customer_id: customerId,
    currency,
    fingerprint,
    total_minor: sale.totalMinor,
    on_terms_minor: split.onTermsMinor,
    prepay_minor: split.prepayMinor,
    captured_minor: paid,
    refunded_minor: refunded,
    payment_method: method,
    cleared_at: target.state === 'CLEARED' || target.state === 'COMPLETED' ? confirmedAt : null,
    closed_at: target.over ? (sale.closedAt ?? sale.events.at(-1)?.at ?? confirmedAt) : null,
    revision: handedOver ? 2 : 1,
    created_by: sale.createdBy,
    authors: [],
    created_at: sale.createdAt,
    ...state,
  });
  writePayments(draft, id, sale, batch.now);
  for (const line of lines) {
    const lineId = lineIds.get(line.lineNo) ?? '';
    const counts = countPieces(line.lineNo, fulfilments);
    const reserved = line.reserved + counts.reserved;
    const left = line.ordered - line.cancelled - counts.shipped - reserved;
    draft.rows.add('sale_line', {
      id: lineId,
      sale_order_id: id,
      line_no: line.lineNo,
      sku: line.sku,
      unit_price_minor: line.unitPriceMinor,
      discount_bp: line.discountBp,
      tax_bp: line.taxBp,
      ordered: line.ordered,
      cancelled: isCancelled ? line.ordered : line.cancelled,
      reserved,
      backordered: target.state === 'CLEARED' ? left : 0,
      shipped: counts.shipped,
      delivered: counts.delivered,
      lost: counts.lost,
      return_requested: counts.returnRequested,
      returned: counts.returned,
    });
    if (line.reserved > 0) reserveLine(batch, draft, { saleNumber: number, lineId, sku: line.sku, quantity: line.reserved });
  }
  return { id, lineIds };
}

/** What of a line is where, from its shipments and returns. */
function countPieces(lineNo: number, fulfilments: readonly CaseFulfilment[]) {
  const counts = { reserved: 0, shipped: 0, delivered: 0, lost: 0, returnRequested: 0, returned: 0 };
  for (const { lines, shippedAt, deliveredAt, target, returns } of fulfilments) {
    const line = lines.find((each) => each.lineNo === lineNo);
    if (!line || target.state === 'CANCELLED') continue;
    if (!shippedAt) counts.reserved += line.reserved;
    else counts.shipped += line.quantity;
    if (deliveredAt) counts.delivered += line.quantity;
    if (target.state === 'LOST') counts.lost += line.quantity;
    for (const { lines: back, target: at } of returns) {
      const own = back.find((each) => each.lineNo === lineNo);
      if (!own) continue;
      if (!at.over) counts.returnRequested += own.requested;
      else if (at.state === 'RETURN_COMPLETED') counts.returned += own.accepted;
    }
  }
  return counts;
}

/** The request that the sale waits for, if it waits for one. */
function overrideOf(
  batch: Batch,
  draft: Draft,
  order: Parameters<typeof openRequest>[3] & {
    readonly target: { readonly state: string };
    readonly totalMinor: number;
    readonly customer: string;
    readonly currency: string;
  },
  onTermsMinor: number,
) {
  const { target, number, totalMinor } = order;
  if (target.state === 'AWAITING_ADMIN_OVERRIDE') {
    const { override } = openRequest(batch, draft, 'ADMIN', order, {
      amountMinor: totalMinor,
      scope: { reasons: ['LEGACY'], totalMinor },
      reason: `${number} was waiting to be admitted in the old system`,
    });
    return { variable: override, excessMinor: 0 };
  }
  if (target.state !== 'AWAITING_CREDIT_OVERRIDE') return { variable: noOverride, excessMinor: 0 };
  const { limitMinor, exposureMinor } = profileOf(batch, order);
  const excessMinor = Math.max(0, Math.min(onTermsMinor, exposureMinor + onTermsMinor - limitMinor));
  const { override } = openRequest(batch, draft, 'CREDIT', order, {
    amountMinor: excessMinor,
    scope: { excessMinor, snapshotId: null },
    reason: `${number} was waiting for the approval of its credit in the old system`,
  });
  return { variable: override, excessMinor };
}
