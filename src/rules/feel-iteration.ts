import { FeelRange } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';
import { truth } from './feel-functions.ts';
import { bind, BUDGET, spend, withNames, type Code, type Compile, type Scope, type Surroundings } from './feel-scope.ts';
import { nameOf, part, type Syntax } from './feel-syntax.ts';
import { describe, isContext, isList, type Feel } from './feel-values.ts';

/** Numbers that a range in `for`, `some` and `every` may run through. */
export const MAX_RANGE = 1000;

type Loop = (scope: Scope) => Generator<Scope>;

/** `for x in xs, y in ys return ...` */
export function compileFor(node: Syntax, around: Surroundings, compile: Compile): Code {
  const { loop, body } = compileLoop(node, around, compile);
  return (scope) => {
    const results: Feel[] = [];
    for (const inner of loop(scope)) results.push(body(inner));
    return results;
  };
}

/** `some x in xs satisfies ...`, `every x in xs satisfies ...` */
export function compileQuantified(node: Syntax, around: Surroundings, compile: Compile): Code {
  const { loop, body } = compileLoop(node, around, compile);
  const wanted = part(node, 0).kind === 'some';
  return (scope) => {
    let unknown = false;
    for (const inner of loop(scope)) {
      const result = body(inner);
      if (result === null) unknown = true;
      else if (truth(result, `"${part(node, 0).kind}"`) === wanted) return wanted;
    }
    return unknown ? null : !wanted;
  };
}

function compileLoop(node: Syntax, around: Surroundings, compile: Compile): { loop: Loop; body: Code } {
  let inside = around;
  let loop: Loop = function* (scope) {
    yield scope;
  };
  const weight = 1 + size(part(node, -1));
  for (const clause of part(node, 1).parts) {
    const name = nameOf(part(clause, 0));
    loop = extended(loop, name, compileSource(part(clause, 2), inside, compile), weight);
    inside = bind(inside, name);
  }
  return { loop, body: compile(part(node, -1), inside) };
}

function extended(outer: Loop, name: string, source: (scope: Scope) => Iterable<Feel>, weight: number): Loop {
  return function* (scope) {
    for (const around of outer(scope)) {
      for (const item of source(around)) {
        spend(scope.meter, weight);
        yield withNames(around, { [name]: item });
      }
    }
  };
}

function compileSource(node: Syntax, around: Surroundings, compile: Compile): (scope: Scope) => Iterable<Feel> {
  const start = compile(part(node, 0), around);
  if (node.parts.length === 1) return (scope) => items(start(scope));
  const end = compile(part(node, 2), around);
  return (scope) => integers(start(scope), end(scope));
}

function items(value: Feel): Iterable<Feel> {
  if (isList(value)) return value;
  if (value instanceof FeelRange && value['start included'] && value['end included'])
    return integers(value.start as Feel, value.end as Feel);
  throw new FeelFault(`loops over ${describe(value)}: a loop needs a list or a range such as 1..10`);
}

function* integers(start: Feel, end: Feel): Generator<number> {
  if (typeof start !== 'number' || typeof end !== 'number' || !Number.isInteger(start) || !Number.isInteger(end)) {
    throw new FeelFault(`loops from ${describe(start)} to ${describe(end)}: both ends must be whole numbers`);
  }
  if (Math.abs(end - start) >= MAX_RANGE)
    throw new FeelFault(`loops from ${start} to ${end}: at most ${MAX_RANGE} numbers are allowed`);
  const step = start > end ? -1 : 1;
  for (let number = start; number !== end + step; number += step) yield number;
}

/** `list[3]`, `list[-1]`, `list[item.quantity > 3]`, `list[quantity > 3]` */
export function compileFilter(node: Syntax, around: Surroundings, compile: Compile): Code {
  const list = compile(part(node, 0), around);
  const filter = part(node, 2);
  const position = filter.kind === 'NumericLiteral' || filter.kind === 'ArithmeticExpression';
  const code = compile(filter, position ? around : { ...bind(around, 'item'), inFilter: true });
  const weight = 1 + size(filter);
  return (scope) => {
    const values = list(scope);
    if (!isList(values)) throw new FeelFault(`filters ${describe(values)} with [${filter.text}]: only a list can be filtered`);
    if (position) return itemAt(values, code(scope));
    spend(scope.meter, weight * values.length);
    const [first, ...others] = values;
    if (first === undefined) return [];
    const answer = code(itemScope(scope, first));
    if (typeof answer === 'number') return itemAt(values, answer);
    const kept = others.filter((item) => truth(code(itemScope(scope, item)), `[${filter.text}]`));
    return truth(answer, `[${filter.text}]`) ? [first, ...kept] : kept;
  };
}

/** In a filter the item and, when it is a context, its members have names; a member wins over a variable. */
const itemScope = (scope: Scope, item: Feel): Scope => withNames(scope, { item, ...(isContext(item) ? item : {}) });

function itemAt(values: readonly Feel[], position: Feel): Feel {
  const found = typeof position === 'number' && position !== 0 ? values.at(position > 0 ? position - 1 : position) : undefined;
  if (found === undefined)
    throw new FeelFault(
      `asks for item ${typeof position === 'number' ? position : describe(position)} of a list of ${values.length}: positions are 1 to count(list), or -1 for the last`,
    );
  return found;
}

/**
 * Refuses, before anything runs, literal ranges that are too long and loops inside one another whose literal ranges multiply to more than the
 * budget. What depends on variables is counted when it runs.
 */
export function checkLoops(node: Syntax, around = 1): void {
  let times = around;
  if (node.kind === 'InExpressions') return;
  if (node.kind === 'ForExpression' || node.kind === 'QuantifiedExpression') {
    for (const clause of part(node, 1).parts) {
      checkLoops(part(clause, 2), times);
      times *= literalLength(part(clause, 2));
      if (times > BUDGET)
        throw new FeelFault(`would run a loop more than ${BUDGET} times: use smaller ranges or fewer loops inside one another`);
    }
  }
  for (const child of node.parts) checkLoops(child, times);
}

function literalLength(source: Syntax): number {
  const interval = source.parts[0]?.kind === 'SimplePositiveUnaryTest' ? source.parts[0].parts[0] : undefined;
  const [start, end] = interval ? [interval.parts[1], interval.parts[3]] : [source.parts[0], source.parts[2]];
  if (start?.kind !== 'NumericLiteral' || end?.kind !== 'NumericLiteral') return 1;
  const length = Math.abs(Number(end.text.replace(/\s/g, '')) - Number(start.text.replace(/\s/g, ''))) + 1;
  if (length > MAX_RANGE)
    throw new FeelFault(`loops from ${start.text} to ${end.text}: at most ${MAX_RANGE} numbers are allowed`);
  return length;
}

const size = (node: Syntax): number => 1 + node.parts.reduce((sum, child) => sum + size(child), 0);
