import type { JsonObject } from '../../support/json.ts';
import type { LegacyFulfilment, LegacyQuotation, LegacyReturn, LegacySale } from './legacy.ts';

/** How long goods can be sent back when the old system does not say until when, ms. */
const returnWindowMs = 30 * 86_400_000;

const day = (at: Date | null): string | null => at?.toISOString() ?? null;

export const windowEndOf = ({ returnWindowEndsAt, deliveredAt }: LegacyFulfilment): Date | null =>
  returnWindowEndsAt ?? (deliveredAt && new Date(deliveredAt.getTime() + returnWindowMs));

/** How a total is split by method, as the diagram `sale` does it (docs/adr/0015). */
export function splitOf(method: LegacySale['method'], totalMinor: number): { onTermsMinor: number; prepayMinor: number } {
  if (method === null) return { onTermsMinor: 0, prepayMinor: 0 };
  const prepayMinor = method === 'TERMS' ? 0 : method === 'DEPOSIT' ? Math.floor((totalMinor * 20) / 100) : totalMinor;
  return { onTermsMinor: totalMinor - prepayMinor, prepayMinor };
}

const sum = <Item>(items: readonly Item[], amount: (item: Item) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);

/** Money that came, went back, and how often a payment failed. */
export const paidOf = ({ payments }: LegacySale): { paid: number; refunded: number; failures: number } => ({
  paid: sum(payments, ({ kind, amountMinor }) => (kind === 'CAPTURE' ? amountMinor : 0)),
  refunded: sum(payments, ({ kind, amountMinor }) => (kind === 'REFUND' ? amountMinor : 0)),
  failures: payments.filter(({ kind }) => kind === 'FAILED').length,
});

// What the conditions of the status mapping can ask for (docs/rollout.md).

export const quotationFacts = (quotation: LegacyQuotation, hasSale: boolean, now: Date): JsonObject => ({
  expired: quotation.validUntil !== null && quotation.validUntil <= now,
  validUntil: day(quotation.validUntil),
  hasSale,
});

export function saleFacts(sale: LegacySale, openFulfilments: number): JsonObject {
  const { paid, refunded, failures } = paidOf(sale);
  const { onTermsMinor, prepayMinor } = splitOf(sale.method, sale.totalMinor);
  const shipped = sum(
    sale.fulfilments.filter((fulfilment) => fulfilment.shippedAt),
    ({ lines }) => sum(lines, ({ quantity }) => quantity),
  );
  return {
    method: sale.method,
    reason: sale.statusReason?.toUpperCase() ?? null,
    onTerms: onTermsMinor,
    prepay: prepayMinor,
    captured: paid - refunded,
    paid,
    failures,
    fulfilments: sale.fulfilments.length,
    openFulfilments,
    shipped,
  };
}

export const fulfilmentFacts = (fulfilment: LegacyFulfilment, openReturns: number, now: Date): JsonObject => {
  const windowEnd = windowEndOf(fulfilment);
  return {
    shipped: fulfilment.shippedAt !== null,
    delivered: fulfilment.deliveredAt !== null,
    pieces: sum(fulfilment.lines, ({ quantity }) => quantity),
    reserved: sum(fulfilment.lines, ({ reserved }) => reserved),
    returned: sum(fulfilment.returns, ({ lines }) => sum(lines, ({ accepted }) => accepted)),
    windowOpen: windowEnd !== null && windowEnd > now,
    openReturns,
  };
};

export const returnFacts = (request: LegacyReturn): JsonObject => ({
  received: request.receivedAt !== null,
  requested: sum(request.lines, ({ requested }) => requested),
  accepted: sum(request.lines, ({ accepted }) => accepted),
});
