import { tellWorkers, withdrawLease } from '../../persistence/leases.ts';
import { wake } from '../../persistence/messages.ts';
import { readInstance } from '../../queries/process-instance.ts';
import { Problem } from '../../support/errors.ts';
import { revised } from '../answer.ts';
import type { LockedInstance } from '../instance.ts';
import { logStep } from '../log-step.ts';
import { perform } from '../perform.ts';
import type { Deps, Performed, Request, Unit } from '../unit.ts';
import { lockForRepair, openWaitOf, type OpenWait, type Repair } from './lock-for-repair.ts';

interface JobRepair extends Omit<Repair, 'instanceId'> {
  readonly jobId: string;
}

/**
 * Gives a job another number of attempts, counted from now; one that has become an incident is tried again when that is resolved.
 * @throws Problem forbidden, not-found, task-not-open, wrong-state, revision-mismatch
 */
export const changeJobRetries = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: JobRepair & { readonly retries: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change the retries of a job', payload: { ...input } }, async (unit) => {
    const { instance, job } = await lockOpenJob(unit, input);
    await unit.tx.execute('update orderflow.wait set retries = $2, revision = revision + 1 where id = $1', [
      job.id,
      input.retries,
    ]);
    await unit.tx.execute('update orderflow.outbox set failures = 0, deliveries = 0 where wait_id = $1', [job.id]);
    return logged(unit, instance, job, 'retries', input.reason);
  });

/** Takes a job away from whoever has it; somebody else may have it at once, and what the first says of it later is refused. @throws as above */
export const takeLeaseAway = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: JobRepair): Promise<Performed> =>
  perform(deps, { ...request, name: 'take a lease away', payload: { ...input } }, async (unit) => {
    const { instance, job } = await lockOpenJob(unit, input);
    const { tx } = unit;
    const row = await tx.maybeOne<{ rests: boolean; isLeased: boolean }>(
      `select next_at = 'infinity' as rests, lease_token is not null as "isLeased" from orderflow.outbox
        where wait_id = $1 and done_at is null and cancelled_at is null for update`,
      [job.id],
    );
    if (row?.rests === true) {
      throw new Problem('wrong-state', `The job at ${job.elementId} rests for an incident; nobody has it. Resolve the incident.`);
    }
    if (row?.isLeased !== true)
      throw new Problem('wrong-state', `Nobody has the job at ${job.elementId}; it waits for a worker.`);
    await withdrawLease(tx, job.id);
    await wake(tx, 'jobs');
    await tellWorkers(tx, job.jobType ?? '');
    return logged(unit, instance, job, 'lease-withdrawn', input.reason);
  });

async function lockOpenJob(unit: Unit, { jobId, ...repair }: JobRepair): Promise<{ instance: LockedInstance; job: OpenWait }> {
  const found = await unit.tx.maybeOne<{ instanceId: string }>(
    `select instance_id as "instanceId" from orderflow.wait where id = $1 and kind = 'job'`,
    [jobId],
  );
  if (!found) throw new Problem('not-found', `There is no job ${jobId}.`);
  const instance = await lockForRepair(unit, { ...repair, ...found });
  return { instance, job: await openWaitOf(unit.tx, instance, jobId) };
}

async function logged(unit: Unit, instance: LockedInstance, { elementId }: OpenWait, trigger: string, reason: string) {
  await logStep(unit, instance, { trigger, elementId, reason });
  return revised(200, { ...(await readInstance(unit.tx, instance.id)), warnings: [] });
}
