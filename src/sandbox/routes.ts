import { z } from 'zod';
import * as bank from './bank.ts';
import * as carrier from './carrier.ts';
import { controlRequest } from './control.ts';
import type { Operation } from './effect.ts';
import { effectRoute, type World } from './effect-route.ts';
import { ledgerFilter, type Ledger } from './ledger.ts';
import * as payments from './payments.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { Refused, valid, type Answer, type Request, type Route } from './router.ts';

const endpointRequest = z.strictObject({ url: z.url() });

/** The addresses of the sandbox: what a provider and a carrier offer, and how to look behind them (`/ledger`) and to disturb them (`/control`). */
export function createRoutes(world: World): Route[] {
  const { ledger, webhooks, control } = world;
  const intentOf = (id: string) => payments.findIntent(ledger.intents, id);
  const shipmentOf = (id: string) => carrier.findShipment(ledger.shipments, id);

  /** Something that is done with a label, and needs no words. */
  const label = (
    action: string,
    operation: Operation,
    decide: (shipment: carrier.Shipment, at: string) => carrier.CarrierDecision,
  ): Route =>
    effectRoute(world, {
      path: `/shipments/:id/${action}`,
      operation,
      body: carrier.deliveryRequest,
      reference: ({ id }) => shipmentOf(id).reference,
      decide: ({ id }, at) => decide(shipmentOf(id), at),
    });

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
      decide: ({ body }, at, decline) => payments.refund(ledger.intents, body, at, decline()),
    }),
    effectRoute(world, {
      path: '/payments/intents/:id/decline',
      operation: 'payment.decline',
      body: bank.declineRequest,
      reference: ({ id }) => intentOf(id).reference,
      decide: ({ body, id }, at) => bank.declineLater(intentOf(id), body, at),
    }),
    effectRoute(world, {
      path: '/payments/captures/:id/reversal',
      operation: 'payment.reverse',
      body: bank.reversalRequest,
      reference: ({ id }) => bank.findCapture(ledger.intents, id)[0].reference,
      decide: ({ body, id }, at) => bank.reverse(bank.findCapture(ledger.intents, id), body, at),
    }),
    effectRoute(world, {
      path: '/shipments',
      operation: 'carrier.book',
      body: carrier.bookingRequest,
      reference: ({ body }) => body.reference,
      decide: ({ body }, at, decline) => carrier.book(body, at, decline()),
    }),
    label('delivered', 'carrier.deliver', carrier.deliver),
    label('void', 'carrier.void', carrier.voidLabel),
    label('trace', 'carrier.trace', carrier.trace),
    label('return-to-sender', 'carrier.return', carrier.returnToSender),
    effectRoute(world, {
      path: '/shipments/:id/exception',
      operation: 'carrier.exception',
      body: carrier.exceptionRequest,
      reference: ({ id }) => shipmentOf(id).reference,
      decide: ({ id, body }, at) => carrier.fail(shipmentOf(id), body?.reason ?? 'NOBODY_HOME', at),
    }),
  ];

  const reads: Route[] = [
    read('/payments/intents/:id', ({ params }) => payments.intentBody(intentOf(params['id'] ?? ''))),
    read('/payments/requests/:id', ({ params }) => keyedOutcome(ledger, params['id'] ?? '')),
    read('/shipments/:id', ({ params }) => carrier.shipmentBody(shipmentOf(params['id'] ?? ''))),
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

/** What became of the request with this key: for whoever never got its answer. @throws Refused 404 when it never arrived, or was refused before anything was done */
function keyedOutcome(ledger: Ledger, key: string): JsonObject {
  const effect = ledger.withKey(key);
  if (!effect?.operation.startsWith('payment.'))
    throw new Refused(404, 'no-such-request', `No payment request has the key ${key}`);
  const { operation, outcome, providerReference, amountMinor = null, currency = null, answer, at } = effect;
  const refusal = outcome === 'declined' && isJsonObject(answer.body) ? answer.body : {};
  const { code = null, detail: message = null } = refusal;
  return { operation, outcome, providerReference, amountMinor, currency, code, message, at };
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
