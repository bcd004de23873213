import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../src/support/json.ts';

/** What happens in the world outside: people pay, parcels arrive, and providers misbehave. */
export interface Outside {
  /** Somebody pays what the provider asks for; the provider then tells the service. */
  pay(reference: string, amountMinor: number): Promise<void>;
  /** A parcel arrives; the carrier then tells the service. */
  deliver(tracking: string): Promise<void>;
  /** Replaces the sandbox's rules of misbehaviour; none restores its manners. */
  misbehave(rules: readonly object[]): Promise<void>;
  /** Everything that was ever done outside. */
  ledger(): Promise<readonly Effect[]>;
}

/** A row of the sandbox's `GET /ledger`, as far as this test looks at it. */
export interface Effect {
  readonly operation: string;
  readonly requests: number;
  readonly webhook: { readonly copies: number; readonly deliveries: number; readonly accepted: number } | null;
}

const answerMs = 5_000;
/** A payment request whose answer was lost is made again only after a while (the reconciler), and is there to be paid only then. */
const patienceMs = 120_000;

export function createOutside(url: string, signal: AbortSignal): Outside {
  /** The sandbox dies now and then, too, and may be told to fail: one key, until there is an answer. */
  async function request(method: string, path: string, body?: object): Promise<JsonObject> {
    const key = randomUUID();
    let last: unknown;
    for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await sleep(200, undefined, { signal })) {
      try {
        const answer = await fetch(url + path, {
          method,
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
        });
        const text = await answer.text();
        if (answer.ok) return JSON.parse(text) as JsonObject;
        last = `${answer.status} ${text}`;
        if (answer.status < 500 && !text.includes('no-such-intent')) break;
      } catch (error) {
        signal.throwIfAborted();
        last = error;
      }
    }
    throw new Error(`The sandbox did not do ${method} ${path}: ${String(last)}`);
  }

  return {
    pay: async (reference, amountMinor) =>
      void (await request('POST', `/payments/intents/${reference}/captures`, { amountMinor })),
    deliver: async (tracking) => void (await request('POST', `/shipments/${tracking}/delivered`)),
    misbehave: async (rules) => void (await request('PUT', '/control', rules)),
    ledger: async () => (await request('GET', '/ledger'))['effects'] as unknown as readonly Effect[],
  };
}
