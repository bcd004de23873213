import { endLease, prolongLease, tellWorkers } from '../persistence/leases.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { takeJobStep } from './complete-job.ts';
import { countFailure } from './fail-job.ts';
import { lockInstance } from './instance.ts';
import { lockJob } from './job.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

/** A job that an external worker has, and the token that shows it. */
interface Leased {
  readonly jobId: string;
  readonly leaseToken: string;
}

type Asked = Omit<Request, 'name' | 'payload'>;

/** What an external worker may say of a job only while nobody else has it. @throws Problem forbidden, not-found, task-not-open, stale-lease */
async function holdLease({ tx, actor }: Unit, { jobId, leaseToken }: Leased): Promise<{ instanceId: string; type: string }> {
  requireAnyRole(actor, permissions['work on jobs'], 'work on jobs');
  const select = `select w.instance_id as "instanceId", w.job_type as type, w.status, o.lease_token as token, o.leased_by as worker,
                         case when o.next_at <> 'infinity' then orderflow.iso(o.next_at) end as until
                    from orderflow.wait w join orderflow.outbox o on o.wait_id = w.id where w.id = $1`;
  type Row = {
    instanceId: string;
    type: string;
    status: string;
    token: string | null;
    worker: string | null;
    until: string | null;
  };
  const found = await tx.maybeOne<Row>(select, [jobId]);
  if (!found) throw new Problem('not-found', `There is no job ${jobId}.`);
  await lockInstance(tx, found.instanceId);
  const { status, token, worker, until, ...job } = await tx.one<Row>(`${select} for update of o`, [jobId]);
  if (status !== 'open') {
    throw new Problem('task-not-open', `Job ${jobId} (${job.type}) is ${status}; drop the work.`, { jobStatus: status });
  }
  if (token !== leaseToken) {
    const now = token === null || until === null ? 'nobody has it now' : `${worker ?? 'the service'} has it until ${until}`;
    throw new Problem('stale-lease', `This lease of job ${jobId} (${job.type}) is over: ${now}. Drop the work.`, { worker });
  }
  return job;
}

/**
 * Completes a job for the worker that has it. A lease that has run out is still good as long as nobody else has taken the job: the work is done, and nobody has
 * begun it again. @throws Problem stale-lease, task-not-open (drop the work), validation-failed when the result is not as declared, suspended, step-failed
 */
export const completeLeasedJob = (
  deps: Deps,
  request: Asked,
  input: Leased & { readonly variables: JsonObject },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'complete a job', payload: { ...input } }, async (unit) => {
    await holdLease(unit, input);
    const locked = await lockJob(unit, input.jobId);
    await endLease(unit.tx, input.leaseToken, 'completed', unit.commandId);
    return takeJobStep(unit, locked, { variables: input.variables });
  });

/** Ends a job with a BPMN error that its type declares. @throws Problem as completeLeasedJob */
export const raiseJobError = (
  deps: Deps,
  request: Asked,
  input: Leased & { readonly code: string; readonly message: string; readonly variables: JsonObject },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'raise an error of a job', payload: { ...input } }, async (unit) => {
    await holdLease(unit, input);
    const locked = await lockJob(unit, input.jobId);
    await endLease(unit.tx, input.leaseToken, 'error', unit.commandId);
    const { code, message, variables } = input;
    return takeJobStep(unit, locked, { error: { code, message }, variables });
  });

/**
 * Counts a technical failure: the job rests and is handed out again, or becomes an incident when its retries are used up. Its instance may rest meanwhile: no step
 * is taken. @throws Problem stale-lease, task-not-open (drop the work)
 */
export const failLeasedJob = (
  deps: Deps,
  request: Asked,
  input: Leased & { readonly message: string; readonly retryAfterMs?: number; readonly variables?: JsonObject },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'fail a job', payload: { ...input } }, async (unit) => {
    const { jobId, leaseToken, variables } = input;
    const { instanceId, type } = await holdLease(unit, input);
    await endLease(unit.tx, leaseToken, 'failed', unit.commandId);
    const failed = await countFailure(unit.tx, input);
    // an incident has stopped it while its worker was at it; what the worker says is no news
    if (!failed) throw new Problem('stale-lease', `This lease of job ${jobId} (${type}) is over. Drop the work.`);
    if (variables !== undefined) {
      await unit.tx.execute(`update orderflow.wait set input = coalesce(input, '{}') || $2::jsonb where id = $1`, [
        jobId,
        JSON.stringify(variables),
      ]);
    }
    await tellWorkers(unit.tx, type);
    const { outcome, retriesLeft } = failed;
    const more =
      failed.outcome === 'retry' ? { availableAt: failed.availableAt.toISOString() } : { incidentId: failed.incidentId };
    return { status: 200, body: { jobId, processInstanceId: instanceId, outcome, retriesLeft, ...more } };
  });

/** Lets a lease last until `lockMs` from now. @throws Problem stale-lease, task-not-open (drop the work) */
export const extendLease = (deps: Deps, request: Asked, input: Leased & { readonly lockMs: number }): Promise<Performed> =>
  perform(deps, { ...request, name: 'extend the lease of a job', payload: { ...input } }, async (unit) => {
    const { jobId, leaseToken, lockMs } = input;
    const { type } = await holdLease(unit, input);
    const until = await prolongLease(unit.tx, jobId, leaseToken, lockMs);
    if (!until) throw new Problem('stale-lease', `Job ${jobId} (${type}) rests for an incident. Drop the work.`);
    return { status: 200, body: { jobId, leasedUntil: until.toISOString() } };
  });
