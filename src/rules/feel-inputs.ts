import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { missingName } from './nearest-name.ts';

/** The variables that an expression names. */
export interface Names {
  /** Dotted paths, as lists of their names, that must exist. */
  readonly required: readonly (readonly string[])[];
  /** Bare names inside a list filter: members of the items, or else variables. */
  readonly optional: readonly string[];
}

type Draft = { [name: string]: Json | Draft };

/**
 * The part of `variables` that the expressions name, in the same shape: for `sale.totalMinor > 5` only `{ sale: { totalMinor } }`. A path
 * through null or a list takes that value whole.
 * @throws FeelFault for a name that does not exist
 */
export function pickInputs(expressions: readonly Names[], variables: JsonObject): JsonObject {
  const inputs: Draft = {};
  // Longer paths first, so that a whole object replaces those of its members that were taken before.
  const paths = expressions.flatMap(({ required }) => required).sort((a, b) => b.length - a.length);
  for (const path of paths) pick(path, variables, inputs);
  for (const name of expressions.flatMap(({ optional }) => optional)) {
    if (Object.hasOwn(variables, name)) inputs[name] = variables[name]!;
  }
  return inputs;
}

function pick(path: readonly string[], variables: JsonObject, inputs: Draft): void {
  let [from, to] = [variables, inputs];
  for (const [index, name] of path.entries()) {
    if (!Object.hasOwn(from, name)) {
      const parent = path.slice(0, index).join('.');
      missingName(path.slice(0, index + 1).join('.'), Object.keys(from), parent || undefined);
    }
    const value = from[name]!;
    if (index === path.length - 1 || !isJsonObject(value)) {
      to[name] = value;
      return;
    }
    const inner = (Object.hasOwn(to, name) ? to[name] : {}) as Draft;
    to[name] = inner;
    [from, to] = [value, inner];
  }
}
