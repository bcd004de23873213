import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox, type LedgerRow } from '../sandbox/world.ts';
import { keyOf, type ProviderWorld } from './world/index.ts';

/** Does at the real sandbox what the world says was done there; answers its ledger, and what it calls things. */
export async function actAtProvider(): Promise<ProviderWorld & { readonly effects: readonly LedgerRow[] }> {
  const sandbox = await startSandbox();
  try {
    const request = async (number: string, amountMinor: number) => {
      const key = keyOf(number, 's_pay_request');
      return (await sandbox.post('/payments/intents', key, { reference: number, amountMinor, currency: 'EUR', method: 'CARD' }))
        .body.id;
    };
    const capture = async (intent: string, amountMinor: number) =>
      (await sandbox.post(`/payments/intents/${intent}/captures`, `pays ${intent}`, { amountMinor })).body.id;
    const intents = [await request('S-000001', 2000), await request('S-000002', 3000)] as const;
    const captures = [await capture(intents[0], 2000), await capture(intents[1], 3500)] as const;
    const undo = keyOf('S-000002', 's_undo');
    await sandbox.post(`/payments/intents/${intents[1]}/void`, `${keyOf('S-000002', 's_pay_request')}:void`);
    const refund = { reference: 'S-000002', amountMinor: 3500, currency: 'EUR' };
    await sandbox.post('/payments/refunds', `${undo}:refund:3500`, refund);
    await sandbox.post('/shipments', keyOf('F-000001', 'f_book'), {
      reference: 'F-000001',
      lines: [{ sku: 'VALVE', quantity: 6 }],
    });
    const effects = (await sandbox.ledger()).map((effect) => ({
      ...effect,
      webhook: effect.webhook && { ...effect.webhook, accepted: 1 },
    }));
    return { intents, captures, effects };
  } finally {
    await sandbox.close();
  }
}

/** Serves whatever `body` answers as `GET /ledger`. */
export async function serveLedger(body: () => { readonly status: number; readonly text: string }) {
  const server = createServer((request, response) => {
    const { status, text } = body();
    response.writeHead(request.url === '/ledger' ? status : 404).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
