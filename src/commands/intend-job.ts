import { systemActor } from '../policies/actor.ts';
import { lockJob, orderJob, type OrderJob } from './job.ts';
import type { Deps, Unit } from './unit.ts';

/**
 * Writes down what an external job is about to do, before it does it. Runs on every delivery, so it leaves no command and no step: `intend` writes rows
 * that are keyed by the job and comes to the same each time.
 * @throws Problem task-not-open when the job has a result or was taken away
 */
export const intendJob = <Intent>(
  deps: Deps,
  delivery: { readonly jobId: string; readonly jobType: string; readonly traceparent?: string },
  intend: (unit: Unit, job: OrderJob, now: Date) => Promise<Intent>,
): Promise<{ readonly job: OrderJob; readonly intent: Intent }> =>
  deps.database.transaction(async (tx) => {
    const unit: Unit = {
      tx,
      deps,
      actor: systemActor(`worker:${delivery.jobType}`),
      commandId: null,
      traceparent: delivery.traceparent ?? null,
      now: await tx.now(),
      steps: [],
    };
    tx.cause = { actor: unit.actor.id, commandId: null, traceparent: unit.traceparent, correlationId: null };
    const job = orderJob((await lockJob(unit, delivery.jobId)).job);
    return { job, intent: await intend(unit, job, await tx.now()) };
  });
