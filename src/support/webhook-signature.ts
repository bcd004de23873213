import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signatures of webhooks after the Standard Webhooks specification 1.0: HMAC-SHA256 over `<id>.<timestamp>.<body>`, in the headers
 * `webhook-id`, `webhook-timestamp` (seconds of the epoch) and `webhook-signature` (`v1,<base64>`, several separated by blanks).
 */
export interface WebhookToSign {
  /** The same at every delivery of one event; the receiver drops what it has seen. */
  readonly id: string;
  /** Of this delivery, not of the event. */
  readonly sentAt: Date;
  /** The exact bytes that are sent. */
  readonly body: string | Uint8Array;
  /** `whsec_<base64>`; while a secret is being replaced, both. */
  readonly secrets: readonly string[];
}

export interface WebhookHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

export interface WebhookToVerify {
  /** Node's `request.headers`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came in, before any parsing. */
  readonly body: string | Uint8Array;
  /** Any one of them will do. */
  readonly secrets: readonly string[];
  /** The real time, never the demo's shifted one: it is compared with the sender's clock. */
  readonly now: Date;
  /** How far the timestamp may be from now, to either side; default 5 minutes. */
  readonly toleranceMs?: number;
}

/** `reason` may be shown to the sender: it names the header, never the expected value. */
export type WebhookVerdict =
  { readonly genuine: true; readonly id: string } | { readonly genuine: false; readonly reason: string };

/** The three headers of one delivery. @throws RangeError on a secret that is none. */
export function signWebhook({ id, sentAt, body, secrets }: WebhookToSign): WebhookHeaders {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => `v1,${digest(secret, id, timestamp, body).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Was this sent just now by somebody who knows one of the secrets? @throws RangeError on a secret that is none. */
export function verifyWebhook({ headers, body, secrets, now, toleranceMs = 300_000 }: WebhookToVerify): WebhookVerdict {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (typeof id !== 'string' || id === '') return { genuine: false, reason: 'the header webhook-id is missing' };
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
    return { genuine: false, reason: 'the header webhook-timestamp is missing or is not a number of seconds' };
  }
  if (typeof signature !== 'string') return { genuine: false, reason: 'the header webhook-signature is missing' };
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs) {
    return {
      genuine: false,
      reason: `webhook-timestamp is more than ${toleranceMs / 1000} s from ${now.toISOString()}; check both clocks`,
    };
  }
  // Only v1 (HMAC-SHA256) counts: an unknown version is skipped, so that a sender can add a better one beside it.
  const offered = signature.split(' ').flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  const expected = secrets.map((secret) => digest(secret, id, timestamp, body));
  const genuine = expected.some((wanted) =>
    offered.some((given) => given.length === wanted.length && timingSafeEqual(given, wanted)),
  );
  return genuine ? { genuine, id } : { genuine, reason: 'webhook-signature fits none of the known secrets and this body' };
}

function digest(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The specification wants 24 to 64 random bytes, written `whsec_<base64>`. */
function keyOf(secret: string): Buffer {
  const base64 = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  const key = Buffer.from(base64, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64) && key.length >= 24 && key.length <= 64) return key;
  throw new RangeError(
    'a webhook secret is "whsec_" and the base64 of 24 to 64 random bytes: make one with `openssl rand -base64 32`',
  );
}
