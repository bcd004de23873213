import path from 'node:path';
import { z } from 'zod';

/** What a process does; any number of processes may share the work. */
export const processRoles = ['api', 'worker', 'relay', 'timers'] as const;
export type ProcessRole = (typeof processRoles)[number];

/** Every setting of the service. `orderflow doctor` and docs/settings.md list them. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Address by which others reach the service, without a slash at its end. */
  readonly publicUrl: string;
  /** PostgreSQL server; the embedded one when undefined. */
  readonly databaseUrl: string | undefined;
  /** Redis server for the queue; PostgreSQL when undefined. */
  readonly redisUrl: string | undefined;
  /** Folder of the embedded PostgreSQL and of the demo's sandbox. */
  readonly dataDir: string;
  readonly roles: ReadonlySet<ProcessRole>;
  /** Demo people may sign in, the demo world is seeded, the clock can be moved. Never in production. */
  readonly demo: boolean;
  /** The first start in demo mode makes orders in every state. */
  readonly demoOrders: boolean;
  /** Payment provider and carrier; in demo mode a sandbox of our own is started when undefined. */
  readonly providersUrl: string | undefined;
  /** Secrets that providers sign their events with; several while one is being replaced. */
  readonly webhookSecrets: readonly string[];
  readonly workerConcurrency: number;
  /** A job without a result is rung again after this time, ms. */
  readonly jobLeaseMs: number;
  /** Background services look for themselves this often, ms; they are woken sooner. */
  readonly sweepMs: number;
  /** How many requests of external workers may wait for jobs at once in one process. */
  readonly maxWaitingWorkers: number;
  readonly logLevel: string;
}

/** An empty variable counts as absent, as in docker-compose files. */
const optional = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.preprocess((url) => (url === '' ? undefined : url), z.url({ protocol: /^https?$/ }).optional()),
  DATABASE_URL: optional,
  REDIS_URL: optional,
  ORDERFLOW_DATA_DIR: z.string().default('.orderflow'),
  ROLES: z
    .string()
    .default(processRoles.join(','))
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(processRoles)).min(1)),
  ORDERFLOW_DEMO: z.stringbool().optional(),
  ORDERFLOW_DEMO_ORDERS: z.stringbool().default(true),
  PROVIDERS_URL: optional,
  ORDERFLOW_WEBHOOK_SECRET: optional,
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(8),
  JOB_LEASE_MS: z.coerce.number().int().min(500).default(30_000),
  SWEEP_MS: z.coerce.number().int().min(50).default(1_000),
  MAX_WAITING_WORKERS: z.coerce.number().int().min(1).max(10_000).default(200),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
  NODE_ENV: optional,
});

/** Signs the sandbox's events in demo mode. Well known, hence refused outside of it. */
const demoWebhookSecret = 'whsec_b3JkZXJmbG93LWRlbW8tc2VjcmV0LWZvci1ub2JvZHk=';

/** Reads all settings in one place. @throws Error that names each variable that cannot be used, and why */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new Error(`The settings cannot be used:\n${z.prettifyError(parsed.error)}`);
  const settings = parsed.data;
  const production = settings.NODE_ENV === 'production';
  const demo = settings.ORDERFLOW_DEMO ?? (settings.DATABASE_URL === undefined && !production);
  if (demo && production) {
    throw new Error(
      'ORDERFLOW_DEMO lets everybody in who knows a name; it is refused with NODE_ENV=production. Unset one of them.',
    );
  }
  const secret = settings.ORDERFLOW_WEBHOOK_SECRET ?? (demo ? demoWebhookSecret : undefined);
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: (settings.PUBLIC_URL ?? `http://${settings.HOST}:${settings.PORT}`).replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    dataDir: path.resolve(settings.ORDERFLOW_DATA_DIR),
    roles: new Set(settings.ROLES),
    demo,
    demoOrders: demo && settings.ORDERFLOW_DEMO_ORDERS,
    providersUrl: settings.PROVIDERS_URL,
    webhookSecrets: secret === undefined ? [] : secret.split(' '),
    workerConcurrency: settings.WORKER_CONCURRENCY,
    jobLeaseMs: settings.JOB_LEASE_MS,
    sweepMs: settings.SWEEP_MS,
    maxWaitingWorkers: settings.MAX_WAITING_WORKERS,
    logLevel: settings.LOG_LEVEL,
  };
}
