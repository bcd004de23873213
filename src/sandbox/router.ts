import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../support/errors.ts';
import type { Json } from '../support/json.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  /** The `:names` of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; null where none was sent. */
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** What a handler returns to leave its caller waiting: the pretended time-out. */
export const noAnswer = Symbol('no answer');

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Such as `/payments/intents/:id`. */
  readonly path: string;
  readonly handle: (request: Request) => Answer | Promise<Answer | typeof noAnswer>;
}

/** A request that is refused before anything is done. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** The value as the schema gives it. @throws Refused 422 that says what does not fit */
export function valid<Value>(schema: z.ZodType<Value>, value: unknown, what = 'body'): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refused(422, 'invalid', `The ${what} does not fit: ${z.prettifyError(result.error)}`);
}

/** Problem details (RFC 9457) with a stable code. */
export const problem = (status: number, code: string, detail: string): Answer => ({
  status,
  body: { type: 'about:blank', title: code.replaceAll('-', ' '), status, code, detail },
});

/** A listener for node:http that answers JSON. `onFault` hears of what should not happen; the caller gets a 500 without its text. */
export function createRouter(routes: readonly Route[], onFault: (error: unknown) => void): RequestListener {
  const table = routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));

  async function answer(request: IncomingMessage): Promise<Answer | typeof noAnswer> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const method = request.method ?? 'GET';
    const matches = table.filter((route) => route.pattern.test(url.pathname));
    if (matches.length === 0)
      throw new Refused(404, 'unknown-address', `Nothing lives at ${url.pathname}; GET /health lists the addresses`);
    const route = matches.find((candidate) => candidate.method === method);
    if (!route) {
      const known = matches.map((match) => match.method).join(', ');
      throw new Refused(405, 'unknown-method', `${url.pathname} understands ${known}, not ${method}`);
    }
    const params = paramsOf(route.pattern, url.pathname);
    const body = method === 'GET' ? null : await readJson(request);
    return route.handle({ method, path: url.pathname, params, query: url.searchParams, headers: request.headers, body });
  }

  return (request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (request.destroyed && !request.complete) return noAnswer; // the caller hung up
        if (error instanceof Refused) return problem(error.status, error.code, error.message);
        onFault(error);
        return problem(500, 'broken', 'The sandbox is broken; its log says how');
      })
      .then((result) => (result === noAnswer ? undefined : send(response, result)))
      .catch(onFault);
  };
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);

function paramsOf(pattern: RegExp, path: string): Record<string, string> {
  const groups = Object.entries(pattern.exec(path)?.groups ?? {});
  try {
    return Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new Refused(400, 'malformed', `${path} is not percent-encoded UTF-8`);
  }
}

const maxBodyBytes = 100_000;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  // Said only after the last chunk: an answer to a request that is still being sent is lost when the connection breaks.
  if (size > maxBodyBytes) throw new Refused(413, 'too-large', `A body has at most ${maxBodyBytes} bytes`);
  if (size === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new Refused(400, 'malformed', `The body is not JSON: ${messageOf(error)}`);
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
