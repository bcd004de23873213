import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { messageOf } from '../../support/errors.ts';
import type { Journal } from './journal.ts';

/** Calls of one person. Each answer is checked against its contract. */
export interface Api {
  get<T>(answer: z.ZodType<T>, path: string): Promise<T>;
  /** A command: repeated under one key until there is an answer, so it happens once. */
  post<T>(answer: z.ZodType<T>, path: string, body?: object): Promise<T>;
  put<T>(answer: z.ZodType<T>, path: string, body: object): Promise<T>;
  patch<T>(answer: z.ZodType<T>, path: string, body: object): Promise<T>;
}

/** The service as a demo person sees it, who may act for somebody else. */
export type As = (person: string, onBehalfOf?: string) => Api;

export interface ClientOptions {
  /** Addresses of api processes; requests go to each in turn. */
  readonly urls: readonly string[];
  /** How long a service that is away or busy is waited for, ms. */
  readonly patienceMs: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Told when there is something to wait for, and `undefined` when it is over. */
  readonly onWait: (why: string | undefined) => void;
}

/** The service understood the request and did not do it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How long one answer may take, ms; then it is asked for again. */
const answerMs = 15_000;

/**
 * Answers the ways of one story's people to the service: their bearer token on every request, the journal's key on every command, and patience with a service
 * that restarts. What the journal has an answer to is not asked again.
 */
export function createClient({ urls, patienceMs, signal, onWait }: ClientOptions): (journal: Journal) => As {
  let turn = 0;

  async function request<T>(caller: object, method: string, path: string, answer: z.ZodType<T>, body?: object): Promise<T> {
    const headers = { ...caller, ...(method !== 'GET' && { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const giveUpAt = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const tried = await attemptOnce(`${urls[turn++ % urls.length]}${path}`, init);
      if (!('again' in tried)) {
        if (attempt > 0) onWait(undefined);
        return accept(tried, `${method} ${path}`, answer);
      }
      if (Date.now() > giveUpAt) throw new Error(`${method} ${path} had no answer for ${patienceMs / 1000} s: ${tried.again}`);
      onWait(tried.again);
      await sleep(tried.afterMs ?? Math.min(1_000, 50 * 2 ** attempt), undefined, { signal });
    }
  }

  /** One request: an answer that stands, or why to ask again. */
  async function attemptOnce(url: string, init: RequestInit): Promise<Answer | Again> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      return { again: `${new URL(url).host} does not answer (${causeOf(error)})` };
    }
    const body = parse(text);
    const isInFlight = response.status === 409 && body['code'] === 'in-flight';
    if (![429, 502, 503, 504].includes(response.status) && !isInFlight) return { status: response.status, body };
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    const why = typeof body['detail'] === 'string' ? body['detail'] : `status ${response.status}`;
    return { again: why, ...(seconds >= 0 && { afterMs: seconds * 1000 }) };
  }

  return (journal) => (person, onBehalfOf) => {
    const caller = {
      authorization: `Bearer demo-${person}`,
      ...(onBehalfOf !== undefined && { 'on-behalf-of': onBehalfOf }),
    };
    const command = <T>(method: string, answer: z.ZodType<T>, path: string, body?: object): Promise<T> =>
      journal.once((key) => request({ ...caller, 'idempotency-key': key }, method, path, answer, body));
    return {
      get: (answer, path) => journal.once(() => request(caller, 'GET', path, answer)),
      post: (answer, path, body) => command('POST', answer, path, body),
      put: (answer, path, body) => command('PUT', answer, path, body),
      patch: (answer, path, body) => command('PATCH', answer, path, body),
    };
  };
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Again {
  readonly again: string;
  readonly afterMs?: number;
}

/** @throws Refused with the service's own words; Error when the answer breaks its contract */
function accept<T>({ status, body }: Answer, what: string, schema: z.ZodType<T>): T {
  if (status >= 400) {
    const hint = status === 401 ? ' The demo signs in as the demo people: the service needs ORDERFLOW_DEMO=true.' : '';
    throw new Refused(status, String(body['code']), `${what} was refused (${status}): ${String(body['detail'])}${hint}`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new Error(`The answer to ${what} breaks its contract at /${first?.path.join('/')}: ${first?.message}`);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}

/** `fetch failed` says nothing; its cause does (ECONNREFUSED). */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? ((error.cause as NodeJS.ErrnoException).code ?? error.cause.message)
    : messageOf(error);
