import { evaluate, FeelFunction } from 'feelin';
import { messageOf } from '../support/errors.ts';
import { FeelFault } from './evaluation-failed.ts';
import type { Feel } from './feel-values.ts';

/** A piece of feelin that takes the values of its parameters `p0, p1 ...`. */
export type Lambda = (values: readonly Feel[]) => Feel;

/**
 * Borrows feelin's own meaning of `body` (a built-in function, arithmetic of dates) over `parameters` values: parsed once, as a FEEL function,
 * then only called.
 * @throws FeelFault, from the lambda, for whatever feelin warns of or throws
 */
export function lambda(parameters: number, body: string): Lambda {
  const { value, warnings } = evaluate(
    `function(${Array.from({ length: parameters }, (_, index) => `p${index}`).join(', ')}) ${body}`,
  );
  if (!(value instanceof FeelFunction)) throw new FeelFault(`cannot be compiled: "${body}" is not known to the FEEL library`);
  return (values) => {
    warnings.length = 0;
    const result = invoke(value, values, body);
    const [warning] = warnings;
    if (warning) throw new FeelFault(`cannot be computed: ${warning.message}`);
    return result;
  };
}

/** The value of a literal: `"a \\"quoted\\" text"`, `@"2026-01-31"`. @throws FeelFault when it has none */
export function literal(text: string): Feel {
  const { value, warnings } = evaluate(text);
  if (value === null || warnings.length > 0) throw new FeelFault(`has ${text}, which is not a valid literal`);
  return value as Feel;
}

/** The text that a StringLiteral stands for. */
export function textOf(stringLiteral: string): string {
  const value = literal(stringLiteral);
  if (typeof value !== 'string') throw new FeelFault(`has ${stringLiteral} where a text is needed`);
  return value;
}

function invoke(implementation: FeelFunction, values: readonly Feel[], body: string): Feel {
  try {
    return (implementation.invoke([...values]) ?? null) as Feel;
  } catch (error) {
    throw new FeelFault(`cannot be computed: ${body} does not work with these values (${messageOf(error)})`);
  }
}
