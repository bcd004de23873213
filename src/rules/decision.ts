import type { Json, JsonObject } from '../support/json.ts';
import type { Decision, DecisionModel, DecisionTable, InputColumn, OutputColumn, Rule } from './decision-model.ts';
import { fits } from './decision-model.ts';
import { EvaluationFailed, FeelFault } from './evaluation-failed.ts';
import { compiledExpression, compiledUnaryTests, failing, scopeOf } from './feel-cache.ts';
import { pickInputs, type Names } from './feel-inputs.ts';
import { spend, type Scope } from './feel-scope.ts';
import { describe, toJson, typeOf, type Feel } from './feel-values.ts';
import { nearestName } from './nearest-name.ts';

export interface DecisionResult {
  /** One output: its value. Several: an object with a member for each. */
  readonly value: Json;
  /** The variables that the decision names. */
  readonly inputs: JsonObject;
  /** Numbers (from 1) of the rules that matched; empty for a literal expression and when the default outputs were taken. */
  readonly matchedRules: readonly number[];
}

/**
 * Result of a decision. Stricter than DMN where a mistake would pass as null: no matching rule (without default outputs), two matching rules of
 * a UNIQUE table, an input or output of the wrong type or outside the allowed values are failures that name the table and what it was given.
 * @param now the answer to now() and today(), in UTC
 * @throws EvaluationFailed
 */
export function evaluateDecision(model: DecisionModel, decisionId: string, variables: JsonObject, now: Date): DecisionResult {
  const decision = model.decisions.find(({ id }) => id === decisionId);
  if (!decision) throw unknownDecision(decisionId, model.decisionIds);
  return failing(decisionId, `The decision "${decisionId}"`, () => {
    const inputs = pickInputs(namesOfDecision(decision), variables);
    const scope = scopeOf(inputs, now);
    const { logic } = decision;
    const [value, matchedRules] = logic.kind === 'table' ? decide(logic, scope) : [compiledExpression(logic.text).run(scope), []];
    return { value: toJson(value, () => spend(scope.meter, 1)), inputs, matchedRules };
  });
}

export function unknownDecision(decisionId: string, known: readonly string[]): EvaluationFailed {
  const nearest = nearestName(decisionId, known);
  const hint = nearest ? `The nearest is "${nearest}".` : `Deployed are: ${known.join(', ') || 'none'}.`;
  return new EvaluationFailed(
    `There is no decision "${decisionId}". ${hint} Correct the id, or deploy the decision with the diagram.`,
    decisionId,
  );
}

const namesByDecision = new WeakMap<Decision, readonly Names[]>();

/** The variables that all cells of a decision name. @throws FeelFault for a text that may not be deployed */
function namesOfDecision(decision: Decision): readonly Names[] {
  const known = namesByDecision.get(decision);
  if (known) return known;
  const { expressions, tests } = textsOf(decision);
  const names = [
    ...expressions.map((text) => compiledExpression(text).names),
    ...tests.map((text) => compiledUnaryTests(text).names),
  ];
  const found = names.filter(({ required, optional }) => required.length + optional.length > 0);
  namesByDecision.set(decision, found);
  return found;
}

function textsOf({ logic }: Decision): { expressions: string[]; tests: string[] } {
  if (logic.kind === 'expression') return { expressions: [logic.text], tests: [] };
  const { inputs, outputs, rules } = logic;
  const conclusions = rules.flatMap(({ conclusions }) => conclusions).filter((text) => text !== null);
  return {
    expressions: [
      ...inputs.map(({ expression }) => expression),
      ...conclusions,
      ...outputs.flatMap(({ otherwise }) => otherwise ?? []),
    ],
    tests: [...rules.flatMap(({ tests }) => tests), ...[...inputs, ...outputs].flatMap(({ allowed }) => allowed ?? [])],
  };
}

function decide(table: DecisionTable, scope: Scope): [value: Feel, matchedRules: number[]] {
  const values = table.inputs.map((column) => inputValue(column, scope));
  const matching: Rule[] = [];
  for (const rule of table.rules) {
    if (!satisfies(rule, table, values, scope)) continue;
    matching.push(rule);
    if (table.hitPolicy === 'FIRST') break;
  }
  const [rule, ...others] = matching;
  if (others.length > 0) {
    const numbers = matching.map(({ number }) => number).join(' and ');
    throw new FeelFault(
      `matches rules ${numbers} for ${given(table, values)}, but its hit policy is UNIQUE: make the rules exclude each other`,
    );
  }
  if (!rule) return [outputsOf(table, (_, index) => otherwise(table, index, values, scope)), []];
  return [outputsOf(table, (column, index) => conclusion(column, rule, index, scope)), [rule.number]];
}

function inputValue(column: InputColumn, scope: Scope): Feel {
  const value = compiledExpression(column.expression).run(scope);
  if (!fits(typeOf(value), column.type))
    throw new FeelFault(`needs ${column.label} to be of type ${column.type}, but it is ${describe(value)}`);
  if (!isAllowed(column, value, scope))
    throw new FeelFault(`allows for ${column.label} only ${column.allowed}, but it is ${describe(value)}`);
  return value;
}

function satisfies(rule: Rule, table: DecisionTable, values: readonly Feel[], scope: Scope): boolean {
  return rule.tests.every((text, index) => {
    const value = values[index] ?? null;
    return at(rule, table.inputs[index]!.label, () => compiledUnaryTests(text).run(value, { ...scope, input: value }) === true);
  });
}

function outputsOf(table: DecisionTable, valueOf: (column: OutputColumn, index: number) => Feel): Feel {
  const [only, ...others] = table.outputs;
  if (only && others.length === 0) return valueOf(only, 0);
  return Object.fromEntries(table.outputs.map((column, index) => [column.name, valueOf(column, index)]));
}

function conclusion(column: OutputColumn, rule: Rule, index: number, scope: Scope): Feel {
  const text = rule.conclusions[index] ?? null;
  return at(rule, column.name || 'its output', () =>
    checked(column, text === null ? null : compiledExpression(text).run(scope), scope),
  );
}

function otherwise(table: DecisionTable, index: number, values: readonly Feel[], scope: Scope): Feel {
  if (table.outputs.every((column) => column.otherwise === undefined)) {
    throw new FeelFault(`has no rule that matches ${given(table, values)}: add a rule for it, or default outputs`);
  }
  const column = table.outputs[index]!;
  return checked(column, column.otherwise === undefined ? null : compiledExpression(column.otherwise).run(scope), scope);
}

/** @throws FeelFault when the value is of the wrong type or not among the allowed ones */
export function checked(column: OutputColumn, value: Feel, scope: Scope): Feel {
  if (!fits(typeOf(value), column.type)) throw new FeelFault(`gives ${describe(value)}, which is not of type ${column.type}`);
  if (!isAllowed(column, value, scope))
    throw new FeelFault(`gives ${describe(value)}, which is not among the allowed values ${column.allowed}`);
  return value;
}

const isAllowed = ({ allowed }: { readonly allowed?: string }, value: Feel, scope: Scope): boolean =>
  allowed === undefined || value === null || compiledUnaryTests(allowed).run(value, { ...scope, input: value }) === true;

function at<T>(rule: Rule, column: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FeelFault) throw new FeelFault(`fails in rule ${rule.number}, column ${column}: it ${error.message}`);
    throw error;
  }
}

const given = (table: DecisionTable, values: readonly Feel[]): string =>
  table.inputs.map(({ label }, index) => `${label} = ${JSON.stringify(toText(values[index] ?? null))}`).join(', ');

const toText = (value: Feel): Json => (typeof value === 'object' && value !== null ? describe(value) : value);
