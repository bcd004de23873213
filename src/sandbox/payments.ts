import { z } from 'zod';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Decision } from './decision.ts';
import { problem, Refused } from './router.ts';

const amountMinor = z.int().positive();
const currency = z.string().regex(/^[A-Z]{3}$/, 'is three capital letters (ISO 4217)');
const reference = z.string().min(1).max(200);

export const intentRequest = z.strictObject({ reference, amountMinor, currency, method: z.string().min(1) });
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
  readonly status: 'open' | 'declined' | 'voided';
  readonly captures: readonly Capture[];
  readonly createdAt: string;
}

export interface Capture {
  readonly id: string;
  readonly amountMinor: number;
  readonly refundedMinor: number;
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
 * `POST /payments/intents/{id}/captures`: a person pays. More than was asked for is taken, and so is money for a voided intent:
 * a transfer under way cannot be called back.
 */
export function capture(
  intent: Intent,
  request: z.infer<typeof captureRequest>,
  at: string,
  decline: () => boolean,
): PaymentDecision {
  if (intent.status === 'declined')
    throw new Refused(409, 'intent-declined', `Intent ${intent.id} was declined; request a new payment`);
  const about = aboutIntent(intent, request.amountMinor);
  const facts = {
    reference: intent.reference,
    providerReference: intent.id,
    amountMinor: request.amountMinor,
    currency: intent.currency,
  };
  if (decline()) {
    const message = `The payer's bank declined ${request.amountMinor} ${intent.currency} (minor units) for ${intent.reference}`;
    const event = { type: 'payment.declined', data: { ...facts, code: 'payment-declined', message, occurredAt: at } };
    return {
      ...about,
      outcome: 'declined',
      answer: problem(402, 'payment-declined', message),
      intents: [{ ...intent, status: 'declined' }],
      event,
    };
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

/** `POST /payments/refunds`: gives back captured money, the oldest captures first. Never more than was captured. */
export function refund(intents: Intents, request: z.infer<typeof refundRequest>, decline: boolean): PaymentDecision {
  const { captureReference = null, ...asked } = request;
  const id = `re_${newId()}`;
  const about = {
    reference: request.reference,
    providerReference: id,
    amountMinor: request.amountMinor,
    currency: request.currency,
  };
  const refuse = (status: number, code: string, detail: string): PaymentDecision => ({
    ...about,
    outcome: 'declined',
    answer: problem(status, code, detail),
  });
  if (decline) return refuse(402, 'refund-declined', `The refund to the payer of ${request.reference} was declined`);

  let rest = request.amountMinor;
  const changed: Intent[] = [];
  for (const intent of withReference(intents, request.reference)) {
    if (intent.currency !== request.currency) continue;
    const captures = intent.captures.map((capture) => {
      if (captureReference !== null && captureReference !== capture.id) return capture;
      const part = Math.min(rest, capture.amountMinor - capture.refundedMinor);
      rest -= part;
      return { ...capture, refundedMinor: capture.refundedMinor + part };
    });
    changed.push({ ...intent, captures });
  }
  if (rest === 0)
    return { ...about, outcome: 'done', answer: { status: 201, body: { id, ...asked, captureReference } }, intents: changed };
  const left = `${request.amountMinor - rest} ${request.currency} (minor units)`;
  return refuse(
    409,
    'refund-exceeds-captures',
    `Of the captures of ${captureReference ?? request.reference} only ${left} are left`,
  );
}

const withReference = (intents: Intents, reference: string): Intent[] =>
  [...intents.values()].filter((intent) => intent.reference === reference);

const aboutIntent = (intent: Intent, amountMinor?: number) => ({
  reference: intent.reference,
  providerReference: intent.id,
  currency: intent.currency,
  ...(amountMinor === undefined ? {} : { amountMinor }),
});

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
