import { FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime } from 'feelin';
import type { Json } from '../support/json.ts';
import { FeelFault } from './evaluation-failed.ts';

export type FeelContext = { readonly [name: string]: Feel };
export type FeelTemporal = FeelDate | FeelTime | FeelDateTime | FeelDuration;

/** A value inside an evaluation: JSON plus FEEL's temporal values and ranges. */
export type Feel = null | boolean | number | string | readonly Feel[] | FeelContext | FeelTemporal | FeelRange;

/** Names of the FEEL types as `instance of` and `typeRef` spell them. */
export function typeOf(value: Feel): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'list';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelDuration) return value.yearsMonths ? 'years and months duration' : 'days and time duration';
  return value instanceof FeelRange ? 'range' : 'context';
}

export const isTemporal = (value: Feel): value is FeelTemporal =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime || value instanceof FeelDuration;

const TEMPORAL_MEMBERS = new Set([
  'year',
  'month',
  'day',
  'weekday',
  'hour',
  'minute',
  'second',
  'timezone',
  'time offset',
  'years',
  'months',
  'days',
  'hours',
  'minutes',
  'seconds',
]);
const RANGE_MEMBERS = new Set(['start', 'end', 'start included', 'end included']);

/** A named property of a date, time, duration or range (DMN 1.3, table 65), or undefined. */
export function propertyOf(value: FeelTemporal | FeelRange, name: string): Feel | undefined {
  if (!(value instanceof FeelRange ? RANGE_MEMBERS : TEMPORAL_MEMBERS).has(name)) return undefined;
  return (value as unknown as FeelContext)[name];
}

export const isList = (value: Feel): value is readonly Feel[] => Array.isArray(value);

export const isContext = (value: Feel): value is FeelContext => typeOf(value) === 'context';

/** A value in a message: its type and, when short, itself. */
export function describe(value: Feel): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return `the string "${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  if (isList(value)) return `a list of ${value.length}`;
  return isTemporal(value) ? `the ${typeOf(value)} ${value.toString()}` : `a ${typeOf(value)}`;
}

/**
 * The result as JSON: numbers finite, temporal values and durations as ISO 8601 text (a time in a named zone as the instant in UTC).
 * @param visit called once for each value inside, so that the caller can count: a small text can name a list within itself very often
 * @throws FeelFault for a range, which has no JSON form
 */
export function toJson(value: Feel, visit: () => void): Json {
  visit();
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return finite(value);
  if (isList(value)) return value.map((item) => toJson(item, visit));
  if (value instanceof FeelDateTime && value.zone?.includes('/')) {
    return value.unwrap().toZonedDateTime(value.zone).toInstant().toString();
  }
  if (isTemporal(value)) return value.toString();
  if (value instanceof FeelRange) throw new FeelFault('gives a range, which cannot be stored: compare with it using "in"');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member, visit)]));
}

/** @throws FeelFault for an infinite number or one that is none */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new FeelFault('gives a number that is too large or undefined');
  return value === 0 ? 0 : value;
}
