import type { JobEffect, JobResult, JobWork, OrderJob } from '../commands/job.ts';
import type { Unit } from '../commands/unit.ts';
import type { Carrier, PaymentProvider } from './providers/port.ts';

/** The outside world, as far as jobs reach it. */
export interface Providers {
  readonly payments: PaymentProvider;
  readonly carrier: Carrier;
}

/** A job whose whole effect is in our own database: it commits together with the job's completion. */
export interface InternalHandler {
  readonly type: string;
  readonly effect: JobEffect;
}

/**
 * A job that calls the outside: its intent is written and committed, then the call is made outside of any transaction, then what came back is
 * recorded together with the job's completion. A crash in between repeats the call with the same idempotency key.
 */
export interface ExternalHandler<Intent, Outcome> {
  readonly type: string;
  /** Writes the intent; runs again on every delivery and must come to the same. */
  intend(unit: Unit, job: OrderJob, now: Date): Promise<Intent>;
  /** Makes the call. Throws ProviderUnavailable when the outcome is unknown; that is retried. */
  call(providers: Providers, job: OrderJob, intent: Intent): Promise<Outcome>;
  record(work: JobWork, intent: Intent, outcome: Outcome): Promise<JobResult>;
}

// Each external handler has its own types inside; nobody outside of it looks at them.
export type Handler = InternalHandler | ExternalHandler<unknown, unknown>;

export const internal = (type: string, effect: JobEffect): Handler => ({ type, effect });

export const external = <Intent, Outcome>(handler: ExternalHandler<Intent, Outcome>): Handler => handler;
