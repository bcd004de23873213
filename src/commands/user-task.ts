import type { Transaction } from '../persistence/transaction.ts';
import { Problem } from '../support/errors.ts';
import { lockInstance, refuseSuspended } from './instance.ts';
import { refuseStale } from './refuse-stale.ts';

/** An open user task whose instance this transaction has locked. */
export interface Task {
  readonly id: string;
  readonly instanceId: string;
  readonly slot: string;
  readonly elementId: string;
  readonly elementName: string | null;
  readonly status: 'open' | 'completed' | 'cancelled';
  readonly revision: number;
  readonly candidateGroups: readonly string[];
  readonly assignee: string | null;
  readonly formId: string | null;
  readonly overrideRequestId: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
}

const selectTask = `
  select id, instance_id as "instanceId", slot, element_id as "elementId", element_name as "elementName", status, revision,
         candidate_groups as "candidateGroups", assignee, form_id as "formId", override_request_id as "overrideRequestId",
         closed_by as "closedBy", closed_at as "closedAt"
    from orderflow.wait where id = $1 and kind = 'user'`;

/**
 * Locks the task's instance, then reads the task: what it says holds until the transaction ends.
 * @throws Problem not-found, task-not-open, revision-mismatch, suspended
 */
export async function lockTask(tx: Transaction, taskId: string, ifRevision?: number): Promise<Task> {
  const found = await tx.maybeOne<Task>(selectTask, [taskId]);
  if (!found) throw new Problem('not-found', `There is no user task ${taskId}.`);
  refuseSuspended(await lockInstance(tx, found.instanceId));
  const task = await tx.one<Task>(selectTask, [taskId]);
  if (task.status !== 'open') {
    const how = task.status === 'completed' ? `was completed by ${task.closedBy}` : `was cancelled by ${task.closedBy}'s command`;
    throw new Problem('task-not-open', `${task.elementName ?? task.elementId} ${how} at ${task.closedAt?.toISOString()}.`, {
      taskStatus: task.status,
      closedBy: task.closedBy,
      closedAt: task.closedAt,
      instanceId: task.instanceId,
    });
  }
  refuseStale('this task', task.revision, ifRevision);
  return task;
}
