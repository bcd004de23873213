import { completeJob } from '../commands/complete-job.ts';
import { failJob, takeDelivery } from '../commands/fail-job.ts';
import { intendJob } from '../commands/intend-job.ts';
import type { Deps } from '../commands/unit.ts';
import type { JobBell } from '../outbox/relay.ts';
import { messageOf, Problem } from '../support/errors.ts';
import type { Handler, Providers } from './handler.ts';

/**
 * Answers one bell: runs the handler of the job's type and commits its result. Never throws for the job's own sake: a failure is counted in the outbox
 * row, which rings again or becomes an incident.
 */
export async function answerBell(
  deps: Deps,
  handlers: ReadonlyMap<string, Handler>,
  providers: Providers,
  bell: JobBell,
  leaseMs: number,
): Promise<void> {
  const handler = handlers.get(bell.jobType);
  // a newer process may know this type: leave the bell to it, the lease brings it back
  if (!handler) {
    deps.logger.warn({ jobType: bell.jobType }, 'no handler here for this job type');
    return;
  }
  const leaseToken = await takeDelivery(deps, bell.jobId, leaseMs);
  if (leaseToken === undefined) return;
  try {
    await run(deps, handler, providers, bell);
  } catch (error) {
    if (error instanceof Problem && dropped.includes(error.code)) {
      deps.logger.debug({ jobId: bell.jobId, code: error.code }, error.message);
      return;
    }
    const outcome = await failJob(deps, bell.jobId, leaseToken, messageOf(error));
    deps.logger.warn({ err: error, jobId: bell.jobId, jobType: bell.jobType, outcome }, 'a job failed');
  }
}

/** The job has a result, was taken away or has become an incident; or its instance rests, and it is rung again when that goes on. */
const dropped: readonly string[] = ['task-not-open', 'step-failed', 'suspended'];

async function run(deps: Deps, handler: Handler, providers: Providers, bell: JobBell): Promise<void> {
  const delivery = {
    jobId: bell.jobId,
    jobType: bell.jobType,
    ...(bell.traceparent !== null && { traceparent: bell.traceparent }),
  };
  if ('effect' in handler) {
    await completeJob(deps, delivery, handler.effect);
    return;
  }
  const { job, intent } = await intendJob(deps, delivery, (unit, job, now) => handler.intend(unit, job, now));
  const outcome = await handler.call(providers, job, intent);
  await completeJob(deps, delivery, (work) => handler.record(work, intent, outcome));
}
