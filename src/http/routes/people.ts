import { z } from 'zod';
import { changePerson } from '../../commands/change-person.ts';
import { delegate, endDelegation } from '../../commands/delegate.ts';
import { Delegation, NewDelegation } from '../../contract/delegation.ts';
import { Person, PersonChange, PersonId } from '../../contract/person.ts';
import { listOf } from '../../contract/search.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { listDelegations } from '../../queries/delegation.ts';
import { listPeople } from '../../queries/person.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'People';

export const peopleRoutes: readonly Route[] = [
  query({
    path: '/v1/people',
    operationId: 'listPeople',
    summary: 'Everybody with their roles, by name',
    tag,
    answer: listOf(Person),
    run: async ({ reader }) => ({ items: await listPeople(reader) }),
  }),
  command({
    method: 'put',
    path: '/v1/people/{id}',
    operationId: 'changePerson',
    summary: 'Give somebody these roles and no others, from their next request on',
    tag,
    params: z.strictObject({ id: PersonId }),
    body: PersonChange,
    answers: { 200: Person, 201: Person },
    problems: ['four-eyes'],
    roles: permissions['change a person'],
    takesIfMatch: true,
    run: ({ deps, request, params, body, guard }) => changePerson(deps, request, { personId: params.id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/delegations',
    operationId: 'delegate',
    summary: 'Let somebody act for you, or as an order_admin for somebody else, until a time',
    tag,
    body: NewDelegation,
    answers: { 201: Delegation },
    problems: ['forbidden', 'four-eyes', 'not-found'],
    run: ({ deps, request, body: { validFrom, validUntil, ...people } }) =>
      delegate(deps, request, {
        ...people,
        validUntil: new Date(validUntil),
        ...(validFrom !== undefined && { validFrom: new Date(validFrom) }),
      }),
  }),
  query({
    path: '/v1/delegations',
    operationId: 'listDelegations',
    summary: 'Who may act for whom, newest first',
    tag,
    answer: listOf(Delegation),
    run: async ({ reader }) => ({ items: await listDelegations(reader) }),
  }),
  command({
    method: 'delete',
    path: '/v1/delegations/{id}',
    operationId: 'endDelegation',
    summary: 'End a delegation now',
    tag,
    params: z.strictObject({ id: Id }),
    answers: { 200: Delegation },
    problems: ['forbidden', 'not-found'],
    run: ({ deps, request, params }) => endDelegation(deps, request, params.id),
  }),
];
