import { z } from 'zod';
import { takeProviderEvent } from '../../commands/provider-event.ts';
import { Provider, ProviderEvent, ProviderEventResult } from '../../contract/provider-event.ts';
import { Problem } from '../../support/errors.ts';
import { publicRoute, type Route } from '../route.ts';
import { readBody, readParameters } from '../validation.ts';

const params = z.strictObject({ provider: Provider });

/** A provider proves itself by its signature (Standard Webhooks), not by a token; the event's own id makes a repeated delivery harmless. */
export const providerEventRoutes: readonly Route[] = [
  publicRoute(
    {
      method: 'post',
      path: '/v1/provider-events/{provider}',
      operationId: 'takeProviderEvent',
      summary: 'A provider tells what has happened; signed after the Standard Webhooks specification',
      tag: 'Provider events',
      params,
      body: ProviderEvent,
      answers: { 200: ProviderEventResult },
      problems: ['unauthenticated', 'not-found', 'reference-reused', 'step-failed'],
    },
    async ({ app, params: given, headers, body, rawBody }) => {
      const { provider } = readParameters(params, given, 'path');
      const verdict = app.settings.verifyProviderEvent({ headers, body: rawBody });
      if (!verdict.genuine) throw new Problem('unauthenticated', `The event is not taken: ${verdict.reason}.`);
      const event = readBody(ProviderEvent, body);
      return takeProviderEvent(app.deps, { provider, eventId: verdict.id, type: event.type, data: event.data });
    },
  ),
];
