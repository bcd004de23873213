import type { Json, JsonObject } from '../support/json.ts';
import { FeelFault } from './evaluation-failed.ts';
import { called, compiledExpression, compiledUnaryTests, failing, scopeOf } from './feel-cache.ts';
import { pickInputs, type Names } from './feel-inputs.ts';
import { spend } from './feel-scope.ts';
import type { Notation } from './feel-syntax.ts';
import { toJson } from './feel-values.ts';

export interface Evaluation {
  /** JSON; dates, times and durations as ISO 8601 text. Null is a value: whoever needs a condition must refuse all but true and false. */
  readonly value: Json;
  /** The variables that the expression names, and nothing else of `variables`: evaluating over `inputs` gives the same value. */
  readonly inputs: JsonObject;
}

/**
 * Value of a FEEL expression (without the leading `=`) over process variables. Strict where FEEL would give a silent null: a missing name, a
 * comparison of different types, arithmetic with null, a function that cannot work with its arguments. As in FEEL, null equals only null,
 * ordering anything with null gives null, and `and`/`or` are three-valued; they and `if` look only at what they need, so that
 * `x != null and x.tier = "GOLD"` is a safe guard.
 *
 * @param now the answer to now() and today(), in UTC
 * @throws EvaluationFailed
 */
export function evaluateExpression(text: string, variables: JsonObject, now: Date): Evaluation {
  return failing(text, called(text), () => {
    const { names, run } = compiledExpression(text);
    const inputs = pickInputs([names], variables);
    const scope = scopeOf(inputs, now);
    return { value: toJson(run(scope), () => spend(scope.meter, 1)), inputs };
  });
}

/**
 * Whether `value` satisfies unary tests, the cell of a decision table: `> 3`, `"A","B"`, `[1..10)`, `not(...)`, `-`, or an expression in
 * which `?` is the value. A test that cannot be answered because `value` is null is not satisfied.
 * @throws EvaluationFailed
 */
export function evaluateUnaryTests(text: string, value: Json, variables: JsonObject, now: Date): boolean {
  return failing(text, called(text), () => {
    const { names, run } = compiledUnaryTests(text);
    return run(value, scopeOf(pickInputs([names], variables), now, value)) === true;
  });
}

/** What is wrong with an expression, as the end of a sentence that begins with where it stands; null when it may be deployed. */
export const checkExpression = (text: string): string | null => faultOf(() => compiledExpression(text));

/** The same for the cell of a decision table. */
export const checkUnaryTests = (text: string): string | null => faultOf(() => compiledUnaryTests(text));

/** The variables that a text names. @throws EvaluationFailed for a text that may not be deployed */
export const namesOf = (text: string, notation: Notation = 'expression'): Names =>
  failing(text, called(text), () => (notation === 'expression' ? compiledExpression(text) : compiledUnaryTests(text)).names);

function faultOf(compile: () => unknown): string | null {
  try {
    compile();
    return null;
  } catch (error) {
    if (error instanceof FeelFault) return error.message;
    throw error;
  }
}
