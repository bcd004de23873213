import { z } from 'zod';
import { changeJobRetries, takeLeaseAway } from '../../commands/repair/change-job.ts';
import { changeVariables, dropWait, moveToken } from '../../commands/repair/move-token.ts';
import { RepairedInstance, RepairReason, RetriesChange, TokenMove, VariablesChange, WaitDrop } from '../../contract/repair.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import type { Route } from '../route.ts';

const repair = {
  tag: 'Repair',
  params: z.strictObject({ id: Id }),
  answers: { 200: RepairedInstance },
  roles: permissions['repair a process instance'],
  takesIfMatch: true,
} as const;

/** What an operator does to an instance by hand: each with a reason, as a step in its log. */
export const repairRoutes: readonly Route[] = [
  command({
    ...repair,
    method: 'post',
    path: '/v1/process-instances/{id}/moves',
    operationId: 'moveToken',
    summary:
      'Take a token from where it waits, and put one before another element; the answer warns of what the way would have done',
    body: TokenMove,
    problems: ['not-found', 'wrong-state', 'task-not-open', 'step-failed'],
    run: ({ deps, request, params: { id }, body, guard }) => moveToken(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    ...repair,
    method: 'post',
    path: '/v1/process-instances/{id}/drops',
    operationId: 'dropWait',
    summary: 'Take a token away from where it waits; the rest of the instance goes on',
    body: WaitDrop,
    problems: ['not-found', 'wrong-state', 'task-not-open', 'step-failed'],
    run: ({ deps, request, params: { id }, body, guard }) => dropWait(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    ...repair,
    method: 'patch',
    path: '/v1/process-instances/{id}/variables',
    operationId: 'changeVariables',
    summary: 'Change variables of an instance, within what its process declares; conditional events look again',
    body: VariablesChange,
    problems: ['not-found', 'wrong-state', 'step-failed'],
    run: ({ deps, request, params: { id }, body, guard }) =>
      changeVariables(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    ...repair,
    method: 'post',
    path: '/v1/jobs/{id}/retries',
    operationId: 'changeJobRetries',
    summary: 'Give a job another number of attempts, counted from now; If-Match is the revision of its instance',
    body: RetriesChange,
    problems: ['not-found', 'wrong-state', 'task-not-open'],
    run: ({ deps, request, params: { id }, body, guard }) => changeJobRetries(deps, request, { jobId: id, ...body, ...guard }),
  }),
  command({
    ...repair,
    method: 'post',
    path: '/v1/jobs/{id}/lease-withdrawal',
    operationId: 'takeLeaseAway',
    summary: 'Take a job away from the worker that has it; If-Match is the revision of its instance',
    body: RepairReason,
    problems: ['not-found', 'wrong-state', 'task-not-open'],
    run: ({ deps, request, params: { id }, body, guard }) => takeLeaseAway(deps, request, { jobId: id, ...body, ...guard }),
  }),
];
