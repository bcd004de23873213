import { tellIncidents } from '../persistence/incident-events.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { newId } from '../support/ids.ts';
import { holdBack } from './incidents.ts';
import { lockInstance } from './instance.ts';
import type { Deps } from './unit.ts';

/** How long a failed job rests before it is rung again: 1 s, 4 s, 9 s ... at most a minute, ms. */
export const retryDelayMs = (failures: number): number => Math.min(60_000, failures * failures * 1000);

/**
 * Counts a technical failure of a job. It is rung again after a rest; when its retries are used up it becomes an incident and rests until somebody
 * resolves that. Nothing happens when the job has got a result meanwhile.
 */
export async function failJob(deps: Deps, jobId: string, message: string): Promise<'retry' | 'incident' | 'gone'> {
  return deps.database.transaction(async (tx) => {
    const wait = await tx.maybeOne<{ instanceId: string }>(
      `select instance_id as "instanceId" from orderflow.wait where id = $1`,
      [jobId],
    );
    if (!wait) return 'gone';
    await lockInstance(tx, wait.instanceId);
    const failed = await tx.maybeOne<{ failures: number; retries: number; elementId: string; jobType: string }>(
      `update orderflow.outbox o set failures = failures + 1, last_error = $2
         from orderflow.wait w
        where o.wait_id = $1 and w.id = o.wait_id and w.status = 'open' and o.done_at is null and o.cancelled_at is null
        returning o.failures, w.retries, w.element_id as "elementId", o.job_type as "jobType"`,
      [jobId, message],
    );
    if (!failed) return 'gone';
    if (failed.failures < failed.retries) {
      const at = `orderflow.now() + $2 * interval '1 millisecond'`;
      await tx.execute(`update orderflow.outbox set next_at = ${at} where wait_id = $1`, [jobId, retryDelayMs(failed.failures)]);
      return 'retry';
    }
    await openJobIncident(tx, { ...failed, ...wait, jobId, message });
    return 'incident';
  });
}

/** How often a job may be begun without ever coming to a result or an error: a job that kills its worker must not do so for ever. */
const maxDeliveries = 10;

/** Begins a delivery: counts it and starts its lease anew. Answers false when there is nothing to do for this job now. */
export async function takeDelivery(deps: Deps, jobId: string, leaseMs: number): Promise<boolean> {
  const [begun] = await deps.database.query<{ deliveries: number; instanceId: string; elementId: string; jobType: string }>(
    `update orderflow.outbox o set deliveries = deliveries + 1, next_at = orderflow.now() + $2 * interval '1 millisecond'
       from orderflow.wait w
      where o.wait_id = $1 and w.id = o.wait_id and o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity'
      returning o.deliveries, o.instance_id as "instanceId", w.element_id as "elementId", o.job_type as "jobType"`,
    [jobId, leaseMs],
  );
  if (!begun) return false;
  if (begun.deliveries <= maxDeliveries) return true;
  const message = `${begun.jobType} was begun ${maxDeliveries} times and never came to an end; it may be killing its worker`;
  await deps.database.transaction(async (tx) => {
    await lockInstance(tx, begun.instanceId);
    await openJobIncident(tx, { ...begun, failures: 0, jobId, message });
  });
  return false;
}

async function openJobIncident(
  tx: Transaction,
  job: { instanceId: string; jobId: string; elementId: string; jobType: string; failures: number; message: string },
): Promise<void> {
  tx.cause ??= { actor: `worker:${job.jobType}`, commandId: null, traceparent: null, correlationId: null };
  const open = await tx.one<{ id: string; isNew: boolean }>(
    `insert into orderflow.incident (id, instance_id, wait_id, kind, element_id, message, details, opened_at)
     values ($1, $2, $3, 'job-failed', $4, $5, $6, orderflow.now())
     on conflict (wait_id) where resolved_at is null do update set message = excluded.message
     returning id, xmax = 0 as "isNew"`,
    [
      newId(),
      job.instanceId,
      job.jobId,
      job.elementId,
      job.message,
      JSON.stringify({ jobType: job.jobType, failures: job.failures }),
    ],
  );
  if (open.isNew) await tellIncidents(tx, 'raised', [open.id]);
  await holdBack(tx, job.jobId);
}
