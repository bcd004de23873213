import { z } from 'zod';
import { cancelInstance } from '../../commands/cancel-instance.ts';
import { startProcess } from '../../commands/start-process.ts';
import { resumeInstance, suspendInstance } from '../../commands/suspend-instance.ts';
import { InstanceExplanation } from '../../contract/explanation.ts';
import {
  InstanceCancellation,
  NewProcessInstance,
  ProcessInstance,
  ProcessInstanceSummary,
  Step,
  Suspension,
} from '../../contract/process-instance.ts';
import { listOf } from '../../contract/search.ts';
import { Id, Variables } from '../../contract/values.ts';
import { Wait } from '../../contract/wait.ts';
import { explainInstance } from '../../queries/explanation.ts';
import { readInstance, readSteps, readVariables } from '../../queries/process-instance.ts';
import { searchInstances } from '../../queries/process-instance-search.ts';
import { openWaitsOf } from '../../queries/waits.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
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
    method: 'post',
    path: '/v1/process-instances',
    operationId: 'startProcessInstance',
    summary: 'Start an instance of a deployed process that moves no order',
    tag,
    body: NewProcessInstance,
    answers: { 201: ProcessInstance },
    problems: ['not-found', 'business-key-active', 'suspended', 'step-failed'],
    roles: permissions['start a process instance'],
    run: ({ deps, request, body }) => startProcess(deps, request, body),
  }),
  ...listRoutes({
    noun: 'process-instances',
    name: 'ProcessInstances',
    tag,
    item: ProcessInstanceSummary,
    search: searchInstances,
  }),
  command({
    ...rest,
    path: '/v1/process-instances/{id}/cancellation',
    operationId: 'cancelProcessInstance',
    summary: 'End an instance that is no order, with all that it has called; its caller gets an incident',
    body: InstanceCancellation,
    roles: permissions['cancel a process instance'],
    run: ({ deps, request, params: { id }, body, guard }) => cancelInstance(deps, request, { instanceId: id, ...body, ...guard }),
  }),
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
    summary: 'The variables of an instance, or those that one scope of it has of its own',
    tag,
    params,
    query: z.strictObject({
      scope: z
        .string()
        .min(1)
        .max(1000)
        .exactOptional()
        .meta({ description: 'Slot of a sub-process, loop run or task that waits' }),
    }),
    answer: Variables,
    problems,
    run: ({ reader, params, query: { scope } }) => readVariables(reader, params.id, scope),
  }),
  query({
    path: '/v1/process-instances/{id}/explanation',
    operationId: 'explainProcessInstance',
    summary: 'Why an instance stands where it stands, what keeps it, and who or what would let it go on',
    tag,
    params,
    answer: InstanceExplanation,
    problems,
    run: ({ reader, params }) => explainInstance(reader, params.id),
  }),
];
