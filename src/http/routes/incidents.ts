import { z } from 'zod';
import { resolveIncidentsOf } from '../../commands/repair/incident-batch.ts';
import { resolveIncident } from '../../commands/resolve-incident.ts';
import { Incident, IncidentBatch, NewIncidentBatch } from '../../contract/incident.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readIncident, readIncidentBatch, searchIncidents } from '../../queries/incident.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Incidents';
const params = z.strictObject({ id: Id });

export const incidentRoutes: readonly Route[] = [
  ...listRoutes({ noun: 'incidents', name: 'Incidents', tag, item: Incident, search: searchIncidents }),
  query({
    path: '/v1/incidents/{id}',
    operationId: 'getIncident',
    summary: 'Something that cannot go on by itself',
    tag,
    params,
    answer: Incident,
    problems: ['not-found'],
    run: ({ reader, params }) => readIncident(reader, params.id),
  }),
  command({
    method: 'post',
    path: '/v1/incidents/{id}/resolution',
    operationId: 'resolveIncident',
    summary: 'Let it try again; it is resolved when the step has committed',
    tag,
    params,
    answers: { 200: Incident },
    problems: ['not-found', 'wrong-state'],
    roles: permissions['resolve an incident'],
    run: ({ deps, request, params }) => resolveIncident(deps, request, params.id),
  }),
  command({
    method: 'post',
    path: '/v1/incident-batches',
    operationId: 'resolveIncidents',
    summary: 'Let every open incident of one cause try again, a few at a time; a handful first, and no more if all of those fail',
    tag,
    body: NewIncidentBatch,
    answers: { 201: IncidentBatch },
    problems: ['wrong-state'],
    roles: permissions['resolve an incident'],
    run: ({ deps, request, body }) => resolveIncidentsOf(deps, request, body),
  }),
  query({
    path: '/v1/incident-batches/{id}',
    operationId: 'getIncidentBatch',
    summary: 'How far the incidents of a batch have come, one by one',
    tag,
    params,
    answer: IncidentBatch,
    problems: ['not-found'],
    run: ({ reader, params }) => readIncidentBatch(reader, params.id),
  }),
];
