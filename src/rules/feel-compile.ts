import { FeelRange } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';
import { compileCall, truth } from './feel-functions.ts';
import { checkLoops, compileFilter, compileFor, compileQuantified } from './feel-iteration.ts';
import { literal, textOf } from './feel-library.ts';
import { and, arithmetic, compare, equals, type Ordering } from './feel-operators.ts';
import {
  bind,
  spend,
  withNames,
  BUDGET,
  type Code,
  type Compile,
  type Meter,
  type NameCollector,
  type Surroundings,
} from './feel-scope.ts';
import { nameOf, parse, part, type Notation, type Syntax } from './feel-syntax.ts';
import { compileAny, compileRange, compileTests, type Test } from './feel-tests.ts';
import { describe, finite, isContext, isList, isTemporal, propertyOf, typeOf, type Feel } from './feel-values.ts';
import { missingName } from './nearest-name.ts';

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that reach what JavaScript objects inherit. */
function refuseReserved(name: string): void {
  if (RESERVED.has(name)) throw new FeelFault(`names "${name}", which is reserved`);
}

/** Compiles an expression to a function; `names` hears of every variable that it names. @throws FeelFault for what is not FEEL or not allowed */
export function compileExpression(text: string, names: NameCollector): Code {
  return compile(parseChecked(text, 'expression'), { locals: new Set(), inFilter: false, hasInput: false, names });
}

/** Compiles the cell of a decision table. @throws FeelFault for what is not FEEL or not allowed */
export function compileUnaryTests(text: string, names: NameCollector): Test {
  return compileTests(parseChecked(text, 'unary tests'), { locals: new Set(), inFilter: false, hasInput: true, names }, compile);
}

function parseChecked(text: string, notation: Notation): Syntax {
  const syntax = parse(text, notation);
  checkLoops(syntax);
  return syntax;
}

type Form = (node: Syntax, around: Surroundings, compile: Compile) => Code;

function compile(node: Syntax, around: Surroundings): Code {
  const form = FORMS[node.kind];
  if (!form) throw new FeelFault(`uses "${node.text.slice(0, 40)}" (${node.kind}), which is not supported here`);
  return form(node, around, compile);
}

const constant =
  (value: Feel): Code =>
  () =>
    value;

const compileInner: Form = (node, around) => compile(part(node, node.kind === 'ParenthesizedExpression' ? 1 : 0), around);

/** One form for each rule of the FEEL grammar; what is missing (function definitions above all) is refused at deployment. */
const FORMS: Readonly<Record<string, Form>> = {
  Expression: compileInner,
  ParenthesizedExpression: compileInner,
  null: () => constant(null),
  BooleanLiteral: (node) => constant(node.text === 'true'),
  NumericLiteral: (node) => constant(finite(Number(node.text.replace(/\s/g, '')))),
  StringLiteral: (node) => constant(literal(node.text)),
  '?': (_, around) => {
    if (!around.hasInput) throw new FeelFault('uses "?", which has a value only in the cells of a decision table');
    return (scope) => scope.input;
  },
  VariableName: compileVariable,
  PathExpression: compilePath,
  List: (node, around) => {
    const items = node.parts.slice(1, -1).map((item) => compile(item, around));
    return (scope) => items.map((item) => item(scope));
  },
  Context: compileContext,
  FunctionInvocation: compileCall,
  DateTimeLiteral: (node, around) => {
    if (part(node, 0).kind === 'AtLiteral') return constant(literal(node.text));
    const code = compileCall(node, around, compile);
    // A constant date is computed now, so that a wrong one is refused at deployment.
    const isConstant = part(node, 2).parts.every(({ kind }) => kind === 'StringLiteral' || kind === 'NumericLiteral');
    return isConstant ? constant(code({ variables: {}, now: new Date(0), input: null, meter: { left: BUDGET } })) : code;
  },
  Interval: compileRange,
  SimplePositiveUnaryTest: compileRange,
  ArithmeticExpression: compileArithmetic,
  Comparison: compileComparison,
  Conjunction: (node, around) => compileLogic(node, around, false),
  Disjunction: (node, around) => compileLogic(node, around, true),
  IfExpression: (node, around) => {
    const [condition, yes, no] = [1, 3, 5].map((index) => compile(part(node, index), around)) as [Code, Code, Code];
    return (scope) => (truth(condition(scope), '"if"') ? yes(scope) : no(scope));
  },
  InstanceOfExpression: compileInstanceOf,
  ForExpression: compileFor,
  QuantifiedExpression: compileQuantified,
  FilterExpression: compileFilter,
};

function compileVariable(node: Syntax, around: Surroundings): Code {
  return variable(nameOf(node), [], around);
}

function variable(name: string, members: readonly string[], around: Surroundings): Code {
  refuseReserved(name);
  if (name.startsWith('not ')) throw new FeelFault(`has "${name}": negation is a function, as in not(${name.slice(4)})`);
  if (!around.locals.has(name)) {
    if (around.inFilter) around.names.optional(name);
    else around.names.required([name, ...members]);
  }
  return ({ variables }) => {
    if (!Object.hasOwn(variables, name)) missingName(name, Object.keys(variables));
    return variables[name]!;
  };
}

/** `sale.customer.tier`: the whole path is one name for the collector, so that only this member is read and recorded. */
function compilePath(node: Syntax, around: Surroundings): Code {
  const members: string[] = [];
  let root = node;
  for (; root.kind === 'PathExpression'; root = part(root, 0)) members.unshift(nameOf(part(root, 2)));
  members.forEach(refuseReserved);
  const start = root.kind === 'VariableName' ? variable(nameOf(root), members, around) : compile(root, around);
  return (scope) => {
    let value = start(scope);
    let path = root.text;
    for (const member of members) {
      value = memberOf(value, member, path, scope.meter);
      path += `.${member}`;
    }
    return value;
  };
}

function memberOf(value: Feel, member: string, path: string, meter: Meter): Feel {
  spend(meter, 1);
  if (isList(value)) return value.map((item) => memberOf(item, member, path, meter));
  if (isContext(value))
    return Object.hasOwn(value, member) ? value[member]! : missingName(`${path}.${member}`, Object.keys(value), path);
  if (value === null)
    throw new FeelFault(`reads ${path}.${member}, but ${path} is null: test it first, as in "${path} != null and ..."`);
  const found = isTemporal(value) || value instanceof FeelRange ? propertyOf(value, member) : undefined;
  if (found === undefined)
    throw new FeelFault(`reads ${path}.${member}, but ${path} is ${describe(value)}, which has no such member`);
  return found;
}

function compileContext(node: Syntax, around: Surroundings): Code {
  let inside = around;
  const entries: [string, Code][] = [];
  for (const entry of node.parts.slice(1, -1)) {
    const key = part(part(entry, 0), 0);
    const name = key.kind === 'StringLiteral' ? textOf(key.text) : nameOf(key);
    refuseReserved(name);
    entries.push([name, compile(part(entry, 1), inside)]);
    inside = bind(inside, name);
  }
  return (scope) => {
    const result: Record<string, Feel> = {};
    for (const [name, code] of entries) result[name] = code(withNames(scope, result));
    return result;
  };
}

function compileArithmetic(node: Syntax, around: Surroundings): Code {
  if (node.parts.length === 2) {
    const value = compile(part(node, 1), around);
    return (scope) => arithmetic(value(scope), '*', -1, scope.meter);
  }
  const [left, right] = [compile(part(node, 0), around), compile(part(node, 2), around)];
  const operator = part(node, 1).text;
  return (scope) => arithmetic(left(scope), operator, right(scope), scope.meter);
}

function compileComparison(node: Syntax, around: Surroundings): Code {
  const left = compile(part(node, 0), around);
  const operator = part(node, 1);
  if (operator.kind === 'in') {
    const bracketed = part(node, 2).kind === '(';
    if (!bracketed) refuseLogicIn(node);
    const tests = compileAny(part(node, bracketed ? 3 : 2), around, compile);
    return (scope) => tests(left(scope), scope);
  }
  const right = compile(part(node, 2), around);
  if (operator.kind === 'between') {
    const end = compile(part(node, 4), around);
    return (scope) => {
      const value = left(scope);
      return and(compare(value, '>=', right(scope)), compare(value, '<=', end(scope)));
    };
  }
  if (operator.text === '=') return (scope) => equals(left(scope), right(scope), scope.meter);
  if (operator.text === '!=') return (scope) => !equals(left(scope), right(scope), scope.meter);
  return (scope) => compare(left(scope), operator.text as Ordering, right(scope));
}

/** The FEEL grammar reads `x in [1..5] and y` as `x in ([1..5] and y)`, which nobody means. */
function refuseLogicIn(node: Syntax): void {
  const test = part(part(node, 2), 0);
  const greedy = [test, ...test.parts].some(
    ({ kind }) => kind === 'Conjunction' || kind === 'Disjunction' || kind === 'Comparison',
  );
  if (greedy)
    throw new FeelFault(
      `is ambiguous at "${node.text.slice(0, 60)}": put what belongs to "in" in brackets, as in "(x in [1..5]) and y = 2"`,
    );
}

/** `and` (decided by the first false) and `or` (decided by the first true); the second operand is not looked at once the first decides. */
function compileLogic(node: Syntax, around: Surroundings, decisive: boolean): Code {
  const [left, right] = [compile(part(node, 0), around), compile(part(node, 2), around)];
  const word = part(node, 1).text;
  const operand = (value: Feel): boolean | null => (value === null ? null : truth(value, `"${word}"`));
  return (scope) => {
    const first = operand(left(scope));
    if (first === decisive) return decisive;
    const second = operand(right(scope));
    if (second === decisive) return decisive;
    return first === null || second === null ? null : !decisive;
  };
}

const TYPES = new Set(
  'number,string,boolean,date,time,date and time,days and time duration,years and months duration,list,context,range'.split(','),
);

function compileInstanceOf(node: Syntax, around: Surroundings): Code {
  const value = compile(part(node, 0), around);
  const type = nameOf(part(node, -1));
  if (!TYPES.has(type)) throw new FeelFault(`asks for instances of "${type}": known types are ${[...TYPES].join(', ')}`);
  return (scope) => typeOf(value(scope)) === type;
}
