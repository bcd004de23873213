import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { JsonObject } from '../../src/support/json.ts';

/** What came back, whatever it is. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** What a refusal says under a name: its `code`, its `detail`. */
export const said = ({ body }: Answer, name: string): string => {
  const told = body[name];
  return typeof told === 'string' ? told : JSON.stringify(told ?? null);
};

export interface AskOptions {
  readonly body?: object | undefined;
  /** In place of `body`: these bytes, as they are. */
  readonly raw?: string;
  /** Idempotency-Key; one of its own when left out. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The service as one demo person sees it. */
export interface Api {
  /** Reads, and holds the answer against its contract. @throws Refused */
  get<T>(schema: z.ZodType<T>, path: string): Promise<T>;
  /** A command. @throws Refused */
  post(path: string, body?: object): Promise<JsonObject>;
  put(path: string, body: object): Promise<JsonObject>;
  patch(path: string, body: object): Promise<JsonObject>;
  /** A request whose refusal is of interest. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
}

/** The service understood the request and did not do it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    what: string,
    readonly answer: Answer,
  ) {
    super(`${what}: ${answer.status} ${said(answer, 'code')}: ${said(answer, 'detail')}`);
  }
}

const answerMs = 20_000;
/** How long a service that is busy is asked again, under the same key, ms. */
const patienceMs = 30_000;

/** Answers the way of each demo person to the service at `url`. */
export function createClient(url: string): (person: string) => Api {
  async function ask(
    person: string,
    method: string,
    path: string,
    { body, raw, key, headers }: AskOptions = {},
  ): Promise<Answer> {
    const isCommand = method !== 'GET';
    const init = {
      method,
      headers: {
        authorization: `Bearer demo-${person}`,
        ...(isCommand && { 'content-type': 'application/json', 'idempotency-key': key ?? randomUUID() }),
        ...headers,
      },
      ...(isCommand && { body: raw ?? JSON.stringify(body ?? {}) }),
    };
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(100)) {
      const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(answerMs) });
      const text = await response.text();
      const answer = {
        status: response.status,
        body: text === '' ? {} : (JSON.parse(text) as JsonObject),
        headers: response.headers,
      };
      const isBusy = answer.status === 503 || answer.body['code'] === 'in-flight';
      if (!isBusy || Date.now() > giveUpAt) return answer;
    }
  }

  async function accepted(person: string, method: string, path: string, body?: object): Promise<JsonObject> {
    const answer = await ask(person, method, path, { body });
    if (answer.status >= 400) throw new Refused(`${method} ${path} by ${person}`, answer);
    return answer.body;
  }

  return (person) => ({
    get: async (schema, path) => {
      const body = await accepted(person, 'GET', path);
      const parsed = schema.safeParse(body);
      if (parsed.success) return parsed.data;
      const [first] = parsed.error.issues;
      throw new Error(`The answer to GET ${path} breaks its contract at /${first?.path.join('/')}: ${first?.message}`);
    },
    post: (path, body) => accepted(person, 'POST', path, body),
    put: (path, body) => accepted(person, 'PUT', path, body),
    patch: (path, body) => accepted(person, 'PATCH', path, body),
    ask: (method, path, options) => ask(person, method, path, options),
  });
}
