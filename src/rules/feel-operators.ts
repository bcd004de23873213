import { FeelRange } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';
import { lambda, type Lambda } from './feel-library.ts';
import { spend, type Meter } from './feel-scope.ts';
import { describe, finite, isContext, isList, isTemporal, typeOf, type Feel } from './feel-values.ts';

export type Ordering = '<' | '<=' | '>' | '>=';

/** Dates, times and durations are feelin's: their comparison and arithmetic too. */
const temporal = new Map<string, Lambda>(
  ['=', '<', '<=', '>', '>=', '+', '-'].map((operator) => [operator, lambda(2, `p0 ${operator} p1`)]),
);

/**
 * FEEL equality (DMN 1.3, 10.3.2.9): null equals only null; lists and contexts member by member.
 * @throws FeelFault for two different types, which would never be equal and is a mistake of the author
 */
export function equals(a: Feel, b: Feel, meter: Meter): boolean {
  if (a === null || b === null) return a === b;
  if (typeOf(a) !== typeOf(b)) throw differentTypes(a, b);
  return same(a, b, meter);
}

function same(a: Feel, b: Feel, meter: Meter): boolean {
  spend(meter, 1);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (typeOf(a) !== typeOf(b)) return false;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => same(item, b[index] ?? null, meter));
  if (isContext(a) && isContext(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name]!, b[name]!, meter))
    );
  }
  return temporal.get('=')!([a, b]) === true;
}

/**
 * FEEL ordering of numbers, strings and temporal values; null when either side is null.
 * @throws FeelFault for two different types or a type without an order
 */
export function compare(a: Feel, operator: Ordering, b: Feel): boolean | null {
  if (a === null || b === null) return null;
  if (typeOf(a) !== typeOf(b)) throw differentTypes(a, b);
  if (typeof a === 'number' || typeof a === 'string') return ordered(a, operator, b as typeof a);
  if (!isTemporal(a))
    throw new FeelFault(
      `compares ${describe(a)} with ${operator}: only numbers, strings, dates, times and durations have an order`,
    );
  const result = temporal.get(operator)!([a, b]);
  return typeof result === 'boolean' ? result : null;
}

function ordered<T extends number | string>(a: T, operator: Ordering, b: T): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

/** Whether `value` lies between two ends; an open end (null) is no limit. */
export function within(value: Feel, range: FeelRange): boolean | null {
  const { start, end } = range as { start: Feel; end: Feel };
  const afterStart = start === null ? true : compare(value, range['start included'] ? '>=' : '>', start);
  const beforeEnd = end === null ? true : compare(value, range['end included'] ? '<=' : '<', end);
  return and(afterStart, beforeEnd);
}

/** FEEL's three-valued conjunction. */
export const and = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true;

/** The ends of a literal range. @throws FeelFault when they are backwards or not of one type with an order */
export function rangeOf(start: Feel, startIncluded: boolean, end: Feel, endIncluded: boolean): FeelRange {
  if (start === null || end === null) throw new FeelFault('has a range with an end that is null: give both ends a value');
  if (compare(start, '>', end) === true)
    throw new FeelFault(`has a range that runs backwards, from ${describe(start)} to ${describe(end)}: swap its ends`);
  return new FeelRange({ start, end, 'start included': startIncluded, 'end included': endIncluded, valueType: null });
}

/** `+ - * / **`. @throws FeelFault for null, for types that do not go together and for a division by zero */
export function arithmetic(a: Feel, operator: string, b: Feel, meter: Meter): Feel {
  if (typeof a === 'number' && typeof b === 'number') return finite(calculate(a, operator, b));
  if (typeof a === 'string' && typeof b === 'string' && operator === '+') {
    spend(meter, (a.length + b.length) >> 6);
    return a + b;
  }
  const result = (isTemporal(a) || isTemporal(b)) && a !== null && b !== null ? (temporal.get(operator)?.([a, b]) ?? null) : null;
  if (result === null)
    throw new FeelFault(`cannot calculate ${describe(a)} ${operator} ${describe(b)}: the types do not go together`);
  return result;
}

function calculate(a: number, operator: string, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (operator !== '/') return a ** b;
  if (b === 0) throw new FeelFault('divides by zero: test the divisor first, as in "if b = 0 then ... else a / b"');
  return a / b;
}

function differentTypes(a: Feel, b: Feel): FeelFault {
  const hint =
    isTemporal(a) !== isTemporal(b)
      ? ': a variable holds a date as text, so convert it with date(), date and time() or duration()'
      : '';
  return new FeelFault(`compares ${describe(a)} with ${describe(b)}, which are of different types${hint}`);
}
