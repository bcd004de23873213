import { z } from 'zod';
import { cancelFulfilment } from '../../commands/cancel-fulfilment.ts';
import { recordDelivery } from '../../commands/record-delivery.ts';
import { requestReturn } from '../../commands/request-return.ts';
import { shipFulfilment } from '../../commands/ship-fulfilment.ts';
import { Fulfilment, FulfilmentItem } from '../../contract/fulfilment.ts';
import { NewReturn, Return } from '../../contract/return.ts';
import { Cancellation } from '../../contract/sale-order.ts';
import { IdOrNumber } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readFulfilmentView, searchFulfilments } from '../../queries/fulfilment.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentFulfilment } from '../presenters/fulfilment.ts';
import { presentReturn } from '../presenters/return.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Fulfilments';
const params = z.strictObject({ id: IdOrNumber });

export const fulfilmentRoutes: readonly Route[] = [
  ...listRoutes({ noun: 'fulfilments', name: 'Fulfilments', tag, item: FulfilmentItem, search: searchFulfilments }),
  query({
    path: '/v1/fulfilments/{id}',
    operationId: 'getFulfilment',
    summary: 'A fulfilment with its lines and waits',
    tag,
    params,
    answer: Fulfilment,
    problems: ['not-found'],
    present: presentFulfilment,
    run: ({ reader, params }) => readFulfilmentView(reader, params.id),
  }),
  command({
    method: 'post',
    path: '/v1/fulfilments/{id}/shipments',
    operationId: 'shipFulfilment',
    summary: 'Pick and pack all open lines at once',
    tag,
    params,
    answers: { 200: Fulfilment },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['ship a fulfilment'],
    takesIfMatch: true,
    present: presentFulfilment,
    run: ({ deps, request, params, guard }) => shipFulfilment(deps, request, { fulfilmentId: params.id, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/fulfilments/{id}/deliveries',
    operationId: 'recordDelivery',
    summary: 'The goods have arrived',
    tag,
    params,
    answers: { 200: Fulfilment },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['record a delivery'],
    takesIfMatch: true,
    present: presentFulfilment,
    run: ({ deps, request, params, guard }) => recordDelivery(deps, request, { fulfilmentId: params.id, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/fulfilments/{id}/cancellation',
    operationId: 'cancelFulfilment',
    summary: 'Cancel a shipment that has not left; its goods are given back',
    tag,
    params,
    body: Cancellation,
    answers: { 200: Fulfilment },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['cancel a fulfilment'],
    takesIfMatch: true,
    present: presentFulfilment,
    run: ({ deps, request, params, body, guard }) =>
      cancelFulfilment(deps, request, { fulfilmentId: params.id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/fulfilments/{id}/returns',
    operationId: 'requestReturn',
    summary: 'Ask to send back goods that have arrived; several returns may be open at once',
    tag,
    params,
    body: NewReturn,
    answers: { 201: Return },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['request a return'],
    takesIfMatch: true,
    present: presentReturn,
    run: ({ deps, request, params, body, guard }) => requestReturn(deps, request, { fulfilmentId: params.id, ...body, ...guard }),
  }),
];
