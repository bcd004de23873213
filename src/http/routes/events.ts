import { z } from 'zod';
import { acknowledgeEvents, registerEventConsumer, removeEventConsumer } from '../../commands/event-consumers.ts';
import { Acknowledgement, EventConsumer, EventTypeEntry, NewEventConsumer } from '../../contract/events.ts';
import { listOf } from '../../contract/search.ts';
import { permissions, readPermissions } from '../../policies/roles.ts';
import { readEventConsumer, readEventConsumers, readEvents, readEventSchema, readEventTypes } from '../../queries/event.ts';
import { command } from '../command-route.ts';
import { query, readerOf } from '../query-route.ts';
import { contractOf, publicRoute, type Route } from '../route.ts';
import { readParameters } from '../validation.ts';

const tag = 'Events';
const batchType = 'application/cloudevents-batch+json';
const params = z.strictObject({ name: z.string().min(1).max(63) });
const typeParams = z.strictObject({ type: z.string().min(1).max(200) });

const EventsQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: '`position` of the last event seen' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** An array, which no other answer is: the batch of CloudEvents in JSON (CloudEvents JSON format, section 4). */
const listEvents: Route = {
  ...contractOf({
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    summary: 'Published events after a position, in order, as a batch of CloudEvents 1.0',
    tag,
    query: EventsQuery,
    answers: { 200: batchType },
    roles: readPermissions['read events'],
    problems: ['forbidden'],
  }),
  handle: async (exchange) => {
    readerOf(exchange, 'read events');
    const page = readParameters(EventsQuery, exchange.query, 'query');
    const { deps, settings } = exchange.app;
    const events = await deps.database.read((reader) => readEvents(reader, settings.publicUrl, page));
    return { status: 200, body: JSON.stringify(events), headers: { 'Content-Type': `${batchType}; charset=utf-8` } };
  },
};

/** Public, so that whoever validates an event can follow its `dataschema`. */
const eventTypeRoutes: readonly Route[] = [
  publicRoute(
    {
      method: 'get',
      path: '/v1/event-types',
      operationId: 'listEventTypes',
      summary: 'Every type of event with the JSON Schema of its data',
      tag,
      answers: { 200: listOf(EventTypeEntry) },
    },
    async ({ app }) => ({ status: 200, body: { items: readEventTypes(app.settings.publicUrl) } }),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/v1/event-types/{type}',
      operationId: 'getEventSchema',
      summary: 'The JSON Schema that `dataschema` of an event refers to',
      tag,
      params: typeParams,
      answers: { 200: z.looseObject({}) },
      problems: ['not-found'],
    },
    async ({ app, params: given }) => ({
      status: 200,
      body: readEventSchema(app.settings.publicUrl, readParameters(typeParams, given, 'path').type),
    }),
  ),
];

export const eventRoutes: readonly Route[] = [
  listEvents,
  ...eventTypeRoutes,
  query({
    path: '/v1/event-consumers',
    operationId: 'listEventConsumers',
    summary: 'Who is told of events, and how far each has got',
    tag,
    answer: listOf(EventConsumer),
    permission: 'read events',
    run: async ({ reader }) => ({ items: await readEventConsumers(reader) }),
  }),
  query({
    path: '/v1/event-consumers/{name}',
    operationId: 'getEventConsumer',
    summary: 'How far a consumer has got',
    tag,
    params,
    answer: EventConsumer,
    permission: 'read events',
    problems: ['not-found'],
    run: ({ reader, params }) => readEventConsumer(reader, params.name),
  }),
  command({
    method: 'post',
    path: '/v1/event-consumers',
    operationId: 'registerEventConsumer',
    summary: 'Register who is to be told of events; with a `url` batches are pushed there, signed',
    tag,
    body: NewEventConsumer,
    answers: { 201: EventConsumer },
    problems: ['wrong-state'],
    roles: permissions['manage event consumers'],
    run: ({ deps, request, body }) => registerEventConsumer(deps, request, body),
  }),
  command({
    method: 'delete',
    path: '/v1/event-consumers/{name}',
    operationId: 'removeEventConsumer',
    summary: 'Tell a consumer of nothing any more',
    tag,
    params,
    answers: { 200: EventConsumer },
    problems: ['not-found'],
    roles: permissions['manage event consumers'],
    run: ({ deps, request, params }) => removeEventConsumer(deps, request, params.name),
  }),
  command({
    method: 'post',
    path: '/v1/event-consumers/{name}/acknowledgement',
    operationId: 'acknowledgeEvents',
    summary: 'A consumer has dealt with everything up to a position',
    tag,
    params,
    body: Acknowledgement,
    answers: { 200: EventConsumer },
    problems: ['not-found', 'wrong-state'],
    roles: permissions['acknowledge events'],
    run: ({ deps, request, params, body }) => acknowledgeEvents(deps, request, { name: params.name, ...body }),
  }),
];
