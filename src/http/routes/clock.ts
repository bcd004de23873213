import { moveClock } from '../../commands/move-clock.ts';
import { Clock, ClockMove } from '../../contract/clock.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import type { Route } from '../route.ts';

/** Only where settings.movableClock says so. */
export const clockRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/clock',
    operationId: 'moveClock',
    summary: 'Move the clock of the service forward (demo mode only)',
    tag: 'Demo',
    body: ClockMove,
    answers: { 200: Clock },
    roles: permissions['move the clock'],
    run: ({ deps, request, body }) => moveClock(deps, request, body),
  }),
];
