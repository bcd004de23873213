import { date, toFeel } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';
import { lambda, textOf, type Lambda } from './feel-library.ts';
import { spend, spendOn, type Code, type Compile, type Meter, type Scope, type Surroundings } from './feel-scope.ts';
import { nameOf, part, type Syntax } from './feel-syntax.ts';
import { describe, finite, typeOf, type Feel } from './feel-values.ts';
import { nearestName } from './nearest-name.ts';
import { MAX_SUBJECT, regularExpressionFault } from './regular-expression.ts';

/** Functions of DMN 1.3, 10.3.4 that feelin implements. */
const LIBRARY = new Set(
  `number;string;date;date and time;time;duration;years and months duration;
   substring;string length;upper case;lower case;substring before;substring after;replace;contains;matches;starts with;ends with;split;string join;
   list contains;count;min;max;sum;mean;all;any;sublist;append;concatenate;insert before;remove;reverse;index of;union;distinct values;flatten;
   product;median;stddev;mode;decimal;floor;ceiling;abs;round up;round down;round half up;round half down;modulo;sqrt;log;exp;odd;even;
   is;before;after;meets;met by;overlaps;includes;day of year;day of week;month of year;week of year;
   get value;get entries;context;context merge;context put`
    .split(';')
    .map((name) => name.trim()),
);

/** Functions with a meaning of ours: the clock is an argument of the evaluation, and `not` is three-valued. */
const OWN: Readonly<Record<string, (values: readonly Feel[], scope: Scope) => Feel>> = {
  now: (_, scope) => toFeel(scope.now) as Feel,
  today: (_, scope) => date(scope.now.toISOString().slice(0, 10)),
  not: ([value]) => (value === null || value === undefined ? null : !truth(value, 'not()')),
};

/** Functions for which null is an answer; from any other it means that the arguments were wrong. */
const ANSWERS_NULL = new Set(['get value', 'all', 'any']);
const WITH_PATTERN = new Set(['matches', 'replace', 'split']);
/** Compare every item with every other when the items are not plain. */
const QUADRATIC = new Set(['union', 'distinct values']);

/** Compiles a call, `substring("abc", 2)` or `date("2026-01-31")`. @throws FeelFault for an unknown function */
export function compileCall(node: Syntax, around: Surroundings, compile: Compile): Code {
  const name = nameOf(part(node, 0));
  const parameters = part(node, 2);
  const named = parameters.kind === 'NamedParameters';
  const labels = named ? parameters.parts.map((parameter) => `${nameOf(part(parameter, 0))}: `) : [];
  const values = parameters.parts.map((parameter) => compile(named ? part(parameter, 1) : parameter, around));
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own) {
    if (named || values.length !== (name === 'not' ? 1 : 0))
      throw new FeelFault(`calls ${name}() with the wrong number of values`);
    return (scope) =>
      own(
        values.map((value) => value(scope)),
        scope,
      );
  }
  if (!LIBRARY.has(name)) throw unknownFunction(name);
  if (WITH_PATTERN.has(name)) checkPattern(name, parameters);
  const body = `${name}(${values.map((_, index) => `${labels[index] ?? ''}p${index}`).join(', ')})`;
  const compute = lambda(values.length, body);
  return (scope) =>
    call(
      name,
      compute,
      values.map((value) => value(scope)),
      scope.meter,
    );
}

function call(name: string, compute: Lambda, values: readonly Feel[], meter: Meter): Feel {
  const before = meter.left;
  for (const value of values) spendOn(meter, value);
  if (WITH_PATTERN.has(name)) limitSubject(name, values[0] ?? null, meter);
  if (QUADRATIC.has(name) && values.flat().some((item) => typeof item === 'object' && item !== null))
    spend(meter, (before - meter.left) ** 2);
  const result = compute(values);
  if (result === null && !ANSWERS_NULL.has(name)) {
    throw new FeelFault(
      `cannot compute ${name}() of ${values.map(describe).join(', ') || 'nothing'}: test for null and for empty lists first, and check the types`,
    );
  }
  spendOn(meter, result);
  return typeof result === 'number' ? finite(result) : result;
}

function checkPattern(name: string, parameters: Syntax): void {
  const pattern = parameters.parts[1];
  if (parameters.kind !== 'PositionalParameters' || pattern?.kind !== 'StringLiteral') {
    throw new FeelFault(
      `gives ${name}() a pattern that is not a plain string: write it as a literal, as in ${name}(text, "^[A-Z]+$")`,
    );
  }
  const text = textOf(pattern.text);
  const fault = regularExpressionFault(text);
  if (fault)
    throw new FeelFault(
      `gives ${name}() the pattern "${text}", which ${fault}: use contains(), starts with() or ends with(), or a simpler pattern`,
    );
}

function limitSubject(name: string, subject: Feel, meter: Meter): void {
  const length = typeof subject === 'string' ? subject.length : 0;
  if (length > MAX_SUBJECT)
    throw new FeelFault(`gives ${name}() a text of ${length} characters; at most ${MAX_SUBJECT} are allowed`);
  spend(meter, (length * length) >> 6);
}

function unknownFunction(name: string): FeelFault {
  const nearest = nearestName(name, [...LIBRARY, ...Object.keys(OWN)]);
  return new FeelFault(
    `calls the function "${name}", which does not exist or is not supported${nearest ? `; the nearest is "${nearest}"` : ''}`,
  );
}

/** @throws FeelFault unless `value` is true or false */
export function truth(value: Feel, where: string): boolean {
  if (typeof value === 'boolean') return value;
  const advice =
    value === null
      ? 'test for null first, as in "x != null and x > 3"'
      : `compare it with something; a ${typeOf(value)} is no condition`;
  throw new FeelFault(`needs true or false in ${where} but got ${describe(value)}: ${advice}`);
}
