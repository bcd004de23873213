import type { CarrierDecision } from './carrier.ts';
import type { Decision } from './decision.ts';
import type { PaymentDecision } from './payments.ts';

/** What can be asked of the sandbox; the part before the dot is the service. */
export type Operation =
  | 'payment.request'
  | 'payment.capture'
  | 'payment.void'
  | 'payment.refund'
  | 'payment.decline'
  | 'payment.reverse'
  | 'carrier.book'
  | 'carrier.deliver'
  | 'carrier.exception'
  | 'carrier.void'
  | 'carrier.trace'
  | 'carrier.return';

/** A decision that was taken: one line of the journal, written before its answer is sent. */
export interface Effect extends Omit<Decision, 'event'>, Pick<PaymentDecision, 'intents'>, Pick<CarrierDecision, 'shipments'> {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly operation: Operation;
  readonly idempotencyKey: string;
  /** SHA-256 of method, path and body: the same key with another hash is refused. */
  readonly requestHash: string;
  readonly webhook?: Webhook;
}

/** An event on its way to the customer. */
export interface Webhook {
  /** `webhook-id`: the same at every delivery. */
  readonly id: string;
  readonly provider: 'payments' | 'carrier';
  readonly type: string;
  /** The body, byte for byte. */
  readonly body: string;
  /** How often it is to be accepted: once, or more where the control asks for repetitions. */
  readonly copies: number;
}
