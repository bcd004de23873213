import { fireTimer } from '../commands/fire-timer.ts';
import type { Deps } from '../commands/unit.ts';
import { Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';

const batch = 200;
const atOnce = 8;

export interface TimerSettings {
  /** How long one process has to fire what it has claimed before another may, ms. */
  readonly leaseMs: number;
  readonly sweepMs: number;
}

interface DueTimer {
  readonly waitId: string;
  readonly dueAt: Date;
}

/**
 * Fires timers that are due by the database's clock, earliest first, each once, a few at a time. Of one instance only the earliest is taken, whoever takes it: what
 * was due before may take away what was due after. Instances that rest are left alone.
 */
export function createTimers(deps: Deps, { leaseMs, sweepMs }: TimerSettings): Poller {
  const round = async (): Promise<boolean> => {
    const due = await deps.database.query<DueTimer>(
      `update orderflow.wait set next_at = orderflow.now() + $2 * interval '1 millisecond'
        where id in (select w.id from orderflow.wait w
                      where w.kind = 'timer' and w.status = 'open' and w.next_at <= orderflow.now()
                        and not exists (select 1 from orderflow.wait e
                                         where e.instance_id = w.instance_id and e.kind = 'timer' and e.status = 'open' and e.next_at <> 'infinity'
                                           and (e.due_at, e.id) < (w.due_at, w.id))
                        and not exists (select 1 from orderflow.process_instance i where i.id = w.instance_id and i.suspended_at is not null)
                      order by w.next_at, w.id limit $1 for update skip locked)
        returning id as "waitId", due_at as "dueAt"`,
      [batch, leaseMs],
    );
    due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    const next = due.values();
    // each of the hands takes the next one as soon as it is free: one slow timer keeps nobody from the others
    const hand = async (): Promise<void> => {
      for (const timer of next) await fireOrIncident(deps, timer);
    };
    await Promise.all(Array.from({ length: atOnce }, hand));
    // also when fewer were due than fit: firing one may have made room for the next of its instance
    return due.length > 0;
  };
  return new Poller('timers', round, sweepMs, deps.logger);
}

/** A timer whose step fails has become an incident and rests; one that cannot be fired now comes back after its lease. */
async function fireOrIncident(deps: Deps, timer: DueTimer): Promise<void> {
  try {
    await fireTimer(deps, timer);
  } catch (error) {
    if (error instanceof Problem && (error.code === 'step-failed' || error.code === 'suspended')) return;
    deps.logger.warn({ err: error, waitId: timer.waitId }, 'a timer could not be fired');
  }
}
