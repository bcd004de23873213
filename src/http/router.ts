import type { ServerResponse } from 'node:http';
import { Router } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import { Problem } from '../support/errors.ts';
import { jsonBorderFault, type JsonObject } from '../support/json.ts';
import type { RequestState } from './middleware/request-context.ts';
import type { HttpOptions } from './options.ts';
import type { Exchange, Reply, Route } from './route.ts';

/** Binds the routes to the application. Addresses are compared exactly: case and trailing slashes count. */
export function createRouter(routes: readonly Route[], app: HttpOptions): Router<RequestState> {
  const router = new Router<RequestState>({ sensitive: true, strict: true });
  for (const route of routes) {
    router.register(route.path.replaceAll(/\{(\w+)\}/g, ':$1'), [route.method], async (ctx) => {
      const params = ctx.params;
      refuseFaults({ ...params, ...ctx.query });
      send(ctx, asDocumented(route, await route.handle(exchangeOf(ctx, params, app)), app));
    });
  }
  return router;
}

function exchangeOf(ctx: ParameterizedContext<RequestState>, params: Record<string, string>, app: HttpOptions): Exchange {
  const { body, rawBody = '' } = ctx.request as { body?: unknown; rawBody?: string };
  const { actor, traceparent } = ctx.state;
  return {
    app,
    actor,
    params,
    query: ctx.query,
    headers: ctx.headers,
    body,
    rawBody,
    traceparent,
    origin: `${ctx.protocol}://${ctx.host}`,
    get signal() {
      return goneSignal(ctx.res);
    },
  };
}

/** Made only for those who wait: most requests are answered before anybody can go away. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const look = (): void => {
    if (!response.writableFinished) gone.abort();
  };
  if (response.destroyed) look();
  else response.once('close', look);
  return gone.signal;
}

/** The same characters that a body must not have reach the database through addresses too. */
function refuseFaults(parameters: Readonly<Record<string, unknown>>): void {
  const fault = jsonBorderFault(parameters);
  if (fault) throw new Problem('malformed-request', `The address cannot be used: ${fault.pointer.slice(1)} ${fault.message}.`);
}

/**
 * Gives the members of an answer the order in which the contract has them, as they are easier to read so. An answer that does not fit its contract is our
 * mistake: it is logged, and sent as it is.
 */
function asDocumented({ answers, operationId }: Route, reply: Reply, { deps }: HttpOptions): Reply {
  const schema = answers[reply.status];
  if (typeof reply.body === 'string' || schema === undefined || typeof schema === 'string' || reply.body['dryRun'] === true)
    return reply;
  const parsed = schema.safeParse(reply.body);
  if (parsed.success) return { ...reply, body: parsed.data as JsonObject };
  deps.logger.error({ operationId, issues: parsed.error.issues }, 'an answer does not fit its contract');
  return reply;
}

function send(ctx: ParameterizedContext<RequestState>, { status, body, headers = {} }: Reply): void {
  ctx.status = status;
  ctx.set(headers);
  ctx.body = body;
}
