import { Problem } from '../../support/errors.ts';
import { completeJob } from '../complete-job.ts';
import type { JobEffect } from '../job.ts';
import type { Deps } from '../unit.ts';
import { migrationActor } from './batch.ts';

/**
 * Makes the credit decisions that adopted orders wait for, one after the other in the order in which they were confirmed: the headroom that is left goes to who came
 * first. What fails is left to the workers. Answers how many decisions were made.
 */
export async function redecideCredit(deps: Deps, decide: JobEffect): Promise<number> {
  const jobs = await deps.database.query<{ jobId: string }>(
    `select o.wait_id as "jobId" from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id
      where o.job_type = 'credit.decide' and o.done_at is null and o.cancelled_at is null and i.started_by = $1 and i.revision = 1
      order by o.sequence`,
    [migrationActor],
  );
  let decided = 0;
  for (const { jobId } of jobs) {
    try {
      await completeJob(deps, { jobId, jobType: 'credit.decide' }, decide);
      decided++;
    } catch (error) {
      // a worker was faster, or an incident tells
      if (!(error instanceof Problem)) throw error;
      deps.logger.warn({ jobId, code: error.code }, error.message);
    }
  }
  return decided;
}
