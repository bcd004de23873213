import { z } from 'zod';
import { resumeWork, suspendWork } from '../../commands/suspended-work.ts';
import { Suspension } from '../../contract/process-instance.ts';
import { listOf } from '../../contract/search.ts';
import { WorkSuspension } from '../../contract/suspension.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { activeSuspensions, type SuspensionKind } from '../../queries/suspension.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Suspensions';

/** The two routes of one kind of work. */
function pair(kind: SuspensionKind, noun: string, id: z.ZodType<string>, name: string, what: string): Route[] {
  const common = {
    method: 'post',
    tag,
    params: z.strictObject({ id }),
    body: Suspension,
    answers: { 200: WorkSuspension },
    problems: ['not-found', 'wrong-state'],
    roles: permissions['suspend work'],
  } as const;
  return [
    command({
      ...common,
      path: `/v1/${noun}/{id}/suspension`,
      operationId: `suspend${name}`,
      summary: `Let ${what} rest`,
      run: ({ deps, request, params, body }) => suspendWork(deps, request, { kind, ref: params.id, ...body }),
    }),
    command({
      ...common,
      path: `/v1/${noun}/{id}/resumption`,
      operationId: `resume${name}`,
      summary: `Let ${what} go on`,
      run: ({ deps, request, params, body }) => resumeWork(deps, request, { kind, ref: params.id, ...body }),
    }),
  ];
}

const Name = z.string().min(1).max(255);

export const suspensionRoutes: readonly Route[] = [
  query({
    path: '/v1/suspensions',
    operationId: 'listSuspensions',
    summary: 'Everything that rests now: instances, processes, versions and job types, with who, since when and why',
    tag,
    answer: listOf(WorkSuspension),
    run: async ({ reader }) => ({ items: await activeSuspensions(reader) }),
  }),
  ...pair(
    'process',
    'processes',
    Name.meta({ description: 'Process id' }),
    'Process',
    'all instances of a process, and new ones',
  ),
  ...pair(
    'definition',
    'process-definitions',
    Id,
    'ProcessDefinition',
    'the instances of one version of a process, and new ones on it',
  ),
  ...pair(
    'job-type',
    'job-types',
    Name.meta({ description: 'Job type' }),
    'JobType',
    'the jobs of a type; nothing else of their instances',
  ),
];
