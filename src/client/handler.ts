import type { ActivatedJob } from '../contract/job.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * Does a job, and answers its result as the job type declares it. It may be run again for the same job: give what it does outside the key `job.key`. `signal` is
 * aborted when the result will be of no use any more. Throw `BpmnError` for what the diagram has an answer to, `JobFailure` or anything else for what did not work.
 */
export type Handler = (job: ActivatedJob, signal: AbortSignal) => Promise<Variables | void> | Variables | void;

/** Ends the job with an error that its job type declares: a boundary event in the diagram says what follows. */
export class BpmnError extends Error {
  override readonly name = 'BpmnError';

  constructor(
    readonly code: string,
    message: string,
    readonly variables: Variables = {},
  ) {
    super(message);
  }
}

/** The job did not work this time. It is tried again; `variables` are given to that attempt. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  /** How long to rest before that, ms; the service decides when left out. */
  readonly retryAfterMs: number | undefined;
  readonly variables: Variables | undefined;

  constructor(
    message: string,
    { retryAfterMs, variables, cause }: { retryAfterMs?: number; variables?: Variables; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
    this.variables = variables;
  }
}

/** What a worker does, for its log. `away`: the service did not answer, and is asked again. `lost`: the job is somebody else's business now. */
export type WorkerEvent =
  | { readonly event: 'begun' | 'completion' | 'failure' | 'error'; readonly job: ActivatedJob }
  | { readonly event: 'lost' | 'refused'; readonly job: ActivatedJob; readonly message: string }
  | { readonly event: 'away'; readonly message: string };
