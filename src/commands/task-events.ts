import { emit } from '../persistence/events.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { ClosedRow } from '../persistence/waits.ts';
import type { LockedInstance } from './instance.ts';
import type { OpenedWait } from './unit.ts';

/** Who is told of an instance's own affairs: the order that it moves, so that they come in order with the rest; the instance, where there is none. */
export const subjectOf = ({ id, businessKey, subject }: Pick<LockedInstance, 'id' | 'businessKey' | 'subject'>) =>
  subject ? { ...subject, number: businessKey } : { type: 'process_instance', id, number: businessKey };

/** Tells of user tasks that a step has opened and completed; one that was taken away is told of by nobody. */
export async function tellTasks(
  tx: Transaction,
  instance: LockedInstance,
  opened: readonly OpenedWait[],
  closed: readonly ClosedRow[],
): Promise<void> {
  const subject = subjectOf(instance);
  const common = { processInstanceId: instance.id };
  for (const task of closed.filter((row) => row.kind === 'user' && row.status === 'completed')) {
    const { id: taskId, elementId, elementName: name, candidateGroups: roles, formId } = task;
    const data = { taskId, elementId, name, roles, formId, ...common };
    await emit(tx, { type: 'workflow.task-completed', subject, data });
  }
  for (const { id: taskId, elementId, elementName: name = null, user } of opened.filter((wait) => wait.kind === 'user')) {
    const data = { taskId, elementId, name, roles: user?.candidateGroups ?? [], formId: user?.formId ?? null, ...common };
    await emit(tx, { type: 'workflow.task-created', subject, data });
  }
}
