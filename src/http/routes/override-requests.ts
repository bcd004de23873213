import { z } from 'zod';
import { decideOverride, type DecideOverride } from '../../commands/decide-override.ts';
import { OverrideRequest, OverrideVerdict } from '../../contract/override-request.ts';
import { Id } from '../../contract/values.ts';
import { readOverrideRequest, searchOverrideRequests } from '../../queries/override-request.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentOverrideRequest } from '../presenters/override-request.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Override requests';
const params = z.strictObject({ id: Id });

export const overrideRequestRoutes: readonly Route[] = [
  ...listRoutes({
    noun: 'override-requests',
    name: 'OverrideRequests',
    tag,
    item: OverrideRequest,
    search: searchOverrideRequests,
    present: presentOverrideRequest,
  }),
  query({
    path: '/v1/override-requests/{id}',
    operationId: 'getOverrideRequest',
    summary: 'An override request with what was said to it',
    tag,
    params,
    answer: OverrideRequest,
    problems: ['not-found'],
    present: presentOverrideRequest,
    run: ({ reader, params }) => readOverrideRequest(reader, params.id),
  }),
  verdict('approval', 'APPROVE', 'Approve a request that somebody else made'),
  verdict('rejection', 'REJECT', 'Reject a request that somebody else made'),
];

function verdict(noun: string, decision: DecideOverride['decision'], summary: string): Route {
  return command({
    method: 'post',
    path: `/v1/override-requests/{id}/${noun}`,
    operationId: `${decision.toLowerCase()}OverrideRequest`,
    summary,
    tag,
    params,
    body: OverrideVerdict,
    answers: { 200: OverrideRequest },
    problems: ['forbidden', 'four-eyes', 'not-found', 'override-not-pending', 'step-failed'],
    takesIfMatch: true,
    present: presentOverrideRequest,
    run: ({ deps, request, params, body, guard }) =>
      decideOverride(deps, request, { overrideRequestId: params.id, decision, ...body, ...guard }),
  });
}
