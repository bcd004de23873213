import { z } from 'zod';
import { openApi } from '../contract/openapi.ts';
import type { JsonObject } from '../support/json.ts';
import type { HttpSettings } from './options.ts';
import { publicRoute, type Route } from './route.ts';
import { clockRoutes } from './routes/clock.ts';
import { routes } from './routes/index.ts';

/** Of this interface, not of the service: it grows by addition, and `/v1` stays. */
const version = '1.0.0';

const description =
  'Orders on BPMN diagrams and decision tables. Every error is problem details (RFC 9457); every command takes an Idempotency-Key, can be tried with ?dryRun=true, ' +
  'and answers ETags where If-Match is taken. Times are ISO 8601 in UTC, money is in whole minor units. Enumerations may grow.';

type Settings = Pick<HttpSettings, 'movableClock'>;

/** Every route of a service with these settings. */
export const routesOf = ({ movableClock }: Settings): readonly Route[] => [
  ...routes,
  documentRoute,
  ...(movableClock ? clockRoutes : []),
];

/** The OpenAPI 3.1 document of a service with these settings; docs/openapi.json has all routes. */
export const openApiDocument = (settings: Settings = { movableClock: true }): JsonObject =>
  openApi({ version, description }, routesOf(settings)) as JsonObject;

/** Making it takes 50 ms, and nothing in it ever changes. */
const made = new Map<boolean, JsonObject>();

const documentRoute = publicRoute(
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This document',
    tag: 'Service',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  async ({ app: { settings } }) => {
    const body = made.get(settings.movableClock) ?? openApiDocument(settings);
    made.set(settings.movableClock, body);
    return { status: 200, body };
  },
);
