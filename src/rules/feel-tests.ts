import { FeelRange } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';
import { truth } from './feel-functions.ts';
import { compare, equals, rangeOf, within, type Ordering } from './feel-operators.ts';
import type { Code, Compile, Scope, Surroundings } from './feel-scope.ts';
import { contains, part, type Syntax } from './feel-syntax.ts';
import { isList, type Feel } from './feel-values.ts';

/** A compiled unary test: does `value` satisfy it? Null when that cannot be said, because `value` is null. */
export type Test = (value: Feel, scope: Scope) => boolean | null;

/** `UnaryTests`, the cell of a decision table: `-`, `not(...)` or tests of which one must hold. */
export function compileTests(node: Syntax, around: Surroundings, compile: Compile): Test {
  const first = part(node, 0);
  if (first.kind === 'Wildcard') return () => true;
  if (first.kind !== 'not') return compileAny(first, around, compile);
  const tests = compileAny(part(node, 2), around, compile);
  return (value, scope) => {
    const result = tests(value, scope);
    return result === null ? null : !result;
  };
}

/** One `PositiveUnaryTest`, or several of which one must hold. */
export function compileAny(node: Syntax, around: Surroundings, compile: Compile): Test {
  if (node.kind === 'PositiveUnaryTest') return compileTest(part(node, 0), around, compile);
  const tests = node.parts.map((each) => compileTest(part(each, 0), around, compile));
  return (value, scope) => any(tests, (test) => test(value, scope));
}

/** FEEL's three-valued disjunction over `items`. */
export function any<T>(items: readonly T[], holds: (item: T) => boolean | null): boolean | null {
  let unknown = false;
  for (const item of items) {
    const result = holds(item);
    if (result === true) return true;
    unknown ||= result === null;
  }
  return unknown ? null : false;
}

function compileTest(node: Syntax, around: Surroundings, compile: Compile): Test {
  if (node.kind === 'SimplePositiveUnaryTest' && part(node, 0).kind === 'CompareOp')
    return compileComparison(node, around, compile);
  const code = compile(node, around);
  if (contains(node, ({ kind }) => kind === '?')) return (_, scope) => nullable(code(scope));
  const literal = node.kind === 'BooleanLiteral';
  return (value, scope) => {
    const expected = code(scope);
    // A cell such as `customer.tier = "GOLD"` says itself whether it holds, unless the input is a boolean to be compared with.
    if (typeof expected === 'boolean' && !literal && typeof value !== 'boolean') return expected;
    return matches(value, expected, scope);
  };
}

function matches(value: Feel, expected: Feel, scope: Scope): boolean | null {
  if (expected instanceof FeelRange) return within(value, expected);
  if (isList(expected) && !isList(value)) return any(expected, (item) => matches(value, item, scope));
  return equals(value, expected, scope.meter);
}

function compileComparison(node: Syntax, around: Surroundings, compile: Compile): Test {
  const operator = part(node, 0).text;
  const code = compile(part(node, 1), around);
  if (operator === '=') return (value, scope) => equals(value, code(scope), scope.meter);
  if (operator === '!=') return (value, scope) => !equals(value, code(scope), scope.meter);
  return (value, scope) => compare(value, operator as Ordering, code(scope));
}

/** `[1..10)` and `> 5` as values. */
export function compileRange(node: Syntax, around: Surroundings, compile: Compile): Code {
  const interval = node.kind === 'Interval' ? node : part(node, 0);
  if (interval.kind !== 'Interval')
    throw new FeelFault(`has "${node.text}" where a value is needed: put what is compared before it`);
  const start = compile(part(interval, 1), around);
  const end = compile(part(interval, 3), around);
  const [startIncluded, endIncluded] = [part(interval, 0).text === '[', part(interval, 4).text === ']'];
  return (scope) => rangeOf(start(scope), startIncluded, end(scope), endIncluded);
}

const nullable = (value: Feel): boolean | null => (value === null ? null : truth(value, 'a cell with "?"'));
