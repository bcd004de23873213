/** Wall clocks: what a clock on the wall of a time zone shows at an instant, and when it shows it. Pure, and the same in every browser and on every host. */

/** What a wall clock shows, as the milliseconds that would show the same in UTC. */
export type WallTime = number;

const secondMs = 1000;
const dayMs = 86_400_000;
const fixedOffset = /^([+-])(\d\d):(\d\d)$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Is this an IANA time zone (`Europe/Berlin`), `UTC`, `Z` or a fixed offset (`+02:00`)? */
export function isTimeZone(name: string): boolean {
  if (name === 'Z' || fixedOffset.test(name)) return true;
  // offsets in another spelling are accepted by some hosts and refused by others
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** How far the clocks of a zone are ahead of UTC at an instant, ms. @throws RangeError when there is no such zone */
export function offsetAt(instant: number, zone: string): number {
  if (zone === 'UTC' || zone === 'Z') return 0;
  const [, sign, hours, minutes] = fixedOffset.exec(zone) ?? [];
  if (sign !== undefined) return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / secondMs) * secondMs;
}

export const wallTimeAt = (instant: number, zone: string): WallTime => instant + offsetAt(instant, zone);

/**
 * The instant at which the wall clock shows this. A time that is skipped when clocks go forward is as much later as they skip (02:30 is 03:30); of one that is
 * shown twice when they go back it is the first. That is what java.time, Temporal and RFC 5545 say.
 */
export function instantAt(wall: WallTime, zone: string): number {
  const [before, after] = [offsetAt(wall - dayMs, zone), offsetAt(wall + dayMs, zone)];
  const shown = [wall - before, wall - after].filter((instant) => wallTimeAt(instant, zone) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - before;
}

/** When the clocks of a zone were changed last before `until`, after `from`: the first instant of the offset that `until` has. */
export function transitionBetween(from: number, until: number, zone: string): number {
  const offset = offsetAt(until, zone);
  let [low, high] = [Math.floor(from / secondMs), Math.ceil(until / secondMs)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * secondMs, zone) === offset) high = middle;
    else low = middle;
  }
  return high * secondMs;
}

/** Making one costs a thousand times more than using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const number = 'numeric';
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    });
    formats.set(zone, format);
  }
  return format;
}
