import type { ActivatedJob } from '../contract/job.ts';
import { call, OrderflowError, type Access } from './api.ts';
import { messageIn } from './answers.ts';
import { BpmnError, JobFailure, type Handler, type Variables, type WorkerEvent } from './handler.ts';
import { Backoff, pause } from './pause.ts';

export interface RunSettings {
  readonly access: Access;
  readonly lockMs: number;
  readonly tell: (event: WorkerEvent) => void;
  /** Aborted when the worker cannot wait for its jobs any longer. */
  readonly impatience: AbortSignal;
}

/** What the service is told of a job: where to, what, and under which key. */
interface Report {
  readonly how: 'completion' | 'failure' | 'error';
  readonly body: object;
}

/** Runs one job: handler, extensions of the lease meanwhile, and the report of its end. Never rejects. */
export async function runJob(job: ActivatedJob, handler: Handler, settings: RunSettings): Promise<void> {
  const { tell, impatience } = settings;
  const lost = new AbortController();
  const over = new AbortController();
  const extending = extendUntil(over.signal, job, settings, () =>
    lost.abort(new Error('another worker has the job, or it was taken away')),
  );
  try {
    tell({ event: 'begun', job });
    const signal = AbortSignal.any([lost.signal, impatience]);
    // a handler that does not listen to its signal must not keep the worker from stopping
    const report = await Promise.race([resultOf(job, handler, signal), aborted(impatience, over.signal)]);
    if (lost.signal.aborted) tell({ event: 'lost', job, message: 'another worker has the job, or it was taken away' });
    else if (!report || impatience.aborted)
      tell({ event: 'lost', job, message: 'the worker was stopped; the lease runs out in its own time' });
    else await deliver(job, report, settings);
  } finally {
    over.abort();
    await extending;
  }
}

/** Resolves when the signal is aborted; forgotten when `over` is. */
const aborted = (signal: AbortSignal, over: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over });
  });

async function resultOf(job: ActivatedJob, handler: Handler, signal: AbortSignal): Promise<Report> {
  try {
    const variables: Variables | void = await handler(job, signal);
    return { how: 'completion', body: { variables: variables ?? {} } };
  } catch (error) {
    if (error instanceof BpmnError) {
      return { how: 'error', body: { code: error.code, message: error.message, variables: error.variables } };
    }
    return { how: 'failure', body: failureOf(error) };
  }
}

const failureOf = (error: unknown): object => ({
  message: messageIn(error).slice(0, 10_000) || 'The handler failed without a message.',
  ...(error instanceof JobFailure && error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  ...(error instanceof JobFailure && error.variables !== undefined && { variables: error.variables }),
});

/**
 * Tells the service how a job ended, as often as it takes, under one key: what was stored the first time is answered the second time. What the service refuses as
 * not declared becomes a failure of the job, so that somebody sees it.
 */
async function deliver(job: ActivatedJob, report: Report, settings: RunSettings): Promise<void> {
  const { access, tell, impatience } = settings;
  const backoff = new Backoff(250, 10_000);
  for (;;) {
    try {
      const path = `/v1/jobs/${job.id}/${report.how}`;
      const body = { leaseToken: job.leaseToken, ...report.body };
      await call(access, 'POST', path, { body, key: `${report.how}:${job.leaseToken}` });
      return tell({ event: report.how, job });
    } catch (error) {
      if (isUnusable(error) && report.how !== 'failure') {
        tell({ event: 'refused', job, message: messageIn(error) });
        return deliver(job, { how: 'failure', body: failureOf(error) }, settings);
      }
      const problem = error as OrderflowError;
      if (!problem.isTransient || impatience.aborted) return tell({ event: 'lost', job, message: problem.message });
      tell({ event: 'away', message: problem.message });
      await pause(backoff.next(problem.retryAfterMs), impatience);
    }
  }
}

/** The report itself cannot be taken, now or ever: it is no JSON, too large, or not as the job type declares. */
const isUnusable = (error: unknown): boolean => !(error instanceof OrderflowError) || [400, 413, 422].includes(error.status);

/** Keeps the lease until the job is over. A service that is away is asked again; only its word that the lease is over ends it. */
async function extendUntil(
  over: AbortSignal,
  job: ActivatedJob,
  { access, lockMs, tell }: RunSettings,
  lost: () => void,
): Promise<void> {
  for (;;) {
    await pause(lockMs / 3, over);
    if (over.aborted) return;
    try {
      const body = { leaseToken: job.leaseToken, lockMs };
      await call(access, 'PATCH', `/v1/jobs/${job.id}`, { body, signal: over, timeoutMs: lockMs / 3 });
    } catch (error) {
      if (over.aborted) return;
      if (error instanceof OrderflowError && !error.isTransient) return lost();
      tell({ event: 'away', message: messageIn(error) });
    }
  }
}
