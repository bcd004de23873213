import { z } from 'zod';
import { changeCreditProfile } from '../../commands/change-credit-profile.ts';
import { CreditProfile, CreditProfileChange, Customer, SalesAggregate } from '../../contract/customer.ts';
import { listOf } from '../../contract/search.ts';
import { IdOrCode } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { listCustomers, readCreditProfiles, readSalesAggregates } from '../../queries/customer.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Customers';
const params = z.strictObject({ id: IdOrCode });

export const customerRoutes: readonly Route[] = [
  query({
    path: '/v1/customers',
    operationId: 'listCustomers',
    summary: 'Every customer, by code',
    tag,
    answer: listOf(Customer),
    run: async ({ reader }) => ({ items: await listCustomers(reader) }),
  }),
  query({
    path: '/v1/customers/{id}/credit-profile',
    operationId: 'getCreditProfile',
    summary: 'What a customer may owe and owes, per currency, with the last decisions on it',
    tag,
    params,
    answer: listOf(CreditProfile),
    permission: 'read credit profiles',
    problems: ['not-found'],
    run: async ({ reader, params }) => ({ items: await readCreditProfiles(reader, params.id) }),
  }),
  command({
    method: 'put',
    path: '/v1/customers/{id}/credit-profile',
    operationId: 'changeCreditProfile',
    summary: 'Set limit, hold and terms in one currency; what is taken stays taken',
    tag,
    params,
    body: CreditProfileChange,
    answers: { 200: listOf(CreditProfile) },
    problems: ['not-found'],
    roles: permissions['change a credit profile'],
    run: ({ deps, request, params, body }) => changeCreditProfile(deps, request, { customerId: params.id, ...body }),
  }),
  query({
    path: '/v1/customers/{id}/sales-aggregates',
    operationId: 'getSalesAggregates',
    summary: 'What a customer has bought, as of each day with sales, newest first',
    tag,
    params,
    answer: listOf(SalesAggregate),
    permission: 'read sales aggregates',
    problems: ['not-found'],
    run: async ({ reader, params }) => ({ items: await readSalesAggregates(reader, params.id) }),
  }),
];
