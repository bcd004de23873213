import { expireOverrides } from '../commands/expire-overrides.ts';
import { expiredReservations, expireReservations } from '../commands/expire-reservations.ts';
import { refreshOverdue } from '../commands/refresh-overdue.ts';
import { findStrandedWork } from '../commands/repair/find-stranded.ts';
import { advanceBatches } from '../commands/repair/incident-batch.ts';
import type { Deps } from '../commands/unit.ts';
import { wakeForgotten } from '../commands/wake-forgotten.ts';
import { Poller } from '../support/poller.ts';

const batch = 50;
/** A sweep that its process did not finish is begun again after this time, ms. */
const leaseMs = 300_000;
const minuteMs = 60_000;
const hourMs = 3600_000;

/** What is looked for once in a while, by whichever process comes first; how often, ms. */
const sweeps: readonly {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (deps: Deps, at: Date) => Promise<void>;
}[] = [
  { name: 'overdue-invoices', everyMs: hourMs, run: refreshOverdue },
  { name: 'overdue-overrides', everyMs: minuteMs, run: expireOverrides },
  { name: 'lost-wake-ups', everyMs: 24 * hourMs, run: wakeForgotten },
  { name: 'stranded-work', everyMs: minuteMs, run: findStrandedWork },
];

/** Looks for what nobody is going to say: reservations that have run out, invoices that have become overdue, overrides that nobody decided or used in time, waiters whose wake-up was lost, stranded work; and goes on with batches. */
export const createSweeps = (deps: Deps, sweepMs: number): Poller =>
  new Poller('sweeps', () => sweepOnce(deps), sweepMs, deps.logger);

/** One round; answers true when there may be more to do now. Any number of processes may do it at once. */
export async function sweepOnce(deps: Deps): Promise<boolean> {
  const expired = await expiredReservations(deps, batch);
  for (const each of expired) {
    // one sale that is busy, or broken, keeps nobody else's stock
    await expireReservations(deps, each).catch((error: unknown) =>
      deps.logger.warn({ err: error, saleOrderId: each.saleOrderId }, 'reservations could not be let go'),
    );
  }
  await advanceBatches(deps);
  for (const sweep of sweeps) {
    const [mine] = await deps.database.query<{ at: Date }>(
      `update orderflow.sweep set next_at = orderflow.now() + $2 * interval '1 millisecond'
        where name = $1 and next_at <= orderflow.now() returning orderflow.now() as at`,
      [sweep.name, leaseMs],
    );
    if (!mine) continue;
    await sweep.run(deps, mine.at);
    await deps.database.query(
      `update orderflow.sweep set next_at = $2::timestamptz + $3 * interval '1 millisecond' where name = $1`,
      [sweep.name, mine.at, sweep.everyMs],
    );
  }
  return expired.length === batch;
}
