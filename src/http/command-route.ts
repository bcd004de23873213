import { z } from 'zod';
import type { Deps, Performed, Request } from '../commands/unit.ts';
import type { RouteContract } from '../contract/openapi.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { HttpOptions } from './options.ts';
import { contractOf, Nothing, type Exchange, type Presenter, type Reply, type Route } from './route.ts';
import { readBody, readParameters } from './validation.ts';

/** What a command's handler works with. */
export interface CommandCall<Params, Body> {
  readonly app: HttpOptions;
  readonly deps: Deps;
  /** Who asks, under which key, as a dry run or not. */
  readonly request: Omit<Request, 'name' | 'payload'>;
  readonly params: Params;
  readonly body: Body;
  /** From `If-Match`; spread it into the command's input. */
  readonly guard: { readonly ifRevision?: number };
}

interface CommandRoute<Params extends z.ZodType, Body extends z.ZodType>
  extends
    Pick<RouteContract, 'method' | 'path' | 'operationId' | 'summary' | 'tag' | 'answers'>,
    Partial<Pick<RouteContract, 'problems' | 'roles' | 'takesIfMatch' | 'takesFiles'>> {
  readonly params?: Params;
  readonly body?: Body;
  readonly present?: Presenter;
  readonly run: (call: CommandCall<z.output<Params>, z.output<Body>>) => Promise<Performed>;
}

const CommandQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Do it, answer what would happen, and take it all back' }),
});

/** Without a body of its own, a command takes none, or an empty object. */
const NoBody = Nothing.optional();

/** A route that changes something through one command, under an idempotency key; the command itself asks whether the caller may. */
export function command<Params extends z.ZodType = typeof Nothing, Body extends z.ZodType = typeof NoBody>(
  route: CommandRoute<Params, Body>,
): Route {
  const { run, present = (body) => body, params = Nothing, body = NoBody, ...rest } = route;
  const contract = contractOf({
    ...rest,
    params,
    query: CommandQuery,
    body: route.body,
    isCommand: true,
    problems: [...(route.problems ?? []), ...(route.roles ? (['forbidden'] as const) : [])],
  });
  return {
    ...contract,
    handle: async (exchange) => {
      const dryRun = readParameters(CommandQuery, exchange.query, 'query').dryRun === 'true';
      const actor = exchange.actor ?? nobody();
      const key = idempotencyKey(exchange);
      const performed = await run({
        app: exchange.app,
        deps: exchange.app.deps,
        request: { actor, key, dryRun, ...(exchange.traceparent !== undefined && { traceparent: exchange.traceparent }) },
        params: readParameters(params, exchange.params, 'path') as z.output<Params>,
        body: readBody(body, exchange.body) as z.output<Body>,
        guard: ifMatch(exchange, contract.takesIfMatch),
      });
      const isPreview = dryRun && !performed.replayed;
      return reply(isPreview ? performed : { ...performed, body: present(performed.body, actor) }, key);
    },
  };
}

const reply = ({ status, body, headers, replayed }: Performed, key: string): Reply => ({
  status,
  body,
  headers: { ...headers, 'Idempotency-Key': key, ...(replayed && { 'Idempotency-Replayed': 'true' }) },
});

function nobody(): never {
  throw new Problem('unauthenticated', 'A command needs somebody who gives it.');
}

/** The caller's key, or a new one. @throws Problem malformed-request */
function idempotencyKey({ headers }: Exchange): string {
  const given = headers['idempotency-key'];
  if (given === undefined) return newId();
  if (typeof given === 'string' && /^[\x20-\x7e]{1,255}$/.test(given)) return given;
  throw new Problem('malformed-request', 'Idempotency-Key has 1 to 255 printable ASCII characters, such as a UUID.');
}

/** The revision that the caller has seen; `*` asks for none. @throws Problem malformed-request */
function ifMatch({ headers }: Exchange, isTaken: boolean): { ifRevision?: number } {
  const given = headers['if-match'];
  if (given === undefined) return {};
  if (!isTaken) throw new Problem('malformed-request', 'This call does not look at If-Match; send it without.');
  if (given === '*') return {};
  const [, revision] = /^"([1-9]\d{0,8})"$/.exec(given) ?? [];
  if (revision !== undefined) return { ifRevision: Number(revision) };
  throw new Problem(
    'malformed-request',
    `If-Match has to be the ETag of an earlier answer, such as "3" with its quotes; it is ${given}.`,
  );
}
