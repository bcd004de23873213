import { instanceRests } from '../persistence/resting.ts';
import { fireTimer } from '../commands/fire-timer.ts';
import { startByTimer } from '../commands/start-by-timer.ts';
import type { Deps } from '../commands/unit.ts';
import { claimTimerStarts, type TimerStart } from '../persistence/start-events.ts';
import { Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';
import { shareOut } from '../support/share-out.ts';

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

/** Fires what is due, as soon as somebody says so and anyhow every now and then. */
export const createTimers = (deps: Deps, settings: TimerSettings): Poller =>
  new Poller('timers', () => fireRound(deps, settings), settings.sweepMs, deps.logger);

/**
 * One round: fires timers that are due by the database's clock, earliest first, each once, a few at a time. Of one instance only the earliest is taken, whoever
 * takes it: what was due before may take away what was due after. Instances that rest are left alone. Then come the timers that start instances. Answers true when
 * there may be more to do now. Any number of processes may do it at once.
 */
export async function fireRound(deps: Deps, { leaseMs }: Pick<TimerSettings, 'leaseMs'>): Promise<boolean> {
  const due = await deps.database.query<DueTimer>(
    `update orderflow.wait set next_at = orderflow.now() + $2 * interval '1 millisecond'
      where id in (select w.id from orderflow.wait w
                    where w.kind = 'timer' and w.status = 'open' and w.next_at <= orderflow.now()
                      and not exists (select 1 from orderflow.wait e
                                       where e.instance_id = w.instance_id and e.kind = 'timer' and e.status = 'open' and e.next_at <> 'infinity'
                                         and (e.due_at, e.id) < (w.due_at, w.id))
                      and not ${instanceRests('w.instance_id')}
                    order by w.next_at, w.id limit $1 for update skip locked)
      returning id as "waitId", due_at as "dueAt"`,
    [batch, leaseMs],
  );
  due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  await shareOut(due, atOnce, (timer) => fireOrIncident(deps, timer));
  let started = 0;
  for (const start of await claimTimerStarts(deps.database, batch, leaseMs)) if (await startOrWarn(deps, start)) started++;
  // also when fewer were due than fit: firing one may have made room for the next of its instance
  return due.length + started > 0;
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

/** One that cannot start now comes back after its lease, and keeps nobody from the others. */
const startOrWarn = (deps: Deps, start: TimerStart): Promise<boolean> =>
  startByTimer(deps, start).catch((error: unknown) => {
    deps.logger.warn(
      { err: error, processId: start.processId, elementId: start.elementId },
      'a timer could not start an instance',
    );
    return false;
  });
