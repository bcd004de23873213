import { z } from 'zod';
import { changeQuotation } from '../../commands/change-quotation.ts';
import { createQuotation } from '../../commands/create-quotation.ts';
import { withdrawQuotation } from '../../commands/withdraw-quotation.ts';
import { NewQuotation, Quotation, QuotationChange, QuotationItem, Withdrawal } from '../../contract/quotation.ts';
import { IdOrNumber } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readQuotation, searchQuotations } from '../../queries/quotation.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { presentQuotation } from '../presenters/quotation.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Quotations';
const params = z.strictObject({ id: IdOrNumber });

export const quotationRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/quotations',
    operationId: 'createQuotation',
    summary: 'Write a quotation and start its process',
    tag,
    body: NewQuotation,
    answers: { 201: Quotation },
    problems: ['not-found', 'wrong-state', 'flag-off', 'step-failed'],
    roles: permissions['create a quotation'],
    present: presentQuotation,
    run: ({ deps, request, body }) => createQuotation(deps, request, body),
  }),
  ...listRoutes({ noun: 'quotations', name: 'Quotations', tag, item: QuotationItem, search: searchQuotations }),
  query({
    path: '/v1/quotations/{id}',
    operationId: 'getQuotation',
    summary: 'A quotation with its lines, waits and sale order',
    tag,
    params,
    answer: Quotation,
    problems: ['not-found'],
    present: presentQuotation,
    run: ({ reader, params }) => readQuotation(reader, params.id),
  }),
  command({
    method: 'patch',
    path: '/v1/quotations/{id}',
    operationId: 'changeQuotation',
    summary: 'Change lines or note of a draft',
    tag,
    params,
    body: QuotationChange,
    answers: { 200: Quotation },
    problems: ['not-found', 'wrong-state'],
    roles: permissions['change a quotation'],
    takesIfMatch: true,
    present: presentQuotation,
    run: ({ deps, request, params, body, guard }) =>
      changeQuotation(deps, request, { quotationId: params.id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/quotations/{id}/withdrawal',
    operationId: 'withdrawQuotation',
    summary: 'Take an offer back',
    tag,
    params,
    body: Withdrawal,
    answers: { 200: Quotation },
    problems: ['not-found', 'wrong-state', 'step-failed'],
    roles: permissions['withdraw a quotation'],
    takesIfMatch: true,
    present: presentQuotation,
    run: ({ deps, request, params, body, guard }) =>
      withdrawQuotation(deps, request, { quotationId: params.id, ...body, ...guard }),
  }),
];
