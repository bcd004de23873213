import { systemActor } from '../policies/actor.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import { decideFor, lockJob, orderJob, type JobEffect, type JobResult, type LockedJob } from './job.ts';
import { takeStep } from './step.ts';
import type { Answer, Deps, Performed, Unit } from './unit.ts';

/**
 * Runs a job's effect and takes the step of its result in one transaction: the effect and the completion commit together. A delivery after that
 * gets the stored answer and runs nothing.
 * @throws Problem task-not-open (drop the work), step-failed (an incident is recorded); whatever the effect throws, which is a technical
 *   failure: nothing has happened, `failJob` counts it
 */
export const completeJob = (
  deps: Deps,
  delivery: { readonly jobId: string; readonly jobType: string; readonly traceparent?: string },
  effect: JobEffect,
): Promise<Performed> =>
  perform(
    deps,
    {
      name: 'complete a job',
      actor: systemActor(`worker:${delivery.jobType}`),
      key: `job:${delivery.jobId}`,
      payload: { jobId: delivery.jobId },
      ...(delivery.traceparent !== undefined && { traceparent: delivery.traceparent }),
    },
    async (unit) => {
      const locked = await lockJob(unit, delivery.jobId);
      const job = orderJob(locked.job);
      const now = await unit.tx.now();
      const decide = (inputs: Parameters<typeof decideFor>[3]) => decideFor(unit, locked, now, inputs);
      return takeJobStep(unit, locked, await effect({ unit, tx: unit.tx, job, now, decide }));
    },
  );

/** Checks a job's result against its declaration and takes the step. @throws Problem validation-failed, step-failed */
export async function takeJobStep(unit: Unit, locked: LockedJob, result: JobResult): Promise<Answer> {
  const { job, instance } = locked;
  checkResult(locked, result);
  const command =
    'error' in result
      ? ({
          type: 'error',
          slot: job.slot,
          code: result.error.code,
          message: result.error.message,
          variables: result.variables ?? {},
        } as const)
      : ({ type: 'complete', slot: job.slot, variables: result.variables } as const);
  const outcome = await takeStep(unit, instance, {
    command,
    trigger: 'error' in result ? `error:${result.error.code}` : 'complete',
    wait: { id: job.id, elementId: job.elementId },
  });
  return { status: 200, body: { jobId: job.id, processInstanceId: instance.id, revision: outcome.revision } };
}

/** Holds a result against the job type's declaration, so that a handler cannot bring in what no diagram was written for. */
function checkResult({ job, definition }: LockedJob, result: JobResult): void {
  const declared = definition.jobs.get(job.type);
  if (!declared) return; // deployment refuses undeclared types; a direct test of a bare diagram has none
  if ('error' in result) {
    if (declared.errors.includes(result.error.code)) return;
    const known = declared.errors.length > 0 ? `it declares ${declared.errors.join(', ')}` : 'it declares none';
    throw new Problem(
      'validation-failed',
      `Job type ${job.type} raised ${result.error.code}, which it does not declare; ${known}.`,
      {
        errors: [{ pointer: '/code', message: known }],
      },
    );
  }
  const [first, ...more] = declared.output(result.variables);
  if (!first) return;
  throw new Problem(
    'validation-failed',
    `The result of ${job.type} does not fit its declaration: ${first.pointer} ${first.message}.`,
    { errors: [first, ...more].map(({ pointer, message }) => ({ pointer: `/variables${pointer}`, message })) },
  );
}
