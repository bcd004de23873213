/** Dates and durations of ISO 8601 as BPMN diagrams and FEEL write them. What the standard allows and nobody writes (weeks of the year, basic format) is refused. */
import { instantAt, isTimeZone, wallTimeAt } from './time-zone.ts';

/** Calendar part and exact part: a month has no length of its own, and a day has 23 to 25 hours. */
export interface IsoDuration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}

const dayMs = 86_400_000;
const date =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d)?(?:\[([\w/+-]+)\]|@([\w/+-]+))?$/;
const duration =
  /^P(?=.)(?:(\d{1,5})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?=.)(?:(\d{1,8}(?:[.,]\d{1,9})?)H)?(?:(\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?$/;

/**
 * The instant of `2026-05-01T12:00:00+02:00`, `...+02:00[Europe/Berlin]` (the offset counts), `...[Europe/Berlin]`, `...@Europe/Berlin`, or without either in
 * `zone`; a date alone is its midnight.
 * @throws RangeError
 */
export function parseInstant(text: string, zone: string): Date {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset, bracket, at] = date.exec(text) ?? [];
  if (year === undefined) throw new RangeError(`${JSON.stringify(text)} is no date and time`);
  const named = bracket ?? at;
  if (named !== undefined && !isTimeZone(named)) throw new RangeError(`there is no time zone ${named}`);
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds);
  const shown = new Date(wall).toISOString();
  const asked = `${year}-${month}-${day}T${hour.padStart(2, '0')}:${minute.padStart(2, '0')}:${second.padStart(2, '0')}`;
  // JavaScript turns 31 April into 1 May
  if (!shown.startsWith(asked)) throw new RangeError(`${JSON.stringify(text)} is no date of the calendar`);
  return new Date(instantAt(wall, offset ?? named ?? zone));
}

/** `P1Y2M3DT4H5M6.7S`, `P2W`; hours, minutes and seconds may have fractions. @throws RangeError */
export function parseDuration(text: string): IsoDuration {
  const found = duration.exec(text);
  if (!found) throw new RangeError(`${JSON.stringify(text)} is no duration`);
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number((part ?? '0').replace(',', '.')));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    ms: Math.round((hours ?? 0) * 3600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000),
  };
}

/**
 * `times` durations after an instant. Years, months and days go by the wall clock of the zone: a month after 31 January is the last of February, a day after noon is
 * noon. Hours, minutes and seconds are exact.
 */
export function addDuration(start: Date, { months, days, ms }: IsoDuration, times: number, zone: string): Date {
  let instant = start.getTime();
  if (months !== 0 || days !== 0) {
    const wall = wallTimeAt(instant, zone);
    instant = instantAt(addMonths(wall, months * times) + days * times * dayMs, zone);
  }
  return new Date(instant + ms * times);
}

function addMonths(wall: number, months: number): number {
  if (months === 0) return wall;
  const at = new Date(wall);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = wall - Math.floor(wall / dayMs) * dayMs;
  return Date.UTC(year, month, Math.min(at.getUTCDate(), lastDay)) + timeOfDay;
}
