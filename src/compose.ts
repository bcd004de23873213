import path from 'node:path';
import { describeFill } from './cli/demo/fill-record.ts';
import { seedMasterData } from './cli/demo/world.ts';
import { Definitions } from './commands/definitions.ts';
import { deployShipped } from './commands/deploy.ts';
import type { JobEffect } from './commands/job.ts';
import { createLintThread } from './commands/lint-thread.ts';
import type { Deps } from './commands/unit.ts';
import type { Config } from './config.ts';
import { createHttpApp } from './http/app.ts';
import { authenticateBy } from './http/authenticate.ts';
import type { HealthCheck } from './http/options.ts';
import { startHttpServer } from './http/server.ts';
import { createJobBackend } from './jobs/backend.ts';
import { handlers } from './jobs/handlers/index.ts';
import { JobDesk } from './jobs/job-desk.ts';
import type { Providers } from './jobs/handler.ts';
import { createHttpCarrier } from './jobs/providers/carrier-http.ts';
import { createHttpPaymentProvider } from './jobs/providers/payment-http.ts';
import { createReconciler } from './jobs/reconciler.ts';
import { createMigrations } from './jobs/migrations.ts';
import { createSweeps } from './jobs/sweeps.ts';
import { createTimers } from './jobs/timers.ts';
import { answerBell } from './jobs/worker.ts';
import { createCalls } from './outbox/calls.ts';
import { createCorrelator } from './outbox/correlator.ts';
import { createEventPush } from './outbox/event-push.ts';
import { createPublisher } from './outbox/publisher.ts';
import { createRelay, type JobBell } from './outbox/relay.ts';
import type { ConnectionTarget } from './persistence/connection.ts';
import { openDatabase, type Database } from './persistence/database.ts';
import { startEmbeddedPostgres } from './persistence/embedded-postgres.ts';
import { registerJobHandlers } from './persistence/leases.ts';
import { migrate } from './persistence/migrate.ts';
import { restingSummary } from './queries/suspension.ts';
import { processesFolder, readResources } from './resources.ts';
import { demoPeople } from './policies/people.ts';
import { demoPerson } from './policies/tokens.ts';
import { launchSandbox } from './sandbox/launch.ts';
import type { Logger } from './support/logger.ts';
import { verifyWebhook } from './support/webhook-signature.ts';

/** The queue that every job rings in; workers tell the types apart. */
const queueName = 'jobs';
const poolSize = 20;

/** A running service. */
export interface Service {
  /** Address of the HTTP interface; undefined without the role `api`. */
  readonly url: string | undefined;
  /** Where the embedded PostgreSQL keeps its data; undefined with DATABASE_URL. */
  readonly dataDir: string | undefined;
  readonly queue: 'postgres' | 'redis';
  readonly deps: Deps;
  /** Takes no new work, finishes what is at hand, and closes everything in the reverse order. */
  stop(): Promise<void>;
}

/** What has to be undone at the end, the last thing first. */
type Undo = () => Promise<unknown>;

/** Makes every long-lived object, in the order in which they depend on each other. On an error what was made is closed again. */
export async function compose(config: Config, logger: Logger): Promise<Service> {
  const undos: Undo[] = [];
  const stop = async (): Promise<void> => {
    for (let undo = undos.pop(); undo; undo = undos.pop())
      await undo().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
  };
  try {
    return await build(config, logger, undos, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(config: Config, logger: Logger, undos: Undo[], stop: () => Promise<void>): Promise<Service> {
  const { target, dataDir } = await findDatabase(config, logger, undos);
  const database = await openDatabase(target, { poolSize, applicationName: 'orderflow', logger });
  undos.push(() => database.close());
  await migrate(database);
  await registerJobHandlers(database, handlers.keys());
  await deployShipped(database, await readResources(processesFolder));
  if (config.demo) await seedMasterData(database);

  const backend = await createJobBackend({
    redisUrl: config.redisUrl,
    pool: () => database.createPool({ max: 10, applicationName: 'orderflow queue', searchPath: 'bullmq' }),
    logger,
  });
  undos.push(() => backend.close());

  const sandbox =
    config.demo && config.providersUrl === undefined
      ? await launchSandbox(config.dataDir, config.webhookSecrets[0] ?? '')
      : undefined;
  if (sandbox) undos.push(() => sandbox.stop());
  const providersUrl = config.providersUrl ?? sandbox?.url;

  const deps: Deps = { database, definitions: new Definitions(), logger };
  const providers =
    providersUrl === undefined
      ? undefined
      : { payments: createHttpPaymentProvider({ url: providersUrl }), carrier: createHttpCarrier({ url: providersUrl }) };
  const desk = config.roles.has('api')
    ? new JobDesk(deps, { maxWaiting: config.maxWaitingWorkers, lookMs: 10 * config.sweepMs })
    : undefined;
  await startBackground(
    config,
    deps,
    providers,
    desk,
    (bells) =>
      backend.ring(
        queueName,
        bells.map((bell) => ({ id: bell.jobId, data: bell })),
      ),
    undos,
  );
  if (config.roles.has('worker')) {
    if (providers === undefined)
      throw new Error('Set PROVIDERS_URL to the payment provider and carrier: this process has the role worker.');
    const worker = backend.worker<JobBell>(queueName, (bell) => answerBell(deps, handlers, providers, bell, config.jobLeaseMs), {
      concurrency: config.workerConcurrency,
      lockMs: config.jobLeaseMs, // or BullMQ would keep a dead worker's bell longer than the outbox waits for it
    });
    undos.push(() => worker.close());
  }
  let url: string | undefined;
  if (desk) {
    const linter = createLintThread(logger);
    undos.push(() => linter.close());
    const app = createHttpApp({
      lint: linter.lint,
      deps,
      auth: config.demo ? authenticateBy(database, demoPerson) : () => undefined,
      settings: {
        publicUrl: config.publicUrl,
        movableClock: config.demo,
        people: config.demo ? demoPeople : [],
        ...(config.demoOrders && { describeWorld: () => describeFill(database) }),
        verifyProviderEvent: ({ headers, body }) =>
          verifyWebhook({ headers, body, secrets: config.webhookSecrets, now: new Date() }),
      },
      health: { ready: () => readiness(database) },
      activateJobs: (...wanted) => desk.activate(...wanted),
    });
    const server = await startHttpServer(app, config);
    // first those who wait for jobs are sent away, or the server would wait for them
    undos.push(
      () => server.close(),
      () => desk.close(),
    );
    url = server.url;
    await sandbox?.sendEventsTo(`${url}/v1/provider-events`);
  }
  return { url, dataDir, queue: backend.kind, deps, stop };
}

async function findDatabase(
  config: Config,
  logger: Logger,
  undos: Undo[],
): Promise<{ target: ConnectionTarget; dataDir: string | undefined }> {
  if (config.databaseUrl !== undefined) return { target: { url: config.databaseUrl }, dataDir: undefined };
  const embedded = await startEmbeddedPostgres({
    dataDir: path.join(config.dataDir, 'postgres'),
    log: (line) => logger.info(line),
  });
  undos.push(() => embedded.stop());
  return { target: await embedded.ensureDatabase('orderflow'), dataDir: embedded.dataDir };
}

/** Everything that works by itself, woken by commits anywhere; each under the topic that wakes it. */
async function startBackground(
  config: Config,
  deps: Deps,
  providers: Providers | undefined,
  desk: JobDesk | undefined,
  ring: (bells: readonly JobBell[]) => Promise<void>,
  undos: Undo[],
): Promise<void> {
  const { database, logger } = deps;
  const leaseAndSweep = { leaseMs: config.jobLeaseMs, sweepMs: config.sweepMs };
  const relay = config.roles.has('relay') ? createRelay(database, ring, leaseAndSweep, logger) : undefined;
  const correlator = config.roles.has('relay') ? createCorrelator(deps, config.sweepMs) : undefined;
  const calls = config.roles.has('relay') ? createCalls(deps, config.sweepMs) : undefined;
  const timers = config.roles.has('timers') ? createTimers(deps, leaseAndSweep) : undefined;
  const migrations = config.roles.has('timers') ? createMigrations(deps, leaseAndSweep) : undefined;
  const reconciler = config.roles.has('worker') && providers ? createReconciler(deps, providers, leaseAndSweep) : undefined;
  const sweeps = config.roles.has('timers') ? createSweeps(deps, config.sweepMs) : undefined;
  const publisher = config.roles.has('relay') ? createPublisher(database, config.sweepMs, logger) : undefined;
  const push = config.roles.has('relay') ? createEventPush(database, config, logger) : undefined;
  const services = {
    jobs: relay,
    messages: correlator,
    calls,
    timers,
    migrations,
    payments: reconciler,
    sweeps,
    events: publisher,
    published: push,
  };
  for (const service of Object.values(services)) {
    if (!service) continue;
    service.start();
    undos.push(() => service.stop());
  }
  const end = await database.listen('orderflow', (topics) => {
    desk?.hear(topics);
    if (topics.startsWith('work:')) return;
    for (const [topic, service] of Object.entries(services)) if (topics === '' || topics.includes(topic)) service?.wake();
  });
  undos.push(end);
}

/** What a job of this type does in our own database; for the command line, which has no queue. */
export function effectOf(jobType: string): JobEffect {
  const handler = handlers.get(jobType);
  if (!handler || !('effect' in handler)) throw new Error(`${jobType} is no job that needs nobody outside`);
  return handler.effect;
}

/** Is there anything that keeps this process from serving? The queue is no reason: commands only write rows. Nor is what rests, but whoever looks wants to know. */
async function readiness(database: Database): Promise<readonly HealthCheck[]> {
  const resting = await restingSummary(database);
  return [
    { name: 'database', ok: true },
    { name: 'suspensions', ok: true, ...(resting !== undefined && { detail: resting }) },
  ];
}
