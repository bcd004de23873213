import { nextDue, StepFailed, type CatchUp } from '../engine/index.ts';
import { isPeriod, planDeadline } from '../persistence/deadlines.ts';
import { repeatingTimer } from '../persistence/timers.ts';
import { planWorkingTime } from '../persistence/working-time.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { parseDuration } from '../support/iso-time.ts';
import { hourMs } from '../domain/calendar.ts';
import type { LockedInstance } from './instance.ts';
import type { OpenedWait } from './unit.ts';

/**
 * Says when timers are due that the engine alone cannot plan, since it knows neither calendars nor what was before:
 * - `period`: when that commercial period is over, in working time, moving with the calendar. What the diagram says (`P14D`) is what it would be without a
 *   calendar, and holds where an instance moves no order.
 * - `calendar`: its duration in working time of the calendar of that name, moving with it.
 * - a repeating timer that has fired (`firedSlot`) and is armed again: on its grid, however late it fired.
 * @throws StepFailed when a calendar is not there, or a duration has months
 */
export async function planPeriodTimers(
  tx: Transaction,
  instance: LockedInstance,
  opened: readonly OpenedWait[],
  from: Date,
  firedSlot?: string,
): Promise<OpenedWait[]> {
  const planned: OpenedWait[] = [];
  for (const wait of opened) planned.push(wait.timer ? await planTimer(tx, instance, wait, from, firedSlot) : wait);
  return planned;
}

async function planTimer(
  tx: Transaction,
  { id: instanceId, subject }: LockedInstance,
  wait: OpenedWait,
  from: Date,
  firedSlot: string | undefined,
): Promise<OpenedWait> {
  const { timer, properties, slot } = wait;
  const kind = properties['period'];
  if (kind !== undefined && isPeriod(kind) && subject) {
    return dueAt(wait, await planDeadline(tx, { subject, kind, from }));
  }
  const calendarId = properties['calendar'];
  if (calendarId !== undefined && timer?.duration !== undefined) {
    const ms = workingMs(wait.elementId, timer.duration);
    const due = await planWorkingTime(tx, calendarId, from, ms);
    if (!due) throw new StepFailed(wait.elementId, `there is no calendar ${calendarId}`);
    return { ...dueAt(wait, due), workingTime: { calendarId, ms } };
  }
  if (timer?.interval !== undefined && slot === firedSlot) {
    const before = await repeatingTimer(tx, instanceId, slot);
    if (before) {
      const due = nextDue(before.interval, before.dueAt, from, timerOptions(properties));
      return { ...dueAt(wait, due), timer: { ...timer, dueAt: due.toISOString(), interval: before.interval } };
    }
  }
  return wait;
}

const dueAt = (wait: OpenedWait, at: Date): OpenedWait => ({
  ...wait,
  ...(wait.timer && { timer: { ...wait.timer, dueAt: at.toISOString() } }),
});

/** What the properties of a timer say about its repetition; the linter has looked at them. */
export const timerOptions = (properties: Readonly<Record<string, unknown>>): { timeZone?: string; catchUp: CatchUp } => {
  const { timeZone, catchUp } = properties;
  return {
    catchUp: catchUp === 'all' || catchUp === 'none' ? catchUp : 'one',
    ...(typeof timeZone === 'string' && { timeZone }),
  };
};

/** Working time of a duration: a day has 24 hours of it, as everywhere in commercial time. */
function workingMs(elementId: string, text: string): number {
  const { months, days, ms } = parseDuration(text);
  if (months === 0) return days * 24 * hourMs + ms;
  throw new StepFailed(elementId, `${text} has years or months, which have no length in working time. Use days or hours`);
}
