import { z } from 'zod';
import { cancelReturn } from '../../commands/cancel-return.ts';
import { receiveReturn } from '../../commands/receive-return.ts';
import { Return, ReturnItem } from '../../contract/return.ts';
import { Cancellation } from '../../contract/sale-order.ts';
import { IdOrNumber } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readReturnView, searchReturns } from '../../queries/return.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentReturn } from '../presenters/return.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Returns';
const params = z.strictObject({ id: IdOrNumber });

export const returnRoutes: readonly Route[] = [
  ...listRoutes({ noun: 'returns', name: 'Returns', tag, item: ReturnItem, search: searchReturns }),
  query({
    path: '/v1/returns/{id}',
    operationId: 'getReturn',
    summary: 'A return with its lines and waits',
    tag,
    params,
    answer: Return,
    problems: ['not-found'],
    present: presentReturn,
    run: ({ reader, params }) => readReturnView(reader, params.id),
  }),
  command({
    method: 'post',
    path: '/v1/returns/{id}/receipt',
    operationId: 'receiveReturn',
    summary: 'The goods of a return have arrived',
    tag,
    params,
    answers: { 200: Return },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['receive a return'],
    takesIfMatch: true,
    present: presentReturn,
    run: ({ deps, request, params, guard }) => receiveReturn(deps, request, { returnId: params.id, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/returns/{id}/cancellation',
    operationId: 'cancelReturn',
    summary: 'Cancel a return whose goods are awaited',
    tag,
    params,
    body: Cancellation,
    answers: { 200: Return },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['cancel a return'],
    takesIfMatch: true,
    present: presentReturn,
    run: ({ deps, request, params, body, guard }) => cancelReturn(deps, request, { returnId: params.id, ...body, ...guard }),
  }),
];
