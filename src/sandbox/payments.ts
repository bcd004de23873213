import { z } from 'zod';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Decision } from './decision.ts';
import { problem, Refused } from './router.ts';

const amountMinor = z.int().positive();
const currency = z.string().regex(/^[A-Z]{3}$/, 'is three capital letters (ISO 4217)');
const reference = z.string().min(1).max(200);

export const intentRequest = z.strictObject({
  reference,
  amountMinor,
  currency,
  method: z.string().min(1),
  /** `manual`: an authorisation, of which the customer takes parts; else whatever the payer pays is taken. */
  captureMethod: z.enum(['automatic', 'manual']).optional(),
});
export const captureRequest = z.strictObject({ amountMinor });
/** `POST /payments/intents/{id}/void` needs no body. */
export const voidRequest = z.strictObject({}).nullable();
export const refundRequest = z.strictObject({ reference, amountMinor, currency, captureReference: z.string().optional() });

/** What the provider was asked to collect, and what was paid upon it. Amounts in the currency's smallest unit. */
export interface Intent {
  readonly id: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  readonly captureMethod?: 'automatic' | 'manual' | undefined;
  readonly status: 'open' | 'declined' | 'voided';
  readonly captures: readonly Capture[];
  readonly createdAt: string;
}

export interface Capture {
  readonly id: string;
  readonly amountMinor: number;
  readonly refundedMinor: number;
  /** Taken back by the payer's bank. */
  readonly reversedMinor?: number;
  readonly occurredAt: string;
}

/** A decision, and the intents that it changed, as they are now. */
export interface PaymentDecision extends Decision {
  readonly intents?: readonly Intent[];
}

/** All intents by id, oldest first. */
export type Intents = ReadonlyMap<string, Intent>;

/** The intent with this id, else the newest one with this reference. @throws Refused 404 */
export function findIntent(intents: Intents, idOrReference: string): Intent {
  const found = intents.get(idOrReference) ?? withReference(intents, idOrReference).at(-1);
  if (found) return found;
  throw new Refused(404, 'no-such-intent', `There is no payment intent with the id or reference ${idOrReference}`);
}

/** An intent as callers see it. */
export const intentBody = (intent: Intent): JsonObject => ({
  ...intent,
  captureMethod: intent.captureMethod ?? 'automatic',
  captures: intent.captures.map((capture) => ({ ...capture })),
  capturedMinor: sum(intent.captures.map((capture) => capture.amountMinor)),
  refundedMinor: sum(intent.captures.map((capture) => capture.refundedMinor)),
});

/** `POST /payments/intents`: asks the payer for money. A declined intent is kept, so that a retry is declined too. */
export function requestPayment(request: z.infer<typeof intentRequest>, at: string, decline: boolean): PaymentDecision {
  const status = decline ? 'declined' : 'open';
  const intent: Intent = { id: `pi_${newId()}`, ...request, status, captures: [], createdAt: at };
  const declined = `The payment of ${request.reference} by ${request.method} was declined; try another method`;
  const answer = decline ? problem(402, 'payment-declined', declined) : { status: 201, body: intentBody(intent) };
  return { outcome: decline ? 'declined' : 'done', answer, ...aboutIntent(intent, request.amountMinor), intents: [intent] };
}

/**
 * `POST /payments/intents/{id}/captures`: a person pays, or the customer takes a part of an authorisation. Of that never more than is left of it. Else more than was
 * asked for is taken, and so is money for a voided intent: a transfer under way cannot be called back.
 */
export function capture(
  intent: Intent,
  request: z.infer<typeof captureRequest>,
  at: string,
  decline: () => boolean,
): PaymentDecision {
  if (intent.status === 'declined')
    throw new Refused(409, 'intent-declined', `Intent ${intent.id} was declined; request a new payment`);
  if (intent.captureMethod === 'manual') {
    const left = intent.amountMinor - sum(intent.captures.map((capture) => capture.amountMinor));
    if (intent.status === 'voided')
      throw new Refused(409, 'authorization-voided', `The authorisation ${intent.id} was voided; request a new one`);
    if (request.amountMinor > left) {
      const detail = `Of the authorisation ${intent.id} ${left} ${intent.currency} (minor units) are left`;
      throw new Refused(409, 'capture-exceeds-authorization', detail);
    }
  }
  const about = aboutIntent(intent, request.amountMinor);
  const facts = {
    reference: intent.reference,
    providerReference: intent.id,
    amountMinor: request.amountMinor,
    currency: intent.currency,
  };
  if (decline()) {
    const message = `The payer's bank declined ${request.amountMinor} ${intent.currency} (minor units) for ${intent.reference}`;
    const refused = { ...about, outcome: 'declined' as const, answer: problem(402, 'payment-declined', message) };
    // whoever asked for a part of an authorisation has the answer; the authorisation itself stands
    if (intent.captureMethod === 'manual') return refused;
    const event = { type: 'payment.declined', data: { ...facts, code: 'payment-declined', message, occurredAt: at } };
    return { ...refused, intents: [{ ...intent, status: 'declined' }], event };
  }
  const taken: Capture = { id: `cap_${newId()}`, amountMinor: request.amountMinor, refundedMinor: 0, occurredAt: at };
  const paid: Intent = { ...intent, captures: [...intent.captures, taken] };
  return {
    ...about,
    outcome: 'done',
    providerReference: taken.id,
    answer: { status: 201, body: { ...taken, intent: intentBody(paid) } },
    intents: [paid],
    event: { type: 'payment.captured', data: { ...facts, captureReference: taken.id, occurredAt: at } },
  };
}

/** `POST /payments/intents/{id}/void`: stops asking. What was captured stays. */
export function voidIntent(intent: Intent): PaymentDecision {
  const voided: Intent = { ...intent, status: 'voided' };
  if (intent.status !== 'open')
    return { ...aboutIntent(intent), outcome: 'unchanged', answer: { status: 200, body: intentBody(intent) } };
  return { ...aboutIntent(intent), outcome: 'done', answer: { status: 200, body: intentBody(voided) }, intents: [voided] };
}

/** `POST /payments/refunds`: gives back captured money, the oldest captures first. Never more than was captured. Tells of it, whoever asked. */
export function refund(intents: Intents, request: z.infer<typeof refundRequest>, at: string, decline: boolean): PaymentDecision {
  const { captureReference = null, ...asked } = request;
  const { reference, amountMinor, currency } = request;
  const id = `re_${newId()}`;
  const about = { reference, providerReference: id, amountMinor, currency };
  const refuse = (status: number, code: string, detail: string): PaymentDecision => ({
    ...about,
    outcome: 'declined',
    answer: problem(status, code, detail),
  });
  if (decline) return refuse(402, 'refund-declined', `The refund to the payer of ${reference} was declined`);

  let rest = amountMinor;
  const changed: Intent[] = [];
  const parts: { captureReference: string; amountMinor: number }[] = [];
  for (const intent of withReference(intents, reference)) {
    if (intent.currency !== currency) continue;
    const captures = intent.captures.map((capture) => {
      if (captureReference !== null && captureReference !== capture.id) return capture;
      const part = Math.min(rest, leftOf(capture));
      if (part === 0) return capture;
      rest -= part;
      parts.push({ captureReference: capture.id, amountMinor: part });
      return { ...capture, refundedMinor: capture.refundedMinor + part };
    });
    changed.push({ ...intent, captures });
  }
  if (rest > 0) {
    const left = `${amountMinor - rest} ${currency} (minor units)`;
    return refuse(409, 'refund-exceeds-captures', `Of the captures of ${captureReference ?? reference} only ${left} are left`);
  }
  return {
    ...about,
    outcome: 'done',
    answer: { status: 201, body: { id, ...asked, captureReference } },
    intents: changed,
    event: {
      type: 'payment.refunded',
      data: { reference, refundReference: id, amountMinor, currency, captures: parts, occurredAt: at },
    },
  };
}

/** What of a capture has neither gone back nor been taken back. */
export const leftOf = (capture: Capture): number => capture.amountMinor - capture.refundedMinor - (capture.reversedMinor ?? 0);

const withReference = (intents: Intents, reference: string): Intent[] =>
  [...intents.values()].filter((intent) => intent.reference === reference);

const aboutIntent = (intent: Intent, amountMinor?: number) => ({
  reference: intent.reference,
  providerReference: intent.id,
  currency: intent.currency,
  ...(amountMinor === undefined ? {} : { amountMinor }),
});

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
