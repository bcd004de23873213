import { hasAnyRole, requireAnyRole } from '../policies/actor.ts';
import { readUserTask } from '../queries/user-task.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';
import { lockTask } from './user-task.ts';

/** Claims a task for its caller, or gives it back; the others see whose it is. @throws as completeUserTask */
export const claimUserTask = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly taskId: string; readonly claim: boolean; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(
    deps,
    { ...request, name: input.claim ? 'claim a user task' : 'release a user task', payload: { taskId: input.taskId } },
    async ({ tx, actor }) => {
      const task = await lockTask(tx, input.taskId, input.ifRevision);
      requireAnyRole(actor, task.candidateGroups, `claim ${task.elementName ?? task.elementId}`);
      if (task.assignee !== null && task.assignee !== actor.id && !hasAnyRole(actor, ['order_admin'])) {
        throw new Problem('task-claimed', `${task.assignee} has claimed this task.`, { assignee: task.assignee });
      }
      await tx.execute('update orderflow.wait set assignee = $2, revision = revision + 1 where id = $1', [
        task.id,
        input.claim ? actor.id : null,
      ]);
      return revised(200, await readUserTask(tx, task.id));
    },
  );
