import type { Json, JsonObject } from '../support/json.ts';
import { EvaluationFailed, FeelFault } from './evaluation-failed.ts';
import { compileExpression, compileUnaryTests } from './feel-compile.ts';
import type { Names } from './feel-inputs.ts';
import { BUDGET, type NameCollector, type Scope } from './feel-scope.ts';

/** A text that has been parsed once: what it names and how to run it. */
export interface Compiled<Run> {
  readonly names: Names;
  readonly run: Run;
}

/** How many texts are kept compiled; a deployment of many diagrams has a few hundred. */
const CACHE_SIZE = 5000;

/** The compiled expression. @throws FeelFault for a text that may not be deployed */
export const compiledExpression = cached(compileExpression);

/** The compiled cell of a decision table. @throws FeelFault for a text that may not be deployed */
export const compiledUnaryTests = cached(compileUnaryTests);

function cached<Run>(compile: (text: string, names: NameCollector) => Run): (text: string) => Compiled<Run> {
  const cache = new Map<string, Compiled<Run>>();
  return (text) => {
    const known = cache.get(text);
    if (known) return known;
    const required = new Map<string, readonly string[]>();
    const optional = new Set<string>();
    const run = compile(text, {
      required: (path) => void required.set(path.join('.'), path),
      optional: (name) => void optional.add(name),
    });
    const compiled = { names: { required: [...required.values()], optional: [...optional] }, run };
    // The oldest goes first: cheap, and an expression that is in use is soon back.
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
    cache.set(text, compiled);
    return compiled;
  };
}

/** A scope with its whole budget. JSON values are FEEL values as they are. */
export const scopeOf = (variables: JsonObject, now: Date, input: Json = null): Scope => ({
  variables,
  now,
  input,
  meter: { left: BUDGET },
});

/** Runs `work` and tells its FeelFault as the failure of `subject`, an expression or a decision. @throws EvaluationFailed */
export function failing<T>(subject: string, sentence: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FeelFault) throw new EvaluationFailed(`${sentence} ${error.message}.`, subject);
    throw error;
  }
}

/** `The expression "..."`, the beginning of a message about it. */
export const called = (text: string): string => `The expression "${text.length > 200 ? `${text.slice(0, 200)}...` : text}"`;
