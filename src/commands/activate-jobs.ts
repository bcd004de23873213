import { isDoneInHouse, leaseJobs, nextAvailableMs, takeBackLeases, tellWorkers, type LeasedRow } from '../persistence/leases.ts';
import type { Reader } from '../persistence/reader.ts';
import { requireAnyRole, type Actor } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { giveUpJob, maxUnended } from './fail-job.ts';
import { jobKey, jobVariables } from './job.ts';
import type { Deps } from './unit.ts';

export interface ActivateJobs {
  readonly actor: Actor;
  readonly type: string;
  /** What the worker calls itself. */
  readonly worker: string;
  readonly maxJobs: number;
  /** How long the leases last, ms. */
  readonly lockMs: number;
}

export interface Activated {
  readonly jobs: readonly LeasedJob[];
  /** When there are none: in how many ms one will be available without anybody's doing; undefined when none will. */
  readonly nextMs?: number | undefined;
}

/** A job as its worker gets it. */
export type LeasedJob = JsonObject & { readonly id: string; readonly leaseToken: string };

/** @throws Problem forbidden; wrong-state for a job type that the service does itself */
export async function mayActivate(reader: Reader, { actor, type }: Pick<ActivateJobs, 'actor' | 'type'>): Promise<void> {
  requireAnyRole(actor, permissions['work on jobs'], 'work on jobs');
  if (await isDoneInHouse(reader, type)) {
    throw new Problem('wrong-state', `${type} is done by the service itself; there is nothing in it for other workers.`, {
      type,
    });
  }
}

/**
 * Leases jobs to an external worker, those first that have been available for longest. A lease is no command: it has no key, and asking twice gets other jobs.
 * Whoever may is asked before (`mayActivate`).
 */
export async function activateJobs(deps: Deps, wanted: ActivateJobs): Promise<Activated> {
  const request = { ...wanted, actor: wanted.actor.id, maxUnended };
  for (;;) {
    const { leased, exhausted, nextMs } = await deps.database.transaction(async (tx) => {
      const found = await leaseJobs(tx, request);
      const isEmpty = found.leased.length + found.exhausted.length === 0;
      return { ...found, nextMs: isEmpty ? await nextAvailableMs(tx, wanted.type) : undefined };
    });
    for (const jobId of exhausted) await giveUpJob(deps, jobId);
    if (leased.length > 0 || exhausted.length === 0) return { jobs: leased.map(present), nextMs };
  }
}

/** Takes jobs back from a worker that was gone before it heard of them. */
export const takeBackJobs = (deps: Deps, type: string, jobs: readonly LeasedJob[]): Promise<void> =>
  deps.database.transaction(async (tx) => {
    await takeBackLeases(
      tx,
      jobs.map((job) => job.leaseToken),
    );
    await tellWorkers(tx, type);
  });

const present = (row: LeasedRow): LeasedJob => ({
  id: row.id,
  type: row.type,
  key: jobKey(row.instanceId, row.id),
  leaseToken: row.leaseToken,
  leasedUntil: row.leasedUntil.toISOString(),
  attempt: row.attempt,
  retriesLeft: row.retriesLeft,
  processInstanceId: row.instanceId,
  processId: row.processId,
  version: row.version,
  businessKey: row.businessKey,
  subject: row.subjectType !== null && row.subjectId !== null ? { type: row.subjectType, id: row.subjectId } : null,
  elementId: row.elementId,
  elementName: row.elementName,
  properties: row.properties,
  variables: jobVariables(row, row),
  traceparent: row.traceparent,
  createdAt: row.openedAt.toISOString(),
});
