/** Problem details (RFC 9457) as far as a client looks at them. */
export interface ProblemDocument {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** `Retry-After` in seconds, the only form that the service uses. */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** What a failed `fetch` says is in its cause: `ECONNREFUSED` and the like. */
export function messageIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error
    ? `${error.message} (${cause.message || ((cause as { code?: string }).code ?? cause.name)})`
    : error.message;
}
