/**
 * The ports to the world outside: a payment provider and a carrier. A handler of a job calls them outside any transaction with a key that is
 * the same at every retry (DOMAIN rule 6), so an adapter may be called again after any error. To connect a real provider, implement its
 * port; `payment-http.ts` and `carrier-http.ts` show how, and `test/sandbox/providers.test.ts` states what is expected of an adapter.
 */

/** The key under which the provider performs a request once, however often it is sent: the job's key. */
interface Keyed {
  readonly idempotencyKey: string;
}

/** The provider said no; its reasons, in its own words. Asking again with the same key gives the same answer. */
export interface Refusal {
  /** A stable slug such as `payment-declined`. */
  readonly code: string;
  readonly message: string;
}

export interface PaymentRequest extends Keyed {
  /** What is paid for, in our words, and what the provider's events carry: the number of the sale. */
  readonly reference: string;
  /** In the smallest unit of the currency. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly method: string;
  /** `authorize`: nothing is taken before it is captured; else whatever the payer pays is taken at once. */
  readonly take?: 'authorize';
}

export interface CaptureRequest extends Keyed {
  /** The provider's reference of the authorisation. */
  readonly paymentReference: string;
  /** A part of what is authorised, or all that is left of it. */
  readonly amountMinor: number;
}

export type PaymentOutcome =
  { readonly status: 'accepted'; readonly providerReference: string } | ({ readonly status: 'declined' } & Refusal);

export interface VoidRequest extends Keyed {
  /** The provider's reference or, where the outcome of the request never became known, our own. */
  readonly paymentReference: string;
}

/** `absent`: the provider knows no such payment, so there is nothing to stop. */
export type VoidOutcome = { readonly status: 'voided'; readonly providerReference: string } | { readonly status: 'absent' };

export interface RefundRequest extends Keyed {
  /** The reference of the payment whose money goes back. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** One capture to give back; without it the oldest captures of the reference first. */
  readonly captureReference?: string;
}

/** What the provider knows of the newest payment with a reference. */
export interface PaymentRecord {
  readonly providerReference: string;
  readonly status: 'open' | 'declined' | 'voided';
  readonly currency: string;
  readonly captures: readonly { readonly captureReference: string; readonly amountMinor: number; readonly occurredAt: string }[];
}

/** Money. Every method throws `ProviderUnavailable` when the outcome is unknown, `ProviderFault` when asking again cannot help. */
export interface PaymentProvider {
  /** Asks the payer for money, or reserves it on a card. What is paid arrives later, as events `payment.captured` and `payment.declined`. */
  requestPayment(request: PaymentRequest): Promise<PaymentOutcome>;
  /** Takes a part of an authorisation; declined when it is void, expired or not enough. The event `payment.captured` tells the same once more. */
  capturePayment(request: CaptureRequest): Promise<PaymentOutcome>;
  /** Stops asking. Money that was captured stays; money that is on its way may still arrive. */
  voidPayment(request: VoidRequest): Promise<VoidOutcome>;
  refund(request: RefundRequest): Promise<PaymentOutcome>;
  /** For the reconciler: what became of the request with this key; undefined when it never arrived. */
  findOutcome(idempotencyKey: string): Promise<PaymentOutcome | undefined>;
  /** What the provider knows of a payment, by its reference or by ours. */
  findPayment(reference: string): Promise<PaymentRecord | undefined>;
}

export interface BookingRequest extends Keyed {
  /** What is carried, in our words, and what the carrier's events carry: the number of the fulfilment. */
  readonly reference: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly address?: Readonly<Record<string, string>>;
}

export type BookingOutcome =
  | { readonly status: 'booked'; readonly carrier: string; readonly tracking: string }
  | ({ readonly status: 'rejected' } & Refusal);

/** A label by its number. */
export interface LabelRequest extends Keyed {
  readonly tracking: string;
}

/** `done`: it is so now, or was so before; `absent`: the carrier knows no such label. */
export type LabelOutcome =
  { readonly status: 'done' } | { readonly status: 'absent' } | ({ readonly status: 'rejected' } & Refusal);

/** Transport. Errors as with PaymentProvider; what becomes of a shipment arrives later, as events `carrier.delivered` and `carrier.exception`. */
export interface Carrier {
  book(request: BookingRequest): Promise<BookingOutcome>;
  /** Takes back a label that was not used. */
  void(request: LabelRequest): Promise<LabelOutcome>;
  /** Asks where a shipment is of which nothing is heard. */
  trace(request: LabelRequest): Promise<LabelOutcome>;
  /** Has a shipment brought back that could not be handed over. */
  returnToSender(request: LabelRequest): Promise<LabelOutcome>;
}

/**
 * No answer that can be trusted: network error, time-out, 429 or 5xx. The provider may or may not have done it, so the payment is UNKNOWN and
 * never FAILED; ask again with the same key.
 */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';

  constructor(
    readonly provider: string,
    message: string,
    /** How long the provider asked us to wait (`Retry-After`), in milliseconds. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The provider understood us and finds the request itself wrong, or answers what nobody agreed on. No retry helps: a person must look. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';

  constructor(
    readonly provider: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
