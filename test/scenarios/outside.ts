import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { JsonObject } from '../../src/support/json.ts';

/** What happens in the world outside, at the sandbox: people pay, parcels arrive or do not, and providers misbehave. */
export interface Outside {
  /** Somebody pays what the provider asks for; resolves when the service has taken the event. Answers the capture. */
  pay(reference: string, amountMinor: number): Promise<JsonObject>;
  /** Something happens to a parcel; resolves when the service has taken the event. */
  parcel(trackingOrReference: string, what: 'delivered' | 'exception', body?: object): Promise<void>;
  /** The payer's bank takes a capture back; resolves when the service has taken the event. */
  chargeBack(reference: string, captureId: string, amountMinor: number): Promise<void>;
  /** Any other request to the sandbox. */
  send(method: string, path: string, body?: object): Promise<JsonObject>;
  /** Adds a rule of misbehaviour; its `only` should fit nobody else's requests. */
  misbehave(
    rule: { readonly only: Readonly<Record<string, string | number>> } & Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** What was done outside in the name of an order. */
  ledger(reference: string): Promise<readonly Effect[]>;
}

/** A row of the sandbox's `GET /ledger`. */
export interface Effect {
  readonly operation: string;
  readonly outcome: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number | null;
  readonly requests: number;
  readonly webhook: { readonly id: string; readonly copies: number; readonly accepted: number } | null;
}

const patienceMs = 60_000;

export function createOutside(url: string): Outside {
  /** Rules are replaced whole, so one at a time. */
  let adding: Promise<void> = Promise.resolve();

  async function send(method: string, path: string, body?: object): Promise<JsonObject> {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text) as JsonObject;
  }

  const ledger = async (query: string): Promise<readonly Effect[]> =>
    (await send('GET', `/ledger${query}`))['effects'] as unknown as readonly Effect[];

  /** Looks at the ledger that are about to be made: whoever asks for the same order gets the same look, which begins after they asked. */
  const looks = new Map<string, Promise<readonly Effect[]>>();
  function nextLook(reference: string): Promise<readonly Effect[]> {
    const planned = looks.get(reference);
    if (planned) return planned;
    const look = sleep(10).then(() => {
      looks.delete(reference);
      return ledger(`?reference=${encodeURIComponent(reference)}`);
    });
    looks.set(reference, look);
    return look;
  }

  /** Until the service has taken every event about `reference`. */
  async function told(reference: string): Promise<void> {
    for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt;) {
      const effects = await nextLook(reference);
      if (effects.every(({ webhook }) => webhook === null || webhook.accepted >= webhook.copies)) return;
    }
    throw new Error(`The service has not taken the events about ${reference} after ${patienceMs / 1000} s.`);
  }

  return {
    send,
    pay: async (reference, amountMinor) => {
      const capture = await send('POST', `/payments/intents/${reference}/captures`, { amountMinor });
      await told(reference);
      return capture;
    },
    parcel: async (trackingOrReference, what, body) => {
      const reference = z.string().parse((await send('GET', `/shipments/${trackingOrReference}`))['reference']);
      await send('POST', `/shipments/${trackingOrReference}/${what}`, body);
      await told(reference);
    },
    chargeBack: async (reference, captureId, amountMinor) => {
      await send('POST', `/payments/captures/${captureId}/reversal`, { amountMinor });
      await told(reference);
    },
    misbehave: (rule) => {
      const add = async (): Promise<void> => {
        const { rules: present } = await send('GET', '/control');
        await send('PUT', '/control', [rule, ...(present as unknown as object[])]);
      };
      return (adding = adding.then(add, add));
    },
    ledger: (reference) => ledger(`?reference=${encodeURIComponent(reference)}`),
  };
}
