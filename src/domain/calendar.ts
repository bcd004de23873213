import { instantAt, wallTimeAt } from '../support/time-zone.ts';

/** The days on which a company works. */
export interface WorkingCalendar {
  /** Where its days begin at midnight; UTC when left out. */
  readonly timeZone?: string;
  /** ISO 8601 days of the week, 1 = Monday, that are no working days. */
  readonly weekendDays: readonly number[];
  /** Days `YYYY-MM-DD` that are no working days. */
  readonly holidays: ReadonlySet<string>;
}

export const hourMs = 3600_000;
const dayMs = 24 * hourMs;
/** Longer than this nobody rests: a calendar without working days is a mistake, not a wait for ever. */
const longestRestDays = 3660;

/** May time run on the day of this instant? */
export const isWorkingDay = (at: Date, calendar: WorkingCalendar): boolean =>
  isWorkingOn(wallTimeAt(at.getTime(), calendar.timeZone ?? 'UTC'), calendar);

/** The same for what a clock on the wall shows. */
function isWorkingOn(wall: number, { weekendDays, holidays }: WorkingCalendar): boolean {
  const at = new Date(wall);
  const isoDay = at.getUTCDay() === 0 ? 7 : at.getUTCDay();
  return !weekendDays.includes(isoDay) && !holidays.has(at.toISOString().slice(0, 10));
}

/**
 * The instant that is so many hours of working time after `start`: time runs all day long on working days, and stands still on others. What ends with a
 * working day ends at its last instant, 24:00, also before a weekend. Without hours it is `start` itself. Hours are those of the clock on the calendar's wall: a
 * working day has 24 of them, also when clocks are changed on it.
 * @throws RangeError when the calendar has no working day for ten years
 */
export function addWorkingTime(start: Date, hours: number, calendar: WorkingCalendar): Date {
  let left = hours * hourMs;
  if (left <= 0) return start;
  const zone = calendar.timeZone ?? 'UTC';
  let at = wallTimeAt(start.getTime(), zone);
  for (let restDays = 0; restDays <= longestRestDays;) {
    const midnight = Math.floor(at / dayMs) * dayMs + dayMs;
    if (isWorkingOn(at, calendar)) {
      restDays = 0;
      if (left <= midnight - at) return new Date(instantAt(at + left, zone));
      left -= midnight - at;
    } else restDays++;
    at = midnight;
  }
  throw new RangeError(`There is no working day in the ten years before ${new Date(at).toISOString()}.`);
}
