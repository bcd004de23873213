import type { Transaction } from '../../persistence/transaction.ts';
import { requireAnyRole } from '../../policies/actor.ts';
import { permissions } from '../../policies/roles.ts';
import { Problem } from '../../support/errors.ts';
import { lockInstance, type LockedInstance } from '../instance.ts';
import { refuseStale } from '../refuse-stale.ts';
import type { Unit } from '../unit.ts';

/** What every repair says. */
export interface Repair {
  readonly instanceId: string;
  /** Kept with the step. */
  readonly reason: string;
  readonly ifRevision?: number;
}

/** Locks an instance that an operator is about to change by hand; one that rests may be repaired too. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export async function lockForRepair({ tx, actor }: Unit, { instanceId, ifRevision }: Repair): Promise<LockedInstance> {
  requireAnyRole(actor, permissions['repair a process instance'], 'repair a process instance');
  const instance = await lockInstance(tx, instanceId);
  const { businessKey, status, revision } = instance;
  if (status !== 'running') throw new Problem('wrong-state', `${businessKey} is ${status}; there is nothing to repair.`);
  refuseStale('this instance', revision, ifRevision);
  return instance;
}

/** An open wait of the locked instance. */
export interface OpenWait {
  readonly id: string;
  readonly slot: string;
  readonly kind: string;
  readonly elementId: string;
  readonly jobType: string | null;
  readonly overrideRequestId: string | null;
}

/** @throws Problem task-not-open when it is none of the instance's, or has ended */
export async function openWaitOf(tx: Transaction, instance: LockedInstance, waitId: string): Promise<OpenWait> {
  const wait = await tx.maybeOne<OpenWait & { status: string; instanceId: string }>(
    `select id, slot, kind, element_id as "elementId", job_type as "jobType", override_request_id as "overrideRequestId", status,
            instance_id as "instanceId" from orderflow.wait where id = $1`,
    [waitId],
  );
  if (!wait || wait.instanceId !== instance.id) {
    throw new Problem(
      'not-found',
      `${instance.businessKey} has no wait ${waitId}; GET /v1/process-instances/${instance.id}/waits lists them.`,
    );
  }
  const { status, instanceId: _, ...open } = wait;
  if (status !== 'open') throw new Problem('task-not-open', `${wait.elementId} is ${status}; nothing waits there any more.`);
  return open;
}
