import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { RouteContract } from '../contract/openapi.ts';
import type { Actor } from '../policies/actor.ts';
import type { JsonObject } from '../support/json.ts';
import type { HttpOptions } from './options.ts';

/** A request as routes see it: read, authenticated, and free of what must not pass the border. */
export interface Exchange {
  readonly app: HttpOptions;
  /** Undefined only on public routes. */
  readonly actor: Actor | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined when there was no body. */
  readonly body: unknown;
  /** The body as it came, for signatures. */
  readonly rawBody: string;
  readonly traceparent: string | undefined;
  /** Aborted when the caller has gone away before it was answered. */
  readonly signal: AbortSignal;
  /** Base address under which the caller reached us. */
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  /** Text needs a `Content-Type` among the headers. */
  readonly body: JsonObject | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One address with one method: what others see of it, and what it does. */
export interface Route extends RouteContract {
  readonly handle: (exchange: Exchange) => Promise<Reply>;
}

/** Adds to an answer what depends on who asks. */
export type Presenter = (body: JsonObject, actor: Actor) => JsonObject;

/** Takes no parameters; an unknown one is a mistake that is better told than ignored (`?dryrun=true` would act). */
export const Nothing = z.strictObject({});

type Required = 'method' | 'path' | 'operationId' | 'summary' | 'tag' | 'answers';

/** A contract with everything that was left out filled in: a route for whoever is known, without parameters and body. */
export const contractOf = (given: Pick<RouteContract, Required> & Partial<RouteContract>): RouteContract => ({
  params: Nothing,
  query: Nothing,
  body: undefined,
  problems: [],
  roles: undefined,
  isCommand: false,
  takesIfMatch: false,
  takesFiles: false,
  isPublic: false,
  ...given,
});

/** A route that anybody may call. */
export const publicRoute = (given: Pick<RouteContract, Required> & Partial<RouteContract>, handle: Route['handle']): Route => ({
  ...contractOf({ ...given, isPublic: true }),
  handle,
});

/** The revision of a body as a strong entity tag (RFC 9110 section 8.8.3). */
export const etagOf = (body: JsonObject): Readonly<Record<string, string>> =>
  typeof body['revision'] === 'number' ? { ETag: `"${body['revision']}"` } : {};
