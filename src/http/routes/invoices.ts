import { z } from 'zod';
import { payInvoice } from '../../commands/pay-invoice.ts';
import { Invoice, InvoiceItem, NewInvoicePayment } from '../../contract/invoice.ts';
import { IdOrNumber } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readInvoice, searchInvoices } from '../../queries/invoice.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Invoices';
const params = z.strictObject({ id: IdOrNumber });

export const invoiceRoutes: readonly Route[] = [
  ...listRoutes({
    noun: 'invoices',
    name: 'Invoices',
    tag,
    item: InvoiceItem,
    permission: 'read invoices',
    search: searchInvoices,
  }),
  query({
    path: '/v1/invoices/{id}',
    operationId: 'getInvoice',
    summary: 'An invoice with what was entered on it',
    tag,
    params,
    answer: Invoice,
    permission: 'read invoices',
    problems: ['not-found'],
    run: ({ reader, params }) => readInvoice(reader, params.id),
  }),
  command({
    method: 'post',
    path: '/v1/invoices/{id}/payments',
    operationId: 'payInvoice',
    summary: 'Record money that has arrived for an invoice; what exceeds it is money on account',
    tag,
    params,
    body: NewInvoicePayment,
    answers: { 201: Invoice, 200: Invoice },
    problems: ['not-found', 'reference-reused'],
    roles: permissions['record an invoice payment'],
    run: ({ deps, request, params, body }) => payInvoice(deps, request, { invoiceId: params.id, ...body }),
  }),
];
