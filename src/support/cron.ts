/**
 * Cron as Camunda 8 and Spring write it: six fields (second, minute, hour, day of the month, month, day of the week), which all have to match, and `@daily` and
 * the like. `L`, `L-3`, `LW`, `15W`, `5L`, `MON#2` as there.
 */
import { offsetAt, transitionBetween, wallTimeAt, type WallTime } from './time-zone.ts';

export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly daysOfMonth: readonly DayRule[];
  readonly daysOfWeek: readonly DayRule[];
}

interface Day {
  readonly day: number;
  readonly lastDay: number;
  /** 0 = Sunday. */
  readonly weekday: number;
}
type DayRule = (day: Day) => boolean;

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Name of the value `from`, of the one after it ... */
  readonly names?: readonly string[];
}
const fields = {
  second: { name: 'second', from: 0, to: 59 },
  minute: { name: 'minute', from: 0, to: 59 },
  hour: { name: 'hour', from: 0, to: 23 },
  dayOfMonth: { name: 'day of the month', from: 1, to: 31 },
  month: { name: 'month', from: 1, to: 12, names: monthNames },
  dayOfWeek: { name: 'day of the week', from: 0, to: 7, names: dayNames },
} as const satisfies Record<string, Field>;

/** Six fields or a macro, as opposed to an ISO 8601 repetition. */
export const looksLikeCron = (text: string): boolean => text.startsWith('@') || /\s/.test(text);

/** @throws RangeError saying which field is wrong */
export function parseCron(text: string): Cron {
  const parts = (macros[text.toLowerCase()] ?? text).trim().toUpperCase().split(/\s+/);
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = parts;
  if (parts.length !== 6 || dayOfWeek === undefined) {
    const hint = parts.length === 5 ? '; put the seconds in front' : '';
    throw new RangeError(
      `a cron expression has six fields (second minute hour day month weekday), this has ${parts.length}${hint}`,
    );
  }
  return {
    seconds: values(second ?? '', fields.second),
    minutes: values(minute ?? '', fields.minute),
    hours: values(hour ?? '', fields.hour),
    daysOfMonth: (dayOfMonth ?? '').split(',').map(dayOfMonthRule),
    months: new Set(values(month ?? '', fields.month)),
    daysOfWeek: dayOfWeek.split(',').map(dayOfWeekRule),
  };
}

function values(text: string, field: Field): readonly number[] {
  const found = new Set(text.split(',').flatMap((item) => range(item, field)));
  return [...found].sort((a, b) => a - b);
}

/** `*`, `5`, `2-4`, `10/15` (from 10 on), `0-30/10`. */
function range(item: string, field: Field): readonly number[] {
  const [, all, first, last, step] = /^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:\/(\d{1,4}))?$/.exec(item) ?? [];
  if ((all === undefined && first === undefined) || (all === '?' && !field.name.startsWith('day'))) refuse(item, field);
  const from = all === undefined ? value(first ?? '', field) : field.from;
  const open = all !== undefined || (step !== undefined && last === undefined);
  const end = open ? field.to : value(last ?? first ?? '', field);
  // FRI-SUN: of a week that begins with Monday, Sunday is the end
  const to = field.names === dayNames ? (open ? 6 : end === 0 && from > 0 ? 7 : end) : end;
  const by = Number(step ?? 1);
  if (by < 1 || to < from) refuse(item, field);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_each, index) => from + index * by);
}

function value(text: string, field: Field): number {
  const named = field.names?.indexOf(text) ?? -1;
  const number = named >= 0 ? named + field.from : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (!(number >= field.from && number <= field.to)) refuse(text, field);
  return number;
}

function refuse(text: string, { name, from, to }: Field): never {
  throw new RangeError(`"${text}" is no ${name} of a cron expression (${from} to ${to})`);
}

function dayOfMonthRule(item: string): DayRule {
  const [, fromLast] = /^L(?:-(\d{1,2}))?$/.exec(item) ?? [];
  if (item === 'L' || fromLast !== undefined) return ({ day, lastDay }) => day === lastDay - Number(fromLast ?? 0);
  const [, wanted] = /^(\d{1,2}|L)W$/.exec(item) ?? [];
  if (wanted !== undefined) {
    const number = wanted === 'L' ? undefined : value(wanted, fields.dayOfMonth);
    return (at) => at.day === nearestWeekday(Math.min(number ?? at.lastDay, at.lastDay), at);
  }
  const days = new Set(range(item, fields.dayOfMonth));
  return ({ day }) => days.has(day);
}

/** The working day nearest to a day of the same month. */
function nearestWeekday(target: number, { day, weekday, lastDay }: Day): number {
  const onTarget = (((weekday + target - day) % 7) + 7) % 7;
  if (onTarget === 6) return target === 1 ? 3 : target - 1;
  if (onTarget === 0) return target === lastDay ? target - 2 : target + 1;
  return target;
}

function dayOfWeekRule(item: string): DayRule {
  const [, lastDayName] = /^(\w+)L$/.exec(item) ?? [];
  if (lastDayName !== undefined) {
    const wanted = value(lastDayName, fields.dayOfWeek) % 7;
    return ({ day, weekday, lastDay }) => weekday === wanted && day > lastDay - 7;
  }
  const [, name, nth] = /^(\w+)#([1-5])$/.exec(item) ?? [];
  if (name !== undefined) {
    const wanted = value(name, fields.dayOfWeek) % 7;
    return ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const days = new Set(range(item, fields.dayOfWeek).map((number) => number % 7));
  return ({ weekday }) => days.has(weekday);
}

const secondMs = 1000;
const daySeconds = 86_400;
/** A 29 February on a Monday comes again after 40 years at the latest. */
const longestDays = 41 * 366;

/**
 * The first instant after `after` at which the wall clock of the zone shows a time that matches. What is skipped when clocks go forward fires once, when they have
 * gone; what is shown twice when they go back fires once, the first time. An expression for every hour goes by the time that passes: it leaves out an hour that
 * there is not, and goes twice through one that there is twice.
 * @throws RangeError when it never matches again (30 February)
 */
export function nextCron(cron: Cron, after: number, zone: string): number {
  const offset = offsetAt(after, zone);
  let wall = nextWall(cron, after + offset);
  const instant = wall - offset;
  if (cron.hours.length < 24) {
    while (firstShown(wall, zone) <= after) wall = nextWall(cron, wall);
    return firstShown(wall, zone);
  }
  if (offsetAt(instant, zone) === offset) return instant;
  const changed = transitionBetween(after, instant, zone);
  return nextWall(cron, wallTimeAt(changed, zone) - 1) - offsetAt(changed, zone);
}

/** When a wall clock shows a time first, or has skipped it. */
function firstShown(wall: WallTime, zone: string): number {
  const day = daySeconds * secondMs;
  const [before, after] = [offsetAt(wall - day, zone), offsetAt(wall + day, zone)];
  const shown = [wall - before, wall - after].filter((instant) => wallTimeAt(instant, zone) === wall);
  return shown.length > 0 ? Math.min(...shown) : transitionBetween(wall - before - day, wall - before, zone);
}

/** The first matching time of a wall clock that never changes. */
function nextWall(cron: Cron, after: WallTime): WallTime {
  const start = Math.floor(after / secondMs) + 1;
  const firstDay = Math.floor(start / daySeconds);
  for (let day = firstDay; day < firstDay + longestDays; day++) {
    if (!isMatchingDay(cron, day)) continue;
    const time = timeOfDay(cron, day === firstDay ? start - day * daySeconds : 0);
    if (time !== undefined) return (day * daySeconds + time) * secondMs;
  }
  throw new RangeError('the cron expression never matches');
}

function isMatchingDay({ months, daysOfMonth, daysOfWeek }: Cron, dayNumber: number): boolean {
  const date = new Date(dayNumber * daySeconds * secondMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const day = { day: date.getUTCDate(), lastDay, weekday: date.getUTCDay() };
  return daysOfMonth.some((rule) => rule(day)) && daysOfWeek.some((rule) => rule(day));
}

/** The first matching second of a day from `from` on. */
function timeOfDay({ hours, minutes, seconds }: Cron, from: number): number | undefined {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < from) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      if (start + 59 < from) continue;
      const second = seconds.find((each) => start + each >= from);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}
