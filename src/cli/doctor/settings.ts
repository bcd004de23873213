import type { Config } from '../../config.ts';

/** A setting as `doctor` shows it. */
export interface Setting {
  /** The environment variable. */
  readonly name: string;
  /** What is in force, without secrets. */
  readonly value: string;
  readonly origin: 'environment' | 'default';
  readonly what: string;
}

interface Shown {
  readonly what: string;
  readonly value: (config: Config, env: NodeJS.ProcessEnv) => string | number | boolean | undefined;
}

/** Every setting of config.ts. */
const shown: Readonly<Record<string, Shown>> = {
  HOST: { what: 'Address that the HTTP interface listens on', value: (config) => config.host },
  PORT: { what: 'Port that it listens on; 0 is any free one', value: (config) => config.port },
  PUBLIC_URL: {
    what: 'Address by which others reach the service; it names the schemas of events',
    value: (config) => config.publicUrl,
  },
  DATABASE_URL: {
    what: 'PostgreSQL server; without it the embedded one',
    value: (config) => withoutPassword(config.databaseUrl),
  },
  REDIS_URL: { what: 'Redis server of the queue; without it PostgreSQL', value: (config) => withoutPassword(config.redisUrl) },
  ORDERFLOW_DATA_DIR: {
    what: 'Folder of the embedded PostgreSQL and the sandbox, from the current folder',
    value: (config) => config.dataDir,
  },
  ROLES: { what: 'What this process does: api, worker, relay, timers', value: (config) => [...config.roles].join(',') },
  ORDERFLOW_DEMO_ORDERS: {
    what: 'The first start in demo mode makes orders in every state',
    value: (config) => config.demoOrders,
  },
  ORDERFLOW_DEMO: { what: 'Demo people, demo world and a clock that can be moved', value: (config) => config.demo },
  PROVIDERS_URL: {
    what: 'Payment provider and carrier; without it, in demo mode, a sandbox of our own',
    value: (config) => withoutPassword(config.providersUrl),
  },
  ORDERFLOW_WEBHOOK_SECRET: {
    what: 'Providers sign their events with it; several are separated by spaces',
    value: ({ webhookSecrets }) => (webhookSecrets.length === 0 ? undefined : `(${webhookSecrets.length}, not shown)`),
  },
  WORKER_CONCURRENCY: { what: 'Jobs that run at the same time', value: (config) => config.workerConcurrency },
  JOB_LEASE_MS: { what: 'A job without a result is rung again after so long, ms', value: (config) => config.jobLeaseMs },
  SWEEP_MS: { what: 'Background services look for themselves this often, ms', value: (config) => config.sweepMs },
  MAX_WAITING_WORKERS: {
    what: 'Requests of external workers that may wait for jobs at once',
    value: (config) => config.maxWaitingWorkers,
  },
  LOG_LEVEL: { what: 'silent, fatal, error, warn, info, debug or trace', value: (config) => config.logLevel },
  NODE_ENV: { what: 'production refuses demo mode', value: (_config, env) => env['NODE_ENV'] || undefined },
};

export const settingsOf = (config: Config, env: NodeJS.ProcessEnv): Setting[] =>
  Object.entries(shown).map(([name, { what, value }]) => ({
    name,
    value: String(value(config, env) ?? '(none)'),
    // an empty variable counts as absent
    origin: env[name] ? 'environment' : 'default',
    what,
  }));

/** `postgres://user:***@host/db`; what is no URL is not shown at all. */
export function withoutPassword(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url)) return '(not a URL)';
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  for (const name of parsed.searchParams.keys()) if (/pass|secret|key|token/i.test(name)) parsed.searchParams.set(name, '***');
  return parsed.href;
}
