import { z } from 'zod';
import { changeTimer } from '../../commands/change-timer.ts';
import { listOf } from '../../contract/search.ts';
import { StartEvent, Timer, TimerChange } from '../../contract/timer.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readStartEvents, readTimer } from '../../queries/timer.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Timers';
const params = z.strictObject({ id: Id });

export const timerRoutes: readonly Route[] = [
  query({
    path: '/v1/timers/{id}',
    operationId: 'getTimer',
    summary: 'A timer that an instance waits for; its id is that of the wait',
    tag,
    params,
    answer: Timer,
    problems: ['not-found'],
    run: ({ reader, params }) => readTimer(reader, params.id),
  }),
  command({
    method: 'patch',
    path: '/v1/timers/{id}',
    operationId: 'changeTimer',
    summary: 'Set when an open timer fires; of a repeating one this firing only',
    tag,
    params,
    body: TimerChange,
    answers: { 200: Timer },
    problems: ['not-found', 'wrong-state'],
    roles: permissions['change a timer'],
    takesIfMatch: true,
    run: ({ deps, request, params, body, guard }) => changeTimer(deps, request, { timerId: params.id, ...body, ...guard }),
  }),
  query({
    path: '/v1/start-events',
    operationId: 'listStartEvents',
    summary: 'What starts instances by itself: messages, signals and times, with what is due next and what has failed',
    tag,
    answer: listOf(StartEvent),
    run: async ({ reader }) => ({ items: await readStartEvents(reader) }),
  }),
];
