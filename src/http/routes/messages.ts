import { publishMessage } from '../../commands/publish-message.ts';
import { MessageResult, NewMessage } from '../../contract/message.ts';
import { permissions } from '../../policies/roles.ts';
import { command } from '../command-route.ts';
import type { Route } from '../route.ts';

export const messageRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/messages',
    operationId: 'publishMessage',
    summary: 'Give a message to the instance that waits for it, or have it kept for its time to live',
    tag: 'Messages',
    body: NewMessage,
    answers: { 200: MessageResult },
    problems: ['nobody-waits', 'step-failed'],
    roles: permissions['publish a message'],
    run: ({ deps, request, body: { timeToLive, ...message } }) =>
      publishMessage(deps, request, { ...message, timeToLiveMs: timeToLive }),
  }),
];
