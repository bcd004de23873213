import { z } from 'zod';
import { cancelSaleOrder } from '../../commands/cancel-sale-order.ts';
import { changeSaleOrder } from '../../commands/change-sale-order.ts';
import { choosePaymentMethod } from '../../commands/choose-payment-method.ts';
import { createSaleOrder } from '../../commands/create-sale-order.ts';
import { refundSaleOrder } from '../../commands/refund-sale-order.ts';
import { recordCapture } from '../../commands/record-capture.ts';
import {
  Cancellation,
  NewCapture,
  NewRefund,
  NewSaleOrder,
  PaymentMethodChoice,
  SaleOrder,
  SaleOrderChange,
  SaleOrderItem,
  Timeline,
} from '../../contract/sale-order.ts';
import { IdOrNumber } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readSaleOrder, searchSaleOrders } from '../../queries/sale-order.ts';
import { readTimeline } from '../../queries/timeline.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentSaleOrder } from '../presenters/sale-order.ts';
import { presentTimeline } from '../presenters/timeline.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Sale orders';
const params = z.strictObject({ id: IdOrNumber });

export const saleOrderRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/sale-orders',
    operationId: 'createSaleOrder',
    summary: 'Write a sale order that no quotation came before, and start its process',
    tag,
    body: NewSaleOrder,
    answers: { 201: SaleOrder },
    problems: ['not-found', 'wrong-state', 'flag-off', 'step-failed'],
    roles: permissions['create a sale order'],
    present: presentSaleOrder,
    run: ({ deps, request, body }) => createSaleOrder(deps, request, body),
  }),
  ...listRoutes({ noun: 'sale-orders', name: 'SaleOrders', tag, item: SaleOrderItem, search: searchSaleOrders }),
  query({
    path: '/v1/sale-orders/{id}',
    operationId: 'getSaleOrder',
    summary: 'A sale order with its lines, waits, quotation and fulfilments',
    tag,
    params,
    answer: SaleOrder,
    problems: ['not-found'],
    present: presentSaleOrder,
    run: ({ reader, params }) => readSaleOrder(reader, params.id),
  }),
  query({
    path: '/v1/sale-orders/{id}/timeline',
    operationId: 'getSaleOrderTimeline',
    summary: 'What happened to an order from quotation to fulfilment, who did it and which decisions were asked',
    tag,
    params,
    answer: Timeline,
    problems: ['not-found'],
    present: presentTimeline,
    run: ({ reader, params }) => readTimeline(reader, params.id),
  }),
  command({
    method: 'patch',
    path: '/v1/sale-orders/{id}',
    operationId: 'changeSaleOrder',
    summary: 'Change quantities of a sale that asks for no money yet; it begins anew with them',
    tag,
    params,
    body: SaleOrderChange,
    answers: { 200: SaleOrder },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['change a sale order'],
    takesIfMatch: true,
    present: presentSaleOrder,
    run: ({ deps, request, params, body, guard }) =>
      changeSaleOrder(deps, request, { saleOrderId: params.id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/sale-orders/{id}/cancellation',
    operationId: 'cancelSaleOrder',
    summary: 'Cancel a sale, or of a cleared one what has not been shipped; what it has taken is given back',
    tag,
    params,
    body: Cancellation,
    answers: { 200: SaleOrder },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['cancel a sale order'],
    takesIfMatch: true,
    present: presentSaleOrder,
    run: ({ deps, request, params, body, guard }) =>
      cancelSaleOrder(deps, request, { saleOrderId: params.id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/sale-orders/{id}/captures',
    operationId: 'recordCapture',
    summary: 'Record money that has arrived; what exceeds the total is kept as unapplied',
    tag,
    params,
    body: NewCapture,
    answers: { 201: SaleOrder, 200: SaleOrder },
    problems: ['not-found', 'reference-reused', 'step-failed'],
    roles: permissions['record a capture'],
    present: presentSaleOrder,
    run: ({ deps, request, params, body: { occurredAt, ...capture } }) =>
      recordCapture(deps, request, {
        saleOrderId: params.id,
        ...capture,
        ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }),
      }),
  }),
  command({
    method: 'post',
    path: '/v1/sale-orders/{id}/refunds',
    operationId: 'refundSaleOrder',
    summary: 'Give money back: through the provider, or as a transfer that was made by hand',
    tag,
    params,
    body: NewRefund,
    answers: { 201: SaleOrder },
    problems: ['not-found', 'refund-cap', 'reference-reused'],
    roles: permissions['refund a sale order'],
    present: presentSaleOrder,
    run: ({ deps, request, params, body }) => refundSaleOrder(deps, request, { saleOrderId: params.id, ...body }),
  }),
  command({
    method: 'post',
    path: '/v1/sale-orders/{id}/payment-method',
    operationId: 'choosePaymentMethod',
    summary: 'Choose how a sale is paid, while it asks for that or waits for credit',
    tag,
    params,
    body: PaymentMethodChoice,
    answers: { 200: SaleOrder },
    problems: ['not-found', 'forbidden', 'wrong-state', 'step-failed'],
    takesIfMatch: true,
    present: presentSaleOrder,
    run: ({ deps, request, params, body, guard }) =>
      choosePaymentMethod(deps, request, { saleOrderId: params.id, ...body, ...guard }),
  }),
];
