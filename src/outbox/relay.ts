import { instanceRests, typeRests } from '../persistence/resting.ts';
import type { Database } from '../persistence/database.ts';
import type { Logger } from '../support/logger.ts';
import { Poller } from '../support/poller.ts';

/** What a worker is told when a job rings; everything else it reads for itself. */
export interface JobBell {
  readonly jobId: string;
  readonly jobType: string;
  readonly traceparent: string | null;
}

export interface RelaySettings {
  /** After this time without a result a job is rung again, ms. */
  readonly leaseMs: number;
  readonly sweepMs: number;
}

const batch = 200;

/**
 * Rings jobs that are due: those that were just written, those that rested after a failure, and those whose worker or queue has lost them. Any number
 * of relays may run; each row is taken by one of them. Jobs for external workers are not rung: those ask.
 */
export function createRelay(
  database: Database,
  ring: (bells: readonly JobBell[]) => Promise<void>,
  { leaseMs, sweepMs }: RelaySettings,
  logger: Logger,
): Poller {
  const round = async (): Promise<boolean> => {
    const due = await database.query<JobBell>(
      `update orderflow.outbox set next_at = orderflow.now() + $2 * interval '1 millisecond'
        where id in (select id from orderflow.outbox
                      where not external and done_at is null and cancelled_at is null and next_at <= orderflow.now()
                        and not ${instanceRests('instance_id')}
                        and not ${typeRests('job_type')}
                      order by next_at, sequence limit $1 for update skip locked)
        returning wait_id as "jobId", job_type as "jobType", traceparent`,
      [batch, leaseMs],
    );
    if (due.length === 0) return false;
    try {
      await ring(due);
    } catch (error) {
      // the queue is away: let the rows be due again soon, not only after the lease
      logger.warn({ err: error, jobs: due.length }, 'the queue cannot be rung');
      await database.query(
        `update orderflow.outbox set next_at = orderflow.now() + interval '2 seconds'
          where wait_id = any($1) and done_at is null and cancelled_at is null and next_at <> 'infinity'`,
        [due.map((bell) => bell.jobId)],
      );
      return false;
    }
    return due.length === batch;
  };
  return new Poller('relay', round, sweepMs, logger);
}
