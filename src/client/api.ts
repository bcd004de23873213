import { messageIn, retryAfterMs, type ProblemDocument } from './answers.ts';

/** Where the service is, and who asks. */
export interface Access {
  /** Without a slash at its end, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Bearer token; in demo mode `demo-worker`. */
  readonly token: string;
  /** Another `fetch`, with a proxy or a certificate of one's own. */
  readonly fetch?: typeof fetch;
}

export interface Call {
  readonly body?: object | FormData;
  /** `Idempotency-Key`: the same key and body get the same answer, however often they are sent. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the answer, ms; 30 s when left out. */
  readonly timeoutMs?: number;
}

/** The service has answered with a problem (RFC 9457), or not at all: then `status` is 0 and `code` is `no-answer`. */
export class OrderflowError extends Error {
  override readonly name = 'OrderflowError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The whole problem document. */
    readonly problem: ProblemDocument = {},
    /** How long the service wants to be left alone, ms. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The same request may succeed later: the service is away, busy, or still at the first request with this key. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'in-flight';
  }
}

/** Makes one call and answers its JSON. @throws OrderflowError */
export async function call<Answer>(access: Access, method: string, path: string, options: Call = {}): Promise<Answer> {
  const { body, key, signal, timeoutMs = 30_000 } = options;
  const isForm = body instanceof FormData;
  // outside of what follows: what cannot be written as JSON is the caller's mistake, and no absence of the service
  const content = isForm ? body : JSON.stringify(body);
  const late = AbortSignal.timeout(Math.ceil(timeoutMs));
  let response: Response;
  let text: string;
  try {
    response = await (access.fetch ?? fetch)(`${access.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${access.token}`,
        ...(body !== undefined && !isForm && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(content !== undefined && { body: content }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    text = await response.text();
  } catch (cause) {
    const message = `${method} ${access.url}${path} was not answered: ${messageIn(cause)}`;
    throw new OrderflowError(0, 'no-answer', message, {}, undefined, { cause });
  }
  const answer = parse(text);
  if (response.ok) return answer as Answer;
  const problem = answer as ProblemDocument;
  const detail = problem.detail ?? `${method} ${path} was answered with ${response.status}`;
  throw new OrderflowError(response.status, problem.code ?? 'unknown', detail, problem, retryAfterMs(response.headers));
}

/** What a proxy says in the place of the service is no JSON. */
function parse(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}
