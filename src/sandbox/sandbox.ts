import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../support/logger.ts';
import { createControl } from './control.ts';
import { openLedger } from './ledger.ts';
import { createRouter } from './router.ts';
import { createRoutes } from './routes.ts';
import { createWebhooks, defaultRetry, type Retry } from './webhooks.ts';

export interface SandboxOptions {
  /** Signs the webhooks: `whsec_<base64>`. */
  readonly webhookSecret: string;
  /** Base address of the customer's `provider-events`; may be named later with `PUT /webhook-endpoint`. */
  readonly webhookUrl?: string | undefined;
  /** Where effects are remembered over restarts; without it in memory only. */
  readonly dataFile?: string | undefined;
  readonly host?: string;
  readonly retry?: Retry;
  readonly logger: Logger;
}

export interface SandboxAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

export interface Sandbox {
  /** Port 0 takes any free one. @throws when the port is taken */
  listen(port: number): Promise<SandboxAddress>;
  /** Drops open requests, stops deliveries, closes the data file. */
  close(): Promise<void>;
}

/**
 * The pretended outside world: a payment provider and a carrier behind one port, which keep their promises of idempotency and break every
 * other one on request (`PUT /control`). It shares no state with Orderflow, so it survives Orderflow's death and can testify against it.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { host = '127.0.0.1', logger } = options;
  const ledger = openLedger(options.dataFile);
  const closing = new AbortController();
  const stopping = closing.signal;
  setMaxListeners(0, stopping); // every delivery that waits listens
  const webhooks = createWebhooks({
    ledger,
    secret: options.webhookSecret,
    retry: options.retry ?? defaultRetry,
    logger,
    stopping,
  });
  const routes = createRoutes({ ledger, webhooks, control: createControl(), stopping });
  const server = createServer(createRouter(routes, (error) => logger.error({ err: error }, 'request broke')));

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          const address = server.address() as AddressInfo;
          if (options.webhookUrl !== undefined) webhooks.setEndpoint(options.webhookUrl);
          resolve({ host, port: address.port, url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}` });
        });
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      closing.abort();
      server.closeAllConnections();
      await webhooks.idle();
      await closed;
      ledger.close();
    },
  };
}
