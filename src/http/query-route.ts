import type { z } from 'zod';
import type { RouteContract } from '../contract/openapi.ts';
import type { Reader } from '../persistence/reader.ts';
import { requireAnyRole, type Actor } from '../policies/actor.ts';
import { readPermissions, type ReadPermission } from '../policies/roles.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { contractOf, etagOf, Nothing, type Exchange, type Presenter, type Route } from './route.ts';
import { readBody, readParameters } from './validation.ts';

/** What a query's handler works with; `reader` sees one unchanging picture of the data and cannot write. */
export interface QueryCall<Params, Query, Body> {
  readonly reader: Reader;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

interface QueryRoute<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>
  extends Pick<RouteContract, 'path' | 'operationId' | 'summary' | 'tag'>, Partial<Pick<RouteContract, 'method' | 'problems'>> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: z.ZodType;
  /** Left out: whoever is known may read it. */
  readonly permission?: ReadPermission;
  readonly present?: Presenter;
  readonly run: (call: QueryCall<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<JsonObject>;
}

const NoBody = Nothing.optional();

/** A route that reads. What was written before is seen: it reads from where commands write. */
export function query<
  Params extends z.ZodType = typeof Nothing,
  Query extends z.ZodType = typeof Nothing,
  Body extends z.ZodType = typeof NoBody,
>(route: QueryRoute<Params, Query, Body>): Route {
  const { run, present = (body) => body, permission, answer, params = Nothing, query = Nothing, body = NoBody, ...rest } = route;
  const roles = permission && readPermissions[permission];
  const contract = contractOf({
    method: 'get',
    ...rest,
    params,
    query,
    body: route.body,
    answers: { 200: answer },
    roles,
    problems: [...(route.problems ?? []), ...(roles ? (['forbidden'] as const) : [])],
  });
  return {
    ...contract,
    handle: async (exchange) => {
      const actor = readerOf(exchange, permission);
      const call = {
        params: readParameters(params, exchange.params, 'path') as z.output<Params>,
        query: readParameters(query, exchange.query, 'query') as z.output<Query>,
        body: readBody(body, exchange.body) as z.output<Body>,
      };
      const found = await exchange.app.deps.database.read((reader) => run({ ...call, reader }));
      return { status: 200, body: present(found, actor), headers: etagOf(found) };
    },
  };
}

/** A route that reads a document which is not JSON. */
export function textQuery<Params extends z.ZodType>(
  route: Pick<RouteContract, 'path' | 'operationId' | 'summary' | 'tag' | 'problems'> & {
    readonly params: Params;
    readonly mediaType: string;
    readonly run: (call: { readonly reader: Reader; readonly params: z.output<Params> }) => Promise<string>;
  },
): Route {
  const { run, mediaType, ...rest } = route;
  return {
    ...contractOf({ method: 'get', ...rest, answers: { 200: mediaType } }),
    handle: async (exchange) => {
      readerOf(exchange, undefined);
      const params = readParameters(route.params, exchange.params, 'path');
      const body = await exchange.app.deps.database.read((reader) => run({ reader, params }));
      return { status: 200, body, headers: { 'Content-Type': `${mediaType}; charset=utf-8` } };
    },
  };
}

/** @throws Problem unauthenticated, forbidden */
export function readerOf({ actor }: Exchange, permission: ReadPermission | undefined): Actor {
  if (!actor) throw new Problem('unauthenticated', 'This is shown only to those whom we know.');
  if (permission) requireAnyRole(actor, readPermissions[permission], permission);
  return actor;
}
