import type { Deps } from '../../src/commands/unit.ts';
import { compose, type Service } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { demoWebhookSecret } from '../../src/sandbox/config.ts';
import type { Database } from '../../src/persistence/database.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/support/logger.ts';
import { urlOf } from '../cli/run.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { createClient, type Api } from './client.ts';
import { createOutside, type Outside } from './outside.ts';

/** The whole service on a database of its own: HTTP, relay, timers, workers behind BullMQ; beside it the sandbox, reached over HTTP only. */
export interface ScenarioService {
  readonly sandboxUrl: string;
  readonly as: (person: string) => Api;
  readonly outside: Outside;
  /** For master data, for knowing when nothing is left to do, and for the invariants; never for what a person would do. */
  readonly database: Database;
  readonly deps: () => Deps;
  /** DATABASE_URL of further processes. */
  readonly databaseUrl: string;
  /** Ends it and starts it again on what the database has. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Background services look for themselves this often, ms; they are woken sooner. */
const sweepMs = 200;
/** A job whose worker is silent for so long is rung again, ms. */
const leaseMs = 5_000;

export async function startScenarioService({
  prepare,
}: { prepare?: (database: Database) => Promise<unknown> } = {}): Promise<ScenarioService> {
  const { database, target, drop } = await openTestDatabase({ poolSize: 6, deployed: true });
  await prepare?.(database);
  const logger = createLogger(process.env['SCENARIO_LOG'] ?? 'silent');
  const sandbox = createSandbox({ webhookSecret: demoWebhookSecret, logger, retry: { firstMs: 20, maxMs: 500, attempts: 100 } });
  const { url: sandboxUrl } = await sandbox.listen(0);
  const databaseUrl = urlOf(target);
  const outside = createOutside(sandboxUrl);
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    ORDERFLOW_DEMO: 'true',
    PROVIDERS_URL: sandboxUrl,
    PORT: '0',
    SWEEP_MS: String(sweepMs),
    JOB_LEASE_MS: String(leaseMs),
  });
  const start = async (): Promise<Service> => {
    const started = await compose(config, logger);
    await outside.send('PUT', '/webhook-endpoint', { url: `${started.url}/v1/provider-events` });
    return started;
  };
  let service = await start();
  return {
    sandboxUrl,
    as: (person) => createClient(service.url ?? '')(person),
    outside,
    database,
    databaseUrl,
    deps: () => service.deps,
    restart: async () => {
      await service.stop();
      service = await start();
    },
    close: async () => {
      await service.stop();
      await sandbox.close();
      await drop();
    },
  };
}
