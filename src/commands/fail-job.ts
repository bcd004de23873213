import { typeRests } from '../persistence/resting.ts';
import { raiseIncident } from '../persistence/incidents.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { newId } from '../support/ids.ts';
import { holdBack } from './incidents.ts';
import { lockInstance } from './instance.ts';
import type { Deps } from './unit.ts';

/** How long a failed job rests before it is rung again: 1 s, 4 s, 9 s ... at most a minute, ms. */
const retryDelayMs = (failures: number): number => Math.min(60_000, failures * failures * 1000);

/** What became of a job that failed. */
export type Failed =
  | { readonly outcome: 'retry'; readonly retriesLeft: number; readonly availableAt: Date }
  | { readonly outcome: 'incident'; readonly retriesLeft: 0; readonly incidentId: string };

/**
 * Counts a technical failure of a job that the service does itself. It is rung again after a rest; when its retries are used up it becomes an incident and rests
 * until somebody resolves that. Nothing happens when the job has got a result meanwhile, or when somebody else has it: this delivery took longer than its lease.
 */
export async function failJob(
  deps: Deps,
  jobId: string,
  leaseToken: string,
  message: string,
): Promise<'retry' | 'incident' | 'gone'> {
  return deps.database.transaction(async (tx) => {
    const wait = await tx.maybeOne<{ instanceId: string }>(
      `select instance_id as "instanceId" from orderflow.wait where id = $1`,
      [jobId],
    );
    if (!wait) return 'gone';
    await lockInstance(tx, wait.instanceId);
    return (await countFailure(tx, { jobId, leaseToken, message }))?.outcome ?? 'gone';
  });
}

/** Counts a failure under the lock of the job's instance, and ends the lease; undefined when the lease is not the job's any more. */
export async function countFailure(
  tx: Transaction,
  failure: { readonly jobId: string; readonly leaseToken: string; readonly message: string; readonly retryAfterMs?: number },
): Promise<Failed | undefined> {
  const { jobId, leaseToken, message } = failure;
  const failed = await tx.maybeOne<FailedJob & { retries: number }>(
    `update orderflow.outbox o set failures = failures + 1, last_error = $3, lease_token = null, leased_by = null
       from orderflow.wait w
      where o.wait_id = $1 and o.lease_token = $2 and w.id = o.wait_id and o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity'
      returning o.failures, w.retries, w.element_id as "elementId", o.job_type as "jobType", o.instance_id as "instanceId"`,
    [jobId, leaseToken, message],
  );
  if (!failed) return undefined;
  if (failed.failures >= failed.retries) {
    return { outcome: 'incident', retriesLeft: 0, incidentId: await openJobIncident(tx, jobId, failed, message) };
  }
  const { availableAt } = await tx.one<{ availableAt: Date }>(
    `update orderflow.outbox set next_at = orderflow.now() + $2 * interval '1 millisecond' where wait_id = $1 returning next_at as "availableAt"`,
    [jobId, failure.retryAfterMs ?? retryDelayMs(failed.failures)],
  );
  return { outcome: 'retry', retriesLeft: failed.retries - failed.failures, availableAt };
}

/** How often a job may be begun without ever coming to a result or an error: a job that kills its worker must not do so for ever. */
export const maxUnended = 10;

/**
 * Begins a delivery: counts it and starts its lease anew. Answers the token of the lease, or undefined when there is nothing to do for this job now: it
 * has ended, rests for an incident, or waits for an external worker.
 */
export async function takeDelivery(deps: Deps, jobId: string, leaseMs: number): Promise<string | undefined> {
  const leaseToken = newId();
  const [begun] = await deps.database.query<{ unended: number }>(
    `update orderflow.outbox o set deliveries = deliveries + 1, lease_token = $3, begun_at = orderflow.now(),
            next_at = orderflow.now() + $2 * interval '1 millisecond'
      where o.wait_id = $1 and o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity' and not o.external
        and not ${typeRests('o.job_type')}
      returning o.deliveries - o.failures as unended`,
    [jobId, leaseMs, leaseToken],
  );
  if (!begun) return undefined;
  if (begun.unended <= maxUnended) return leaseToken;
  await giveUpJob(deps, jobId);
  return undefined;
}

/** Makes an incident of a job that was begun too often without an end, unless it has ended or is another's concern by now. */
export async function giveUpJob(deps: Deps, jobId: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const select = `select o.failures, w.element_id as "elementId", o.job_type as "jobType", o.instance_id as "instanceId"
                      from orderflow.outbox o join orderflow.wait w on w.id = o.wait_id
                     where o.wait_id = $1 and o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity'
                       and o.deliveries - o.failures >= $2`;
    const found = await tx.maybeOne<FailedJob>(select, [jobId, maxUnended]);
    if (!found) return;
    await lockInstance(tx, found.instanceId);
    const job = await tx.maybeOne<FailedJob>(`${select} for update of o`, [jobId, maxUnended]);
    if (!job) return;
    await openJobIncident(
      tx,
      jobId,
      job,
      `${job.jobType} was begun ${maxUnended} times and never came to an end; it may be killing its worker`,
    );
  });
}

interface FailedJob {
  readonly instanceId: string;
  readonly elementId: string;
  readonly jobType: string;
  readonly failures: number;
}

async function openJobIncident(tx: Transaction, jobId: string, job: FailedJob, message: string): Promise<string> {
  const { instanceId, elementId, jobType, failures } = job;
  tx.cause ??= { actor: `worker:${jobType}`, commandId: null, traceparent: null, correlationId: null };
  const incidentId = await raiseIncident(tx, {
    instanceId,
    waitId: jobId,
    kind: 'job-failed',
    elementId,
    message,
    details: { jobType, failures },
  });
  await holdBack(tx, jobId);
  return incidentId;
}
