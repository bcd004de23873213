import { z } from 'zod';
import { ProcessInstance, Step } from '../../contract/process-instance.ts';
import { listOf } from '../../contract/search.ts';
import { Id, Variables } from '../../contract/values.ts';
import { Wait } from '../../contract/wait.ts';
import { readInstance, readSteps, readVariables } from '../../queries/process-instance.ts';
import { openWaitsOf } from '../../queries/waits.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Process instances';
const params = z.strictObject({ id: Id });
const problems = ['not-found'] as const;

export const processInstanceRoutes: readonly Route[] = [
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
