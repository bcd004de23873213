import { z } from 'zod';
import { decideOverride, type DecideOverride } from '../../commands/decide-override.ts';
import { requestOverride } from '../../commands/request-override.ts';
import { revokeApproval } from '../../commands/revoke-approval.ts';
import { NewOverrideRequest, OverrideRequest, OverrideRevocation, OverrideVerdict } from '../../contract/override-request.ts';
import { permissions } from '../../policies/roles.ts';
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
  command({
    method: 'post',
    path: '/v1/override-requests',
    operationId: 'requestOverride',
    summary: 'Ask that a shipment on hold goes, that a sale takes more money than its total, or that it gets credit it waits for',
    tag,
    body: NewOverrideRequest,
    answers: { 201: OverrideRequest },
    problems: ['not-found', 'wrong-state', 'flag-off'],
    roles: permissions['request an override'],
    present: presentOverrideRequest,
    run: ({ deps, request, body }) => requestOverride(deps, request, body),
  }),
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
  command({
    method: 'post',
    path: '/v1/override-requests/{id}/revocation',
    operationId: 'revokeOverrideRequest',
    summary: 'Take an approval back that was not used yet',
    tag,
    params,
    body: OverrideRevocation,
    answers: { 200: OverrideRequest },
    problems: ['forbidden', 'not-found', 'override-not-pending'],
    takesIfMatch: true,
    present: presentOverrideRequest,
    run: ({ deps, request, params, body, guard }) =>
      revokeApproval(deps, request, { overrideRequestId: params.id, ...body, ...guard }),
  }),
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
