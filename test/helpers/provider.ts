import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { verifyWebhook } from '../../src/support/webhook-signature.ts';
import { until } from '../sandbox/world.ts';
import { sandboxSecret, type World } from './world.ts';

/** The payment provider's side of a test: the sandbox over HTTP, and its signed events on their way to the world's commands. */
export interface ProviderSide {
  /** How the sandbox misbehaves from now on. */
  control(rules: object): Promise<void>;
  /** Somebody pays upon the newest request of this sale; answers the provider's name of the capture. */
  pay(saleNumber: string, amountMinor: number): Promise<string>;
  /** The payer's bank declines the newest request of this sale after all. */
  decline(saleNumber: string): Promise<void>;
  /** Somebody gives back at the provider, and not through us. */
  refund(saleNumber: string, captureReference: string, amountMinor: number): Promise<void>;
  /** The payer's bank takes the money of a capture back. */
  chargeBack(captureReference: string, amountMinor?: number): Promise<void>;
  /** What the provider did, oldest first. */
  effects(
    operation?: string,
  ): Promise<{ operation: string; outcome: string; idempotencyKey: string; amountMinor: number | null; requests: number }[]>;
  /** Until every event that the sandbox has sent was taken in. */
  told(): Promise<void>;
  close(): Promise<void>;
}

/** Takes what the world's sandbox tells to the world's commands; a refusal is told again. */
export async function listenToProvider(world: World): Promise<ProviderSide> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const verdict = verifyWebhook({ headers: request.headers, body, secrets: [sandboxSecret], now: new Date() });
      if (!verdict.genuine) {
        response.writeHead(401).end();
        return;
      }
      const { type, data } = JSON.parse(body.toString('utf8')) as { type: string; data: JsonObject };
      const provider = request.url?.endsWith('/carrier') ? 'carrier' : 'payments';
      takeProviderEvent(world.deps, { provider, eventId: verdict.id, type, data }).then(
        () => response.writeHead(204).end(),
        () => response.writeHead(503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const call = async (method: string, path: string, body?: object): Promise<JsonObject> => {
    const answer = await fetch(`${world.sandboxUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as JsonObject;
  };
  const effects = async () =>
    (await call('GET', '/ledger'))['effects'] as unknown as {
      operation: string;
      outcome: string;
      idempotencyKey: string;
      amountMinor: number | null;
      requests: number;
      webhook: { accepted: number } | null;
    }[];
  await call('PUT', '/webhook-endpoint', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const told = (): Promise<void> =>
    until(async () => (await effects()).every(({ webhook }) => webhook === null || webhook.accepted > 0));
  return {
    control: async (rules) => void (await call('PUT', '/control', rules)),
    pay: async (saleNumber, amountMinor) => {
      const { id } = await call('POST', `/payments/intents/${saleNumber}/captures`, { amountMinor });
      await told();
      return id as string;
    },
    decline: async (saleNumber) => {
      await call('POST', `/payments/intents/${saleNumber}/decline`, {});
      await told();
    },
    refund: async (reference, captureReference, amountMinor) => {
      await call('POST', '/payments/refunds', { reference, captureReference, amountMinor, currency: 'EUR' });
      await told();
    },
    chargeBack: async (captureReference, amountMinor) => {
      await call('POST', `/payments/captures/${captureReference}/reversal`, amountMinor === undefined ? {} : { amountMinor });
      await told();
    },
    effects: async (operation) => (await effects()).filter((effect) => operation === undefined || effect.operation === operation),
    told,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
