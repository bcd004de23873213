import { z } from 'zod';
import { resumeInstance, suspendInstance } from '../../commands/suspend-instance.ts';
import { ProcessInstance, Step, Suspension } from '../../contract/process-instance.ts';
import { listOf } from '../../contract/search.ts';
import { Id, Variables } from '../../contract/values.ts';
import { Wait } from '../../contract/wait.ts';
import { readInstance, readSteps, readVariables } from '../../queries/process-instance.ts';
import { openWaitsOf } from '../../queries/waits.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Process instances';
const params = z.strictObject({ id: Id });
const problems = ['not-found'] as const;

const rest = {
  method: 'post',
  tag,
  params,
  body: Suspension,
  answers: { 200: ProcessInstance },
  problems: ['not-found', 'wrong-state'],
  roles: permissions['suspend a process instance'],
  takesIfMatch: true,
} as const;

export const processInstanceRoutes: readonly Route[] = [
  command({
    ...rest,
    path: '/v1/process-instances/{id}/suspension',
    operationId: 'suspendProcessInstance',
    summary: 'Let an instance rest: it takes no step until it is resumed; money that arrives is recorded',
    run: ({ deps, request, params: { id }, body, guard }) =>
      suspendInstance(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    ...rest,
    path: '/v1/process-instances/{id}/resumption',
    operationId: 'resumeProcessInstance',
    summary: 'Let a suspended instance go on where it stands',
    run: ({ deps, request, params: { id }, body, guard }) => resumeInstance(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  query({
    path: '/v1/process-instances/{id}',
    operationId: 'getProcessInstance',
    summary: 'An instance with what it waits for',
    tag,
    params,
    answer: ProcessInstance,
    problems,
    run: ({ reader, params }) => readInstance(reader, params.id),
  }),
  query({
    path: '/v1/process-instances/{id}/waits',
    operationId: 'getWaits',
    summary: 'What an instance waits for, oldest first',
    tag,
    params,
    answer: listOf(Wait),
    problems,
    run: async ({ reader, params }) => {
      await readInstance(reader, params.id); // an unknown one is no empty list
      return { items: await openWaitsOf(reader, params.id) };
    },
  }),
  query({
    path: '/v1/process-instances/{id}/transitions',
    operationId: 'getTransitions',
    summary: 'Every step an instance has taken: who, by what, which way, what was asked',
    tag,
    params,
    answer: listOf(Step),
    problems,
    run: async ({ reader, params }) => {
      await readInstance(reader, params.id);
      return { items: await readSteps(reader, params.id) };
    },
  }),
  query({
    path: '/v1/process-instances/{id}/variables',
    operationId: 'getVariables',
    summary: 'The variables of an instance',
    tag,
    params,
    answer: Variables,
    problems,
    run: ({ reader, params }) => readVariables(reader, params.id),
  }),
];
