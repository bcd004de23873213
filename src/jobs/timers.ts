import { fireTimer } from '../commands/fire-timer.ts';
import type { Deps } from '../commands/unit.ts';
import { Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';

const batch = 50;
const atOnce = 8;

export interface TimerSettings {
  /** How long one process has to fire what it has claimed before another may, ms. */
  readonly leaseMs: number;
  readonly sweepMs: number;
}

/** Fires timers that are due by the database's clock, earliest first, each once, a few at a time. */
export function createTimers(deps: Deps, { leaseMs, sweepMs }: TimerSettings): Poller {
  const round = async (): Promise<boolean> => {
    const due = await deps.database.query<{ waitId: string; dueAt: Date }>(
      `update orderflow.wait set next_at = orderflow.now() + $2 * interval '1 millisecond'
        where id in (select id from orderflow.wait where kind = 'timer' and status = 'open' and next_at <= orderflow.now()
                      order by next_at, id limit $1 for update skip locked)
        returning id as "waitId", due_at as "dueAt"`,
      [batch, leaseMs],
    );
    due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    for (let from = 0; from < due.length; from += atOnce) {
      await Promise.all(due.slice(from, from + atOnce).map((timer) => fireOrIncident(deps, timer)));
    }
    return due.length === batch;
  };
  return new Poller('timers', round, sweepMs, deps.logger);
}

/** A timer whose step fails has become an incident and rests; one that cannot be fired now comes back after its lease. */
async function fireOrIncident(deps: Deps, timer: { waitId: string; dueAt: Date }): Promise<void> {
  try {
    await fireTimer(deps, timer);
  } catch (error) {
    if (error instanceof Problem && error.code === 'step-failed') return;
    deps.logger.warn({ err: error, waitId: timer.waitId }, 'a timer could not be fired');
  }
}
