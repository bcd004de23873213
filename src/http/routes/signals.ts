import { broadcastSignal } from '../../commands/broadcast-signal.ts';
import { NewSignal, SignalResult } from '../../contract/signal.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import type { Route } from '../route.ts';

export const signalRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/signals',
    operationId: 'broadcastSignal',
    summary: 'Tell a signal to every instance that waits for it now, and start every process that it starts',
    tag: 'Messages',
    body: NewSignal,
    answers: { 200: SignalResult },
    roles: permissions['broadcast a signal'],
    run: ({ deps, request, body }) => broadcastSignal(deps, request, body),
  }),
];
