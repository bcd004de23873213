import { priceOf, termsOf } from '../../domain/pricing.ts';
import { newId, sha256 } from '../../support/ids.ts';
import type { Batch, Draft } from './batch.ts';
import type { Placed } from './case.ts';
import { planDeadline } from './deadline-rows.ts';
import { closedState, runningState } from './instance-rows.ts';
import type { LegacyQuotation } from './legacy.ts';
import { noOverride, openRequest } from './override-rows.ts';

/** Writes a quotation with its lines. Answers its id. */
export async function writeQuotation(batch: Batch, draft: Draft, quotation: LegacyQuotation & Placed): Promise<string> {
  const { now } = batch;
  const id = newId();
  draft.targets.set(`quotations/${quotation.number}`, id);
  const customerId = batch.known.customers.get(quotation.customer) ?? '';
  const { number, currency, createdBy, target } = quotation;
  const fingerprint = sha256(termsOf(customerId, currency, quotation.lines));
  const price = priceOf(
    quotation.lines.map((line) => ({ ...line, ...(batch.products.get(line.sku) ?? { listPriceMinor: 0, costMinor: 0 }) })),
  );
  const sentAt = quotation.sentAt ?? (target.state === 'SENT' || target.state === 'EXPIRED' ? quotation.createdAt : null);
  const instanceId = newId();
  const order = { ...quotation, instanceId, subject: { type: 'quotation', id } as const };
  // without a validity in the old system, that of a quotation that is sent now
  const validUntil =
    target.state === 'SENT'
      ? (quotation.validUntil ?? planDeadline(batch, draft, { subject: order.subject, kind: 'quotation-validity', instanceId }))
      : quotation.validUntil;
  const remindAt = validUntil && target.state === 'SENT' ? reminderBefore(validUntil, sentAt ?? now, now) : null;
  const amounts = { totalMinor: price.totalMinor, marginBp: price.marginBp, maxLineDiscountBp: price.maxLineDiscountBp };
  const approval =
    target.state === 'AWAITING_PRICE_OVERRIDE'
      ? openRequest(
          batch,
          draft,
          'PRICE',
          { ...order, fingerprint },
          {
            amountMinor: price.totalMinor,
            scope: { ...amounts, offerRevision: 1 },
            reason: `${number} was waiting for the approval of its price in the old system`,
          },
        )
      : null;
  const variable = {
    id,
    number,
    customerId,
    currency,
    offerRevision: 1,
    ...amounts,
    validUntil: validUntil?.toISOString() ?? null,
    remindAt: remindAt?.toISOString() ?? null,
    result: null,
  };
  const rule = approval?.rule ?? { approvals: 0, decideHours: 0, useDays: 0 };
  const facts = { quotation: variable, override: approval?.override ?? noOverride, approval: { level: 'L1', ...rule } };
  const state = target.over
    ? closedState(batch, draft, order, 'quotation')
    : await runningState(batch, draft, order, { instanceId, phase: 'quotation', variables: { quotation: variable }, facts });
  draft.rows.add('quotation', {
    id,
    number,
    customer_id: customerId,
    currency,
    offer_revision: 1,
    total_minor: price.totalMinor,
    max_line_discount_bp: price.maxLineDiscountBp,
    margin_bp: price.marginBp,
    fingerprint,
    valid_until: validUntil,
    remind_at: remindAt,
    sent_at: sentAt,
    accepted_at: target.state === 'APPROVED' ? (quotation.acceptedAt ?? quotation.createdAt) : null,
    closed_at: target.over ? (quotation.events.at(-1)?.at ?? quotation.createdAt) : null,
    revision: 1,
    created_by: createdBy,
    authors: [],
    created_at: quotation.createdAt,
    ...state,
  });
  for (const line of quotation.lines) {
    draft.rows.add('quotation_line', {
      id: newId(),
      quotation_id: id,
      line_no: line.lineNo,
      sku: line.sku,
      quantity: line.quantity,
      unit_price_minor: line.unitPriceMinor,
      discount_bp: line.discountBp,
      tax_bp: line.taxBp,
      follows_list: false,
    });
  }
  return id;
}

/** Two thirds of the way to the end; where that is over, half of what is left: nobody is reminded because of the adoption. */
function reminderBefore(validUntil: Date, sentAt: Date, now: Date): Date {
  const planned = sentAt.getTime() + ((validUntil.getTime() - sentAt.getTime()) * 2) / 3;
  return new Date(planned > now.getTime() ? planned : (now.getTime() + validUntil.getTime()) / 2);
}
