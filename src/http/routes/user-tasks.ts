import { z } from 'zod';
import { claimUserTask } from '../../commands/claim-user-task.ts';
import { completeUserTask } from '../../commands/complete-user-task.ts';
import { ProcessInstance } from '../../contract/process-instance.ts';
import { TaskCompletion, UserTask } from '../../contract/user-task.ts';
import { Id } from '../../contract/values.ts';
import { readUserTask, searchUserTasks } from '../../queries/user-task.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentUserTask } from '../presenters/user-task.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'User tasks';
const params = z.strictObject({ id: Id });

export const userTaskRoutes: readonly Route[] = [
  ...listRoutes({
    noun: 'user-tasks',
    name: 'UserTasks',
    tag,
    item: UserTask,
    search: searchUserTasks,
    present: presentUserTask,
  }),
  query({
    path: '/v1/user-tasks/{id}',
    operationId: 'getUserTask',
    summary: 'A user task, open or closed',
    tag,
    params,
    answer: UserTask,
    problems: ['not-found'],
    present: presentUserTask,
    run: ({ reader, params }) => readUserTask(reader, params.id),
  }),
  claimRoute('post', 'claimUserTask', 'Claim a task, so that the others see whose it is'),
  claimRoute('delete', 'releaseUserTask', 'Give a claimed task back'),
  command({
    method: 'post',
    path: '/v1/user-tasks/{id}/completion',
    operationId: 'completeUserTask',
    summary: 'Complete a task; the result has to fit its form. Answers the process instance as it stands then',
    tag,
    params,
    body: TaskCompletion,
    answers: { 200: ProcessInstance },
    problems: ['forbidden', 'not-found', 'task-not-open', 'task-claimed', 'decide-the-override', 'step-failed'],
    takesIfMatch: true,
    run: ({ deps, request, params, body, guard }) =>
      completeUserTask(deps, request, { taskId: params.id, variables: body.variables, ...guard }),
  }),
];

function claimRoute(method: 'post' | 'delete', operationId: string, summary: string): Route {
  return command({
    method,
    path: '/v1/user-tasks/{id}/claim',
    operationId,
    summary,
    tag,
    params,
    answers: { 200: UserTask },
    problems: ['forbidden', 'not-found', 'task-not-open', 'task-claimed'],
    takesIfMatch: true,
    present: presentUserTask,
    run: ({ deps, request, params, guard }) =>
      claimUserTask(deps, request, { taskId: params.id, claim: method === 'post', ...guard }),
  });
}
