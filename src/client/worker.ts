import type { ActivatedJob } from '../contract/job.ts';
import { call, type Access, type OrderflowError } from './api.ts';
import type { Handler, WorkerEvent } from './handler.ts';
import { runJob } from './job-run.ts';
import { Backoff, pause } from './pause.ts';

export interface WorkerSettings extends Access {
  /** The job type that it does. */
  readonly type: string;
  /** What it calls itself; operators see it. */
  readonly name?: string;
  /** How many jobs at once; 4 when left out. */
  readonly concurrency?: number;
  /** How long a job stays its own without a sign of life, ms; 60 s when left out. Extended by itself as long as the job runs. */
  readonly lockMs?: number;
  /** How long one request waits for a job, ms; 20 s when left out. */
  readonly pollMs?: number;
  readonly onEvent?: (event: WorkerEvent) => void;
}

export interface Worker {
  /** Takes no more jobs, and resolves when those at hand are reported; after `graceMs` (30 s when left out) they are left to others. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts to do jobs of one type, until it is stopped. A service that is away is asked again, less and less often. */
export function startWorker(settings: WorkerSettings, handler: Handler): Worker {
  const {
    type,
    name = `worker-${crypto.randomUUID().slice(0, 8)}`,
    concurrency = 4,
    lockMs = 60_000,
    pollMs = 20_000,
  } = settings;
  const tell = settings.onEvent ?? (() => undefined);
  const leaving = new AbortController();
  const impatience = new AbortController();
  const running = new Set<Promise<void>>();
  const backoff = new Backoff(250, 30_000);

  const take = async (): Promise<readonly ActivatedJob[]> => {
    const body = { type, worker: name, maxJobs: Math.min(100, concurrency - running.size), lockMs, requestTimeoutMs: pollMs };
    const options = { body, signal: leaving.signal, timeoutMs: pollMs + 15_000 };
    return (await call<{ jobs: readonly ActivatedJob[] }>(settings, 'POST', '/v1/jobs/activation', options)).jobs;
  };
  const loop = async (): Promise<void> => {
    while (!leaving.signal.aborted) {
      if (running.size >= concurrency) {
        await Promise.race(running);
        continue;
      }
      try {
        const jobs = await take();
        backoff.reset();
        for (const job of jobs) {
          const run = runJob(job, handler, { access: settings, lockMs, tell, impatience: impatience.signal });
          running.add(run);
          void run.finally(() => running.delete(run));
        }
      } catch (error) {
        if (leaving.signal.aborted) return;
        const { message, retryAfterMs } = error as OrderflowError;
        tell({ event: 'away', message });
        await pause(backoff.next(retryAfterMs), leaving.signal);
      }
    }
  };
  const looping = loop();

  return {
    async stop(graceMs = 30_000) {
      leaving.abort();
      const late = setTimeout(() => impatience.abort(new Error('the worker is stopping')), graceMs);
      await looping;
      await Promise.all(running);
      clearTimeout(late);
    },
  };
}
