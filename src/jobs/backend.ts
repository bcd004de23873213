import { createPostgresBackend, Queue, runMigrations, Worker, type PgPool } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import type { BullQueue, Connector, Processor } from './backend-connector.ts';
import { connectRedis } from './backend-redis.ts';

// BullMQ is a doorbell here, not a memory: it may lose every bell it holds, ring one twice, or give up on one whose worker died twice. The
// outbox row is what stays, and is rung again until the result is committed. So bells leave no trace when they have been answered, and are
// never retried by BullMQ itself.

/** "There is work": `id` is unique among the bells of a queue that ring now, `data` is a JSON object for the handler. */
export interface Bell {
  readonly id: string;
  readonly data: object;
}

/** Answers one bell. `signal` is aborted when another worker may have got it by now, or when the worker cannot wait any longer. */
export type BellHandler<T extends object> = (data: T, signal: AbortSignal) => Promise<void>;

export interface WorkerSettings {
  /** How many bells at once. */
  readonly concurrency: number;
  /** After this time without a sign of life of its worker a bell rings elsewhere; 30 s when left out. */
  readonly lockMs?: number;
  /** How long `close()` waits before it aborts what still runs; 10 s when left out. */
  readonly graceMs?: number;
}

export interface BellWorker {
  /** Takes no more bells; resolves when those at hand are answered. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

export interface JobBackend {
  readonly kind: 'postgres' | 'redis';
  /** Rings; a bell whose id rings already is left as it is. Rejects within seconds when the backend cannot be reached. */
  ring(queueName: string, bells: readonly Bell[]): Promise<void>;
  worker<T extends object>(queueName: string, handler: BellHandler<T>, settings: WorkerSettings): BellWorker;
  /** Closes workers, then queues and connections of its own; a pool that was passed in stays open. */
  close(): Promise<void>;
}

export interface JobBackendOptions {
  /** Redis when given, else the database that `pool` leads to. */
  readonly redisUrl?: string | undefined;
  /** Makes a pool whose search_path is `bullmq`. Each worker keeps one of its connections. */
  readonly pool: () => JobPool;
  /** First part of every Redis key, for deployments that share a server; `orderflow` when left out. */
  readonly redisPrefix?: string;
  readonly logger: Logger;
}

/** As much of a pool of pg's as we use ourselves. It goes on to BullMQ, whose type for it only differs in how it writes overloads. */
export interface JobPool {
  connect(): Promise<{ query(sql: string): Promise<unknown>; release(destroy: boolean): void }>;
}

/** Connects to Redis, or prepares BullMQ's schema in PostgreSQL. Rejects when Redis is set up to forget jobs under memory pressure. */
export async function createJobBackend(options: JobBackendOptions): Promise<JobBackend> {
  const { redisUrl, redisPrefix = 'orderflow', logger } = options;
  const connector = redisUrl ? await connectRedis(redisUrl, redisPrefix, logger) : await connectPostgres(options.pool());
  const queues = new Map<string, BullQueue>();
  const workers = new Set<BellWorker>();
  const report =
    (what: string) =>
    (error: Error): void =>
      // While the backend is away every retry fails; the connection has told so once.
      logger[connector.reachable() ? 'warn' : 'debug']({ backend: connector.kind, error: messageOf(error) }, what);

  const queue = (name: string): BullQueue => {
    const known = queues.get(name);
    if (known) return known;
    const made = connector.queue(name);
    made.on('error', report(`queue ${name}`));
    queues.set(name, made);
    return made;
  };

  return {
    kind: connector.kind,

    async ring(queueName, bells) {
      if (bells.length === 0) return;
      if (!connector.reachable()) throw new Error(`The job backend (${connector.kind}) cannot be reached.`);
      const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
      await queue(queueName).addBulk(bells.map(({ id, data }) => ({ name: 'bell', data, opts: { ...opts, jobId: id } })));
    },

    worker(queueName, handler, { concurrency, lockMs = 30_000, graceMs = 10_000 }) {
      const running = new Set<Promise<void>>();
      const process: Processor = async (job, _token, signal) => {
        const answer = handler(job.data, signal ?? new AbortController().signal);
        running.add(answer);
        await answer.finally(() => running.delete(answer));
      };
      const timing = { lockDuration: lockMs, stalledInterval: lockMs };
      const made = connector.worker(queueName, process, {
        concurrency,
        ...timing,
        runRetryDelay: awayMs, // BullMQ's own 15 s would be added to every short absence of the backend
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      made.on('error', report(`worker of ${queueName}`));
      made.on('lockRenewalFailed', (ids) => ids.forEach((id) => made.cancelJob(id, 'the lock on the job was lost')));
      let paused: Promise<void> | undefined;
      const pause = (): Promise<void> => (paused ??= made.pause());
      const worker: BellWorker = {
        pause,
        close: async () => {
          workers.delete(worker);
          const impatience = setTimeout(() => made.cancelAllJobs('the worker is closing'), graceMs);
          // In good order: no more bells, the handlers at hand end, BullMQ records that. For the last it waits for its connection without end, so
          // when that is gone the handlers alone count. What was not recorded rings once more elsewhere, and finds its work done.
          const recorded = pause().then(
            () => true,
            () => true,
          );
          const idleAndAway = (): boolean => running.size === 0 && !connector.reachable();
          for (let looks = 0; looks < 3; looks = idleAndAway() ? looks + 1 : 0) {
            if (await Promise.race([recorded, sleep(50, false)])) break;
          }
          clearTimeout(impatience);
          await atMost(awayMs, made.close(true));
        },
      };
      workers.add(worker);
      return worker;
    },

    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((each) => atMost(awayMs, each.close())));
      await connector.close();
    },
  };
}

/** How long anything may take to end that waits for a backend that is away. */
const awayMs = 1_000;

/** Waits for `closing`, but no longer than `ms`; the connection that it waits for is cut afterwards. */
async function atMost(ms: number, closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([closing.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

const schema = 'bullmq';

async function connectPostgres(jobPool: JobPool): Promise<Connector> {
  const pool = jobPool as PgPool;
  const client = await pool.connect();
  try {
    // BullMQ takes an advisory lock of its own around its migrations; whoever comes second waits for it.
    await client.query(`set lock_timeout = '10min'; set statement_timeout = 0`);
    await runMigrations(client, schema);
  } finally {
    client.release(true);
  }
  return {
    kind: 'postgres',
    reachable: () => true, // its pool gives up by itself
    // Nobody reads BullMQ's event stream here; its default keeps 10 000 rows for each queue.
    queue: (name) => new Queue(name, { connection: pool, streams: { events: { maxLen: 100 } } }, createPostgresBackend),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend),
    close: () => Promise.resolve(),
  };
}
