import { evaluate } from 'feelin';
import type { Json, JsonObject } from '../../src/support/json.ts';
import type { Oracle } from '../../src/engine/index.ts';

/** Decisions of a test: plain functions of the variables. */
export type Decisions = Readonly<Record<string, (variables: JsonObject) => Json>>;

/** An oracle for engine tests: FEEL without the product's rules layer, so that the engine is tested on its own. A missing name is an error. */
export function testOracle(decisions: Decisions = {}): Oracle {
  return {
    evaluate(expression, variables) {
      const { value, warnings } = evaluate(expression, variables) as { value: unknown; warnings: readonly { message: string }[] };
      const [warning] = warnings;
      if (warning) throw new Error(warning.message);
      return { value: JSON.parse(JSON.stringify(value ?? null)) as Json, inputs: named(expression, variables) };
    },
    decide(decisionId, variables) {
      const decision = decisions[decisionId];
      if (!decision) throw new Error(`there is no decision ${decisionId}`);
      return { value: decision(variables), inputs: variables, matchedRules: [1] };
    },
  };
}

const named = (expression: string, variables: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => new RegExp(`\\b${name}\\b`).test(expression)));
