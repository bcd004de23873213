import type { IncomingHttpHeaders } from 'node:http';
import type { LintBundle } from '../commands/declarations.ts';
import type { ActivateJobs, LeasedJob } from '../commands/activate-jobs.ts';
import type { Deps } from '../commands/unit.ts';
import type { Actor } from '../policies/actor.ts';
import type { Person } from '../policies/people.ts';

/** What the HTTP layer needs; made once in compose.ts. */
export interface HttpOptions {
  readonly deps: Deps;
  readonly auth: Authenticate;
  readonly health: Health;
  readonly settings: HttpSettings;
  /** Leases jobs to an external worker, waiting for the first as long as it wants to (jobs/job-desk). */
  readonly activateJobs: (wanted: ActivateJobs, timeoutMs: number, signal: AbortSignal) => Promise<readonly LeasedJob[]>;
  /** Judges files that somebody has sent; outside of this thread. */
  readonly lint: LintBundle;
}

/** Who a bearer token stands for, acting for somebody else if they say so and may; undefined when nobody is known by it. */
export type Authenticate = (bearerToken: string, onBehalfOf?: string) => Actor | undefined | Promise<Actor | undefined>;

/** Something that has to work before requests are welcome. */
export interface HealthCheck {
  /** `database`, `migrations`, `queue` ... */
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

export interface Health {
  /** Looks now; may reject or take long, which counts as not ready. */
  ready(): Promise<readonly HealthCheck[]>;
}

/** Checks a provider's signature over the bytes of its event; `reason` may be shown to the sender. */
export type VerifyProviderEvent = (delivery: {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}) => { readonly genuine: true; readonly id: string } | { readonly genuine: false; readonly reason: string };

export interface HttpSettings {
  /** Address by which others reach the service, without a slash at its end; it names the schemas of events. */
  readonly publicUrl: string;
  readonly verifyProviderEvent: VerifyProviderEvent;
  /** `POST /v1/clock` exists: demos and tests only. */
  readonly movableClock: boolean;
  /** The people whom `/` introduces; none outside of demo mode. */
  readonly people: readonly Person[];
  /** What `/` says of the demo world; left out where there is none. */
  readonly describeWorld?: () => Promise<string>;
}
