import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { FoundSandbox } from '../sandbox.ts';
import type { Journal } from './journal.ts';

/** A story's hand on the pretended payment provider and carrier. */
export interface SandboxControl {
  /** The next such request, or as many of them, are declined; nothing else is concerned. */
  declineNext(request: Request, times?: number): Promise<void>;
  /** The customer pays what the provider asks for under this reference; the provider then tells the service. Answers the capture's id. */
  pay(reference: string, amountMinor: number): Promise<string>;
  /** The payer's bank takes a capture back. */
  chargeBack(captureId: string): Promise<void>;
  /** The parcel does not arrive. */
  failToDeliver(fulfilment: string, reason: string): Promise<void>;
}

type Request =
  | { readonly operation: 'payment.request'; readonly method: string; readonly amountMinor: number }
  | { readonly operation: 'payment.refund' | 'carrier.book'; readonly reference: string };

const Rule = z.looseObject({ only: z.record(z.string(), z.union([z.string(), z.number()])) });
const Rules = z.object({ rules: z.array(Rule) });
const Capture = z.looseObject({ id: z.string() });

/** `find` is asked for every call, as a sandbox that is started anew has another address. */
export function createSandboxControl(
  find: () => Promise<FoundSandbox | undefined>,
  options: { readonly patienceMs: number; readonly signal: AbortSignal },
): (journal: Journal) => SandboxControl {
  /** Rules are replaced whole, so one story at a time. */
  let rulesAreMine: Promise<unknown> = Promise.resolve();

  async function request(method: string, path: string, body?: object, key: string = randomUUID()): Promise<unknown> {
    const giveUpAt = Date.now() + options.patienceMs;
    for (;;) {
      const failure = await once(method, path, key, body).catch((error: unknown) => error);
      if (!(failure instanceof Error)) return failure;
      if (Date.now() > giveUpAt) throw failure;
      await sleep(500, undefined, { signal: options.signal });
    }
  }

  async function once(method: string, path: string, key: string, body: object | undefined): Promise<unknown> {
    const sandbox = await find();
    if (!sandbox) throw new Error('The sandbox of payment provider and carrier does not answer.');
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return answer.json();
  }

  async function addRule(only: object, declineNext: number): Promise<void> {
    const { rules } = Rules.parse(await request('GET', '/control'));
    const others = rules.filter((rule) => JSON.stringify(rule.only) !== JSON.stringify(only));
    await request('PUT', '/control', [{ only, declineNext }, ...others]);
  }

  return (journal) => {
    const act = (path: string, body?: object): Promise<unknown> => journal.once((key) => request('POST', path, body, key));
    return {
      declineNext: async (only, times = 1) => {
        await journal.once(() => {
          const added = rulesAreMine.then(() => addRule(only, times));
          rulesAreMine = added.catch(() => undefined);
          return added;
        });
      },
      pay: async (reference, amountMinor) =>
        Capture.parse(await act(`/payments/intents/${reference}/captures`, { amountMinor })).id,
      chargeBack: async (captureId) => void (await act(`/payments/captures/${captureId}/reversal`)),
      failToDeliver: async (fulfilment, reason) => void (await act(`/shipments/${fulfilment}/exception`, { reason })),
    };
  };
}
