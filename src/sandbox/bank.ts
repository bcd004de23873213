import { z } from 'zod';
import { newId } from '../support/ids.ts';
import { leftOf, type Capture, type Intent, type Intents, type PaymentDecision } from './payments.ts';
import { Refused } from './router.ts';

// What the payer's bank does by itself, days after everybody thought that it was settled.

export const declineRequest = z.strictObject({ code: z.string().min(1).default('payment-declined') }).nullable();
/** Of all that is left of the capture when no amount is given. */
export const reversalRequest = z
  .strictObject({ amountMinor: z.int().positive().optional(), reason: z.string().min(1).default('fraudulent') })
  .nullable();

/** `POST /payments/intents/{id}/decline`: the bank takes its word back, before anything more was paid. */
export function declineLater(intent: Intent, request: z.infer<typeof declineRequest>, at: string): PaymentDecision {
  const { reference, id: providerReference, amountMinor, currency } = intent;
  const about = { reference, providerReference, amountMinor, currency };
  if (intent.status !== 'open')
    return { ...about, outcome: 'unchanged', answer: { status: 200, body: { status: intent.status } } };
  const code = request?.code ?? 'payment-declined';
  const message = `The payer's bank declined ${amountMinor} ${currency} (minor units) for ${reference}`;
  return {
    ...about,
    outcome: 'done',
    answer: { status: 200, body: { status: 'declined' } },
    intents: [{ ...intent, status: 'declined' }],
    event: { type: 'payment.declined', data: { ...about, code, message, occurredAt: at } },
  };
}

/** `POST /payments/captures/{id}/reversal`: a chargeback, of no more than is left of the capture. */
export function reverse(
  [intent, capture]: readonly [Intent, Capture],
  request: z.infer<typeof reversalRequest>,
  at: string,
): PaymentDecision {
  const amountMinor = request?.amountMinor ?? leftOf(capture);
  if (amountMinor > leftOf(capture) || amountMinor === 0)
    throw new Refused(409, 'reversal-exceeds-capture', `Of the capture ${capture.id} ${leftOf(capture)} (minor units) are left`);
  const { reference, currency } = intent;
  const id = `cb_${newId()}`;
  const captures = intent.captures.map((each) =>
    each.id === capture.id ? { ...each, reversedMinor: (each.reversedMinor ?? 0) + amountMinor } : each,
  );
  const facts = { reference, captureReference: capture.id, reversalReference: id, amountMinor, currency };
  return {
    outcome: 'done',
    reference,
    providerReference: id,
    amountMinor,
    currency,
    answer: { status: 201, body: { id, captureReference: capture.id, amountMinor } },
    intents: [{ ...intent, captures }],
    event: { type: 'payment.reversed', data: { ...facts, reason: request?.reason ?? 'fraudulent', occurredAt: at } },
  };
}

/** The capture with this id and the intent that it belongs to. @throws Refused 404 */
export function findCapture(intents: Intents, id: string): readonly [Intent, Capture] {
  for (const intent of intents.values()) {
    const capture = intent.captures.find((each) => each.id === id);
    if (capture) return [intent, capture];
  }
  throw new Refused(404, 'no-such-capture', `There is no capture ${id}`);
}
