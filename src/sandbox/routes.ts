import { z } from 'zod';
import { book, bookingRequest, deliver, deliveryRequest, findShipment, shipmentBody } from './carrier.ts';
import { controlRequest } from './control.ts';
import { effectRoute, type World } from './effect-route.ts';
import { ledgerFilter } from './ledger.ts';
import * as payments from './payments.ts';
import { valid, type Answer, type Request, type Route } from './router.ts';

const endpointRequest = z.strictObject({ url: z.url() });

/** The addresses of the sandbox: what a provider and a carrier offer, and how to look behind them (`/ledger`) and to disturb them (`/control`). */
export function createRoutes(world: World): Route[] {
  const { ledger, webhooks, control } = world;
  const intentOf = (id: string) => payments.findIntent(ledger.intents, id);
  const shipmentOf = (id: string) => findShipment(ledger.shipments, id);

  const effects: Route[] = [
    effectRoute(world, {
      path: '/payments/intents',
      operation: 'payment.request',
      body: payments.intentRequest,
      reference: ({ body }) => body.reference,
      decide: ({ body }, at, decline) => payments.requestPayment(body, at, decline()),
    }),
    effectRoute(world, {
      path: '/payments/intents/:id/captures',
      operation: 'payment.capture',
      body: payments.captureRequest,
      reference: ({ id }) => intentOf(id).reference,
      decide: ({ body, id }, at, decline) => payments.capture(intentOf(id), body, at, decline),
    }),
    effectRoute(world, {
      path: '/payments/intents/:id/void',
      operation: 'payment.void',
      body: payments.voidRequest,
      reference: ({ id }) => intentOf(id).reference,
      decide: ({ id }) => payments.voidIntent(intentOf(id)),
    }),
    effectRoute(world, {
      path: '/payments/refunds',
      operation: 'payment.refund',
      body: payments.refundRequest,
      reference: ({ body }) => body.reference,
      decide: ({ body }, _at, decline) => payments.refund(ledger.intents, body, decline()),
    }),
    effectRoute(world, {
      path: '/shipments',
      operation: 'carrier.book',
      body: bookingRequest,
      reference: ({ body }) => body.reference,
      decide: ({ body }, at, decline) => book(body, at, decline()),
    }),
    effectRoute(world, {
      path: '/shipments/:id/delivered',
      operation: 'carrier.deliver',
      body: deliveryRequest,
      reference: ({ id }) => shipmentOf(id).reference,
      decide: ({ id }, at) => deliver(shipmentOf(id), at),
    }),
  ];

  const reads: Route[] = [
    read('/payments/intents/:id', ({ params }) => payments.intentBody(intentOf(params['id'] ?? ''))),
    read('/shipments/:id', ({ params }) => shipmentBody(shipmentOf(params['id'] ?? ''))),
    read('/ledger', ({ query }) => ledger.report(valid(ledgerFilter, Object.fromEntries(query), 'query'))),
    read('/control', () => control.rules()),
    read('/health', () => ({ status: 'ok', addresses: routes.map((route) => `${route.method} ${route.path}`) })),
  ];

  const settings: Route[] = [
    put('/control', ({ body }) => {
      control.replace(valid(controlRequest, body));
      return control.rules();
    }),
    put('/webhook-endpoint', ({ body }) => {
      const endpoint = valid(endpointRequest, body);
      webhooks.setEndpoint(endpoint.url);
      return endpoint;
    }),
  ];

  const routes = [...effects, ...reads, ...settings];
  return routes;
}

type Reader = (request: Request) => Answer['body'];

const read = (path: string, body: Reader): Route => ({
  method: 'GET',
  path,
  handle: (request) => ({ status: 200, body: body(request) }),
});

const put = (path: string, body: Reader): Route => ({
  method: 'PUT',
  path,
  handle: (request) => ({ status: 200, body: body(request) }),
});
