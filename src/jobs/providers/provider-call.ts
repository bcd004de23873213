import { z } from 'zod';
import { messageOf } from '../../support/errors.ts';
import { ProviderFault, ProviderUnavailable, type Refusal } from './port.ts';

/** Where a provider lives and how long one call to it may take. */
export interface ProviderEndpoint {
  /** Named in errors and logs. */
  readonly provider: string;
  /** Base address, with or without a slash at the end. */
  readonly url: string;
  /** Until the answer has been read completely; default 10 s. */
  readonly timeoutMs?: number;
}

export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
}

export type ProviderAnswer<Body> = { status: 'ok'; body: Body } | ({ status: 'refused' } & Refusal) | { status: 'absent' };

/** 402 and 409: the provider understood the request and says no to this piece of business. */
const businessRefusals: readonly number[] = [402, 409];
/** 408, 425, 429: ask again later, like every 5xx. */
const transient: readonly number[] = [408, 425, 429];

/** Codes of a 404 about the thing named; any other 404 means that the address is wrong. */
const absences: readonly string[] = ['no-such-intent', 'no-such-request', 'no-such-shipment'];

/** Problem details (RFC 9457) with a code. */
const refusalSchema = z.object({ code: z.string(), detail: z.string() });

/**
 * One call to a provider. A business refusal (402, 409) and "no such payment" (404) are answers.
 * @throws ProviderUnavailable when the outcome is unknown, ProviderFault when asking again cannot help.
 */
export async function callProvider<Body>(
  endpoint: ProviderEndpoint,
  request: ProviderRequest,
  answerSchema: z.ZodType<Body>,
): Promise<ProviderAnswer<Body>> {
  const what = `${request.method} ${request.path} at ${endpoint.provider}`;
  const { status, text, retryAfter } = await exchange(endpoint, request, what);
  if (status >= 500 || transient.includes(status)) {
    throw new ProviderUnavailable(
      endpoint.provider,
      `${what}: answered ${status}, so the outcome is unknown`,
      retryAfterMs(retryAfter),
    );
  }
  const refusal = refusalSchema.safeParse(jsonOf(text)).data;
  if (status === 404 && refusal !== undefined && absences.includes(refusal.code)) return { status: 'absent' };
  if (businessRefusals.includes(status) && refusal !== undefined) {
    return { status: 'refused', code: refusal.code, message: refusal.detail };
  }
  if (status < 200 || status > 299) throw new ProviderFault(endpoint.provider, `${what}: answered ${status}: ${excerpt(text)}`);
  const answer = answerSchema.safeParse(jsonOf(text));
  if (answer.success) return { status: 'ok', body: answer.data };
  throw new ProviderFault(
    endpoint.provider,
    `${what}: answered ${status} with a body that we cannot read: ${z.prettifyError(answer.error)}`,
  );
}

async function exchange(endpoint: ProviderEndpoint, request: ProviderRequest, what: string) {
  const timeoutMs = endpoint.timeoutMs ?? 10_000;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(endpoint.url.replace(/\/+$/, '') + request.path, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const why =
      error instanceof Error && error.name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : networkReason(error);
    throw new ProviderUnavailable(endpoint.provider, `${what}: ${why}, so the outcome is unknown`, undefined, { cause: error });
  }
}

/** fetch says "fetch failed"; the reason (ECONNREFUSED and the like) is in its cause. */
const networkReason = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? `${error.message} (${messageOf(error.cause)})` : messageOf(error);

/** `Retry-After` in its form of seconds (RFC 9110 section 10.2.3); a date is left to the caller's own back-off. */
const retryAfterMs = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const excerpt = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
