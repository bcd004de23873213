import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoWebhookSecret } from '../../src/sandbox/config.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/support/logger.ts';

/** What the tests read of the sandbox's answers. */
export interface Body {
  id: string;
  code: string;
  detail: string;
  tracking: string;
  status: string;
  capturedMinor: number;
  refundedMinor: number;
  captures: { id: string; amountMinor: number }[];
  effects: LedgerRow[];
}

export interface LedgerRow {
  operation: string;
  outcome: string;
  idempotencyKey: string;
  reference: string;
  amountMinor: number | null;
  requests: number;
  webhook: { id: string; type: string; copies: number; deliveries: number; accepted: number } | null;
}

/** A caller of the sandbox at this address. */
export function clientOf(url: string) {
  async function send(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; body: Body }> {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }
  return {
    url,
    post: (path: string, key: string | undefined, body?: unknown) => send('POST', path, body, key),
    put: (path: string, body: unknown) => send('PUT', path, body),
    get: (path: string) => send('GET', path),
    ledger: async (query = '') => (await send('GET', `/ledger${query}`)).body.effects,
  };
}

/** A sandbox in this process with quick retries, on a free port. */
export async function startSandbox(options: Partial<SandboxOptions> = {}) {
  const sandbox = createSandbox({
    webhookSecret: demoWebhookSecret,
    retry: { firstMs: 5, maxMs: 20, attempts: 40 },
    logger: createLogger('silent'),
    ...options,
  });
  const { url } = await sandbox.listen(0);
  return { ...clientOf(url), close: () => sandbox.close() };
}

export interface Delivery {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The customer's side of the webhooks: answers with the given statuses in turn, then 204. */
export async function startCustomer(...statuses: number[]) {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      deliveries.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/provider-events`,
    deliveries,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Waits until the condition holds. @throws after 5 s */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5_000; !(await condition());) {
    if (Date.now() > deadline) throw new Error(`still not so after 5 s: ${condition.toString()}`);
    await sleep(5);
  }
}

export const intent = { reference: 'S-000001', amountMinor: 10_000, currency: 'EUR', method: 'CARD' };
export const booking = { reference: 'F-000001', lines: [{ sku: 'VALVE-10', quantity: 3 }] };
