import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { FoundSandbox } from '../sandbox.ts';

/** The demo's hand on the pretended payment provider. */
export interface SandboxControl {
  /** The next request for this payment is declined; other payments are not concerned. */
  declineNext(payment: { readonly method: string; readonly amountMinor: number }): Promise<void>;
  /** The customer pays what the provider asks for under this reference; the provider then tells the service. */
  pay(reference: string, amountMinor: number): Promise<void>;
}

const Rule = z.looseObject({ only: z.record(z.string(), z.union([z.string(), z.number()])) });
const Rules = z.object({ rules: z.array(Rule) });

/** `find` is asked for every call, as a sandbox that is started anew has another address. */
export function createSandboxControl(
  find: () => Promise<FoundSandbox | undefined>,
  options: { readonly patienceMs: number; readonly signal: AbortSignal },
): SandboxControl {
  async function request(method: string, path: string, body?: object): Promise<unknown> {
    const key = randomUUID();
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

  return {
    declineNext: async (payment) => {
      const ours = JSON.stringify({ operation: 'payment.request', ...payment });
      const { rules } = Rules.parse(await request('GET', '/control'));
      const others = rules.filter((rule) => JSON.stringify(rule.only) !== ours);
      await request('PUT', '/control', [{ only: JSON.parse(ours) as object, declineNext: 1 }, ...others]);
    },
    pay: async (reference, amountMinor) => {
      await request('POST', `/payments/intents/${reference}/captures`, { amountMinor });
    },
  };
}
