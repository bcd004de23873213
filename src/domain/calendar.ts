/** The days on which a company works. All of it is UTC: a day begins at 00:00Z. */
export interface WorkingCalendar {
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
export function isWorkingDay(at: Date, { weekendDays, holidays }: WorkingCalendar): boolean {
  const isoDay = at.getUTCDay() === 0 ? 7 : at.getUTCDay();
  return !weekendDays.includes(isoDay) && !holidays.has(at.toISOString().slice(0, 10));
}

/**
 * The instant that is so many hours of working time after `start`: time runs all day long on working days, and stands still on others. What ends with a
 * working day ends at its last instant, 24:00, also before a weekend. Without hours it is `start` itself.
 * @throws RangeError when the calendar has no working day for ten years
 */
export function addWorkingTime(start: Date, hours: number, calendar: WorkingCalendar): Date {
  let left = hours * hourMs;
  if (left <= 0) return start;
  let at = start.getTime();
  for (let restDays = 0; restDays <= longestRestDays;) {
    const midnight = Math.floor(at / dayMs) * dayMs + dayMs;
    if (isWorkingDay(new Date(at), calendar)) {
      restDays = 0;
      if (left <= midnight - at) return new Date(at + left);
      left -= midnight - at;
    } else restDays++;
    at = midnight;
  }
  throw new RangeError(`There is no working day in the ten years before ${new Date(at).toISOString()}.`);
}
