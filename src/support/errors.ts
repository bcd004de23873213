import { problemTypes, type ProblemCode } from '../contract/problem-types.ts';

/** One complaint about one place of a request body; `pointer` is an RFC 6901 JSON Pointer. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/**
 * An error that is the caller's business: a problem type, what is true now, and what to do. `http/middleware/problem-details.ts` alone turns
 * it into a response. Anything else that is thrown is a bug and is answered as `internal-error` without its text.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** Members of the problem document beside the standard ones: machine-readable facts, safe to show to the caller. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: ProblemCode,
    detail: string,
    extensions: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.extensions = extensions;
  }

  get status(): number {
    return problemTypes[this.code].status;
  }

  get title(): string {
    return problemTypes[this.code].title;
  }
}

/** A state that the code rules out; reaching it is a bug, never the caller's fault. */
export class ImpossibleState extends Error {
  override readonly name = 'ImpossibleState';
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
