import { settleCapture } from '../persistence/captures.ts';
import { Payment, type SaleOrder } from '../persistence/entities/index.ts';
import { leaveMessage } from '../persistence/messages.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import { declineRequest, paymentProvider } from '../persistence/payments.ts';
import { settleRefund } from '../persistence/refund-ledger.ts';
import { recordLoss, type LostMoney } from '../persistence/reversals.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { saleOrderId } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { amount, optionalText, text } from './event-data.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import { applyCapture } from './record-capture.ts';
import type { Unit } from './unit.ts';

/** What a payment provider may tell us of. */
export const moneyEventTypes = ['payment.captured', 'payment.declined', 'payment.refunded', 'payment.reversed'];

/** How long a refusal waits for a sale that is just about to wait for its money, ms. */
const declineTtl = 600_000;
/** And how long for one that is suspended, ms. */
const restingTtl = 365 * 86_400_000;

/** Takes in what a payment provider tells: first into the ledger, then to the sale, which reads the ledger for itself. @throws Problem not-found, malformed-request */
export async function takeMoneyEvent(
  unit: Unit,
  event: { readonly type: string; readonly eventId: string; readonly data: JsonObject },
): Promise<string> {
  const { type, data } = event;
  if (type === 'payment.captured') return captured(unit, data);
  if (type === 'payment.declined') return declined(unit, event.eventId, data);
  return type === 'payment.refunded' ? refunded(unit, data) : reversed(unit, data);
}

/** Money that the payer paid, or that we took of an authorisation ourselves: our key says so, and its row is there since before we asked. */
async function captured(unit: Unit, data: JsonObject): Promise<string> {
  const { tx, now } = unit;
  const key = optionalText(data, 'idempotencyKey');
  const ours =
    key === undefined
      ? null
      : await tx.manager.findOneBy(Payment, { provider: paymentProvider, kind: 'CAPTURE', reference: key });
  if (ours) {
    const sale = await lockSaleOrder(tx, ours.saleOrderId);
    const answer = { status: 'accepted', providerReference: text(data, 'captureReference') } as const;
    await settleCapture(tx, sale, ours.reference, answer, now, now);
    return ours.status === 'SUCCEEDED' ? 'known' : 'recorded';
  }
  const requestReference = optionalText(data, 'providerReference');
  const { isNew } = await applyCapture(unit, paymentProvider, {
    saleOrderId: text(data, 'reference'),
    amountMinor: amount(data, 'amountMinor'),
    currency: text(data, 'currency'),
    reference: text(data, 'captureReference'),
    ...(requestReference !== undefined && { requestReference }),
  });
  return isNew ? 'recorded' : 'known';
}

/** The payer's bank said no after the provider had accepted the request. */
async function declined(unit: Unit, eventId: string, data: JsonObject): Promise<string> {
  const { tx } = unit;
  const order = await lockOrder(tx, 'sale_order', text(data, 'reference'), undefined, { evenSuspended: true });
  const sale = await lockSaleOrder(tx, order.id);
  if (!(await declineRequest(tx, sale, text(data, 'providerReference'), optionalText(data, 'code') ?? 'payment-declined'))) {
    if (await hasUnanswered(tx, sale)) {
      const message = `We are just asking for the money of ${sale.number} and have no answer yet. Tell us again.`;
      throw new Problem('unavailable', message, { retryAfter: 2 });
    }
    return 'known';
  }
  const subscription = await lockSubscription(tx, 'payment.declined', sale.id);
  if (subscription && order.instance.suspendedAt === null) {
    await correlate(unit, subscription, 'payment.declined', {});
    return 'delivered';
  }
  if (order.instance.status !== 'running') return 'recorded';
  await leaveMessage(tx, {
    name: 'payment.declined',
    correlationKey: sale.id,
    variables: {},
    source: 'provider:payments',
    messageId: eventId,
    timeToLiveMs: order.instance.suspendedAt === null ? declineTtl : restingTtl,
  });
  return 'buffered';
}

/** A refund of ours that is told of before, after or instead of its answer; or one that somebody made at the provider. */
async function refunded(unit: Unit, data: JsonObject): Promise<string> {
  const { tx, now } = unit;
  const sale = await lockSale(tx, text(data, 'reference'));
  const key = optionalText(data, 'idempotencyKey');
  const ours =
    key === undefined ? null : await tx.manager.findOneBy(Payment, { provider: paymentProvider, kind: 'REFUND', reference: key });
  const refundReference = text(data, 'refundReference');
  if (ours) {
    const settle = { nextAt: now, at: now, by: unit.actor.id };
    await settleRefund(tx, sale, ours.reference, { status: 'accepted', providerReference: refundReference }, settle);
    return ours.status === 'SUCCEEDED' ? 'known' : 'recorded';
  }
  let recorded = false;
  for (const part of partsOf(data)) {
    const captureReference = text(part, 'captureReference');
    const reference = `${refundReference}:${captureReference}`;
    const loss = {
      kind: 'REFUND',
      reference,
      captureReference,
      amountMinor: amount(part, 'amountMinor'),
      occurredAt: now,
    } as const;
    if ((await lose(tx, sale, loss, now)) === 'recorded') recorded = true;
  }
  return recorded ? 'recorded' : 'known';
}

/** A chargeback; it may come long after the sale is done. */
async function reversed({ tx, now }: Unit, data: JsonObject): Promise<string> {
  const sale = await lockSale(tx, text(data, 'reference'));
  const loss = {
    kind: 'REVERSAL',
    reference: text(data, 'reversalReference'),
    captureReference: text(data, 'captureReference'),
    amountMinor: amount(data, 'amountMinor'),
    occurredAt: now,
  } as const;
  return lose(tx, sale, loss, now);
}

/** @throws Problem not-found when the capture itself has not been told of yet; the provider tells again later */
async function lose(tx: Transaction, sale: SaleOrder, loss: LostMoney, at: Date): Promise<'recorded' | 'known'> {
  const result = await recordLoss(tx, sale, loss, at);
  if (result === 'no-capture')
    throw new Problem('not-found', `There is no capture ${loss.captureReference} of ${sale.number} yet.`);
  return result;
}

const partsOf = (data: JsonObject): JsonObject[] => {
  const parts = data['captures'];
  return Array.isArray(parts) ? parts.filter(isJsonObject) : [];
};

/** A sale whose instance has no part in it: what is written down here moves nothing. @throws Problem not-found */
const lockSale = async (tx: Transaction, idOrNumber: string): Promise<SaleOrder> =>
  lockSaleOrder(tx, await saleOrderId(tx, idOrNumber));

const hasUnanswered = async (tx: Transaction, sale: SaleOrder): Promise<boolean> =>
  (
    await tx.query(
      `select 1 from orderflow.payment where sale_order_id = $1 and kind in ('INTENT', 'AUTH') and provider_reference is null
          and status in ('REQUESTED', 'PENDING', 'UNKNOWN') limit 1`,
      [sale.id],
    )
  ).length > 0;
