import type { Database } from '../persistence/database.ts';
import type { Logger } from '../support/logger.ts';
import { Poller } from '../support/poller.ts';

const batch = 500;

/**
 * Publishes committed events: gives each its `position` among all and its `subject_sequence` among those of its subject. Sequences are drawn before the commit and
 * show up out of order; positions are given by one publisher at a time, to what it can see, so whoever reads up to a position has missed nothing before it.
 * A subject's events keep their order: whoever emits holds the subject's row, so a later one is drawn after the earlier one was committed.
 */
export const createPublisher = (database: Database, sweepMs: number, logger: Logger): Poller =>
  new Poller('publisher', async () => (await publishEvents(database)) === batch, sweepMs, logger);

/** Publishes one batch; answers how many events that were. Nothing happens while another publisher is at it. */
export const publishEvents = (database: Database): Promise<number> =>
  database.transaction(async (tx) => {
    const { mine } = await tx.one<{ mine: boolean }>(`select pg_try_advisory_xact_lock(hashtext('orderflow.publisher')) as mine`);
    if (!mine) return 0;
    // a statement of its own: its picture of the data is taken under the lock
    const published = await tx.execute(
      `with due as (select id, subject_id, sequence from orderflow.event where position is null order by sequence limit $1),
            numbered as (select id, subject_id, row_number() over (order by sequence) as nth,
                                row_number() over (partition by subject_id order by sequence) as nth_of_subject from due)
       update orderflow.event e
          set position = n.nth + coalesce((select max(position) from orderflow.event), 0),
              subject_sequence = n.nth_of_subject
                + coalesce((select max(p.subject_sequence) from orderflow.event p where p.subject_id = n.subject_id), 0)
         from numbered n where e.id = n.id`,
      [batch],
    );
    if (published > 0) await tx.query(`select pg_notify('orderflow', 'published')`);
    return published;
  });
