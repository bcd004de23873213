import { looksLikeCron, nextCron, parseCron } from '../support/cron.ts';
import { addDuration, parseDuration, parseInstant, type IsoDuration } from '../support/iso-time.ts';
import { isTimeZone } from '../support/time-zone.ts';
import { messageOf } from '../support/errors.ts';
import type { EventModel } from './model.ts';
import type { Wait } from './types.ts';

export type TimerType = NonNullable<EventModel['timer']>['type'];
export type DueTimer = NonNullable<Wait['timer']>;

export interface TimerOptions {
  /** Whose clock on the wall counts (IANA name or offset), from the property `timeZone`; UTC when left out. */
  readonly timeZone?: string | undefined;
}

/** How often a repetition with a number may fire, and how close. */
const maximumRepetitions = 100_000;
const shortestMs = 1000;
/** Beyond it times have no ISO 8601 form of four digits any more. */
const endOfTime = Date.UTC(9000, 0);

/**
 * When a timer is due that opens at `now`: ISO 8601 date, duration, or repetition (`R3/PT1H`; `R/PT1H` for ever; `R/2026-01-31T08:00:00Z/P1M` from a date on), or
 * cron (`0 0 9 * * MON-FRI`). The answer does not depend on the host. Throws RangeError with a sentence when `text` is none of these.
 */
export function dueTimer(type: TimerType, text: string, now: Date, { timeZone = 'UTC' }: TimerOptions = {}): DueTimer {
  if (!isTimeZone(timeZone)) throw new RangeError(`there is no time zone ${JSON.stringify(timeZone)}, as Europe/Berlin is one`);
  let due: DueTimer & { readonly at: Date };
  try {
    due = plan(type, text, now, timeZone);
  } catch (cause) {
    const why = messageOf(cause);
    const detail = /is no (?:duration|date and time)$/.test(why) ? '' : ` (${why})`;
    throw new RangeError(`${JSON.stringify(text)} is not an ISO 8601 ${expected[type]}${detail}`, { cause });
  }
  const { at, ...timer } = due;
  if (at.getTime() > endOfTime) throw new RangeError(`${JSON.stringify(text)} lies beyond the year 9000`);
  return { ...timer, dueAt: at.toISOString() };
}

const expected: Readonly<Record<TimerType, string>> = {
  timeDate: 'date and time, such as 2026-05-01T12:00:00Z',
  timeDuration: 'duration, such as PT30M or P14D',
  timeCycle: 'repetition, such as R3/PT1H, nor cron, such as 0 0 9 * * MON-FRI',
};

function plan(type: TimerType, text: string, now: Date, zone: string): DueTimer & { readonly at: Date } {
  const dueAt = '';
  if (type === 'timeDate') return { at: parseInstant(text, zone), dueAt };
  if (type === 'timeDuration') return { at: addDuration(now, parseDuration(text), 1, zone), dueAt, duration: text };
  if (looksLikeCron(text))
    return { at: new Date(nextCron(parseCron(text), now.getTime(), zone)), dueAt, repeat: -1, interval: text };
  return { ...repetition(text, now, zone), dueAt };
}

function repetition(text: string, now: Date, zone: string) {
  const [, count, start, duration = ''] = /^R(\d*)\/(?:([^/P][^/]*)\/)?(P[^/]+)$/.exec(text) ?? [];
  if (count === undefined) throw new RangeError('it has to be R, a number or none, a start or none, and a duration');
  const each = parseDuration(duration);
  if (addDuration(new Date(0), each, 1, 'UTC').getTime() < shortestMs) throw new RangeError('the shortest repetition is PT1S');
  if (count !== '' && !(Number(count) >= 1 && Number(count) <= maximumRepetitions))
    throw new RangeError(`it has to fire 1 to ${maximumRepetitions} times`);
  const total = count === '' ? Infinity : Number(count);
  // without a start the first one is due after the first interval
  const anchor = start === undefined ? now : parseInstant(start, zone);
  const from = start === undefined ? 1 : 0;
  const passed = start === undefined || anchor > now ? 0 : indexAfter(anchor, each, now.getTime() - 1, zone);
  // one that is over before it has begun fires once, as a date does that has passed
  const index = Math.min(passed, total - 1);
  const at = addDuration(anchor, each, index + from, zone);
  return { at, repeat: total === Infinity ? -1 : total - 1 - index, interval: `${anchor.toISOString()}/${duration}` };
}

const dayMs = 86_400_000;

/** How many intervals after `anchor` the first instant after `after` is; 0 is the anchor itself. */
function indexAfter(anchor: Date, each: IsoDuration, after: number, zone: string): number {
  const passed = after - anchor.getTime();
  if (passed < 0) return 0;
  // an estimate that is never too high, and then up to it: months and days have no length of their own
  const longest = each.months * 31 * dayMs + each.days * dayMs + each.ms;
  let index = Math.max(0, Math.floor(passed / longest) - 1);
  while (addDuration(anchor, each, index, zone).getTime() <= after) index++;
  return index;
}

/** What becomes of firings that were missed, from the property `catchUp`. */
export type CatchUp = 'one' | 'all' | 'none';
export const catchUps: readonly CatchUp[] = ['one', 'all', 'none'];

/** How many missed firings `all` makes up for; those before are left out. */
export const maximumCaughtUp = 100;
/** With `none`, a firing that is later than this is left out, ms. */
export const missedAfterMs = 60_000;

/**
 * When a repeating timer is due again that was due at `previous`. It stays on its grid (`interval` of the DueTimer): a late firing delays none of those that follow.
 * With `all` it is the next point of the grid even if that has passed, but at most 100 of those that have; else the first that lies ahead.
 */
export function nextDue(
  interval: string,
  previous: Date,
  now: Date,
  { timeZone = 'UTC', catchUp = 'one' }: TimerOptions & { readonly catchUp?: CatchUp } = {},
): Date {
  const next = stepper(interval, timeZone);
  const [from, until] = [previous.getTime(), now.getTime()];
  if (catchUp !== 'all') return next(Math.max(from, until));
  for (let window = maximumCaughtUp * shortestMs; ; window *= 4) {
    const missed: Date[] = [];
    const begin = Math.max(from, until - window);
    for (let at = next(begin); at <= now; at = next(at.getTime())) missed.push(at);
    if (missed.length >= maximumCaughtUp || begin === from)
      return missed.at(-maximumCaughtUp) ?? missed[0] ?? next(Math.max(from, until));
  }
}

function stepper(interval: string, zone: string): (after: number) => Date {
  const [, anchor, duration] = /^(\S+Z)\/(P\S+)$/.exec(interval) ?? [];
  if (anchor === undefined || duration === undefined) {
    const cron = parseCron(interval);
    return (after) => new Date(nextCron(cron, after, zone));
  }
  const [start, each] = [new Date(anchor), parseDuration(duration)];
  return (after) => addDuration(start, each, indexAfter(start, each, after, zone), zone);
}
