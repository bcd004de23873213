import { FeelFault } from './evaluation-failed.ts';
import type { Syntax } from './feel-syntax.ts';
import { isContext, isList, type Feel, type FeelContext } from './feel-values.ts';

/** Operations (list elements visited, list members and 64 characters of text produced, each times the size of the body) of one evaluation. */
export const BUDGET = 100_000;

/** What is left of an evaluation's operations. */
export interface Meter {
  left: number;
}

/** What a compiled expression sees when it runs. */
export interface Scope {
  /** Process variables that the expression names, and its own names (`for x`, context entries, a filtered item's members) over them. */
  readonly variables: FeelContext;
  /** The answer to now(). */
  readonly now: Date;
  /** The value of `?`: a decision table's input. */
  readonly input: Feel;
  readonly meter: Meter;
}

/** A compiled expression. Throws FeelFault. */
export type Code = (scope: Scope) => Feel;

/** Counts work before it is done. @throws FeelFault when the evaluation has used its operations */
export function spend(meter: Meter, operations: number): void {
  meter.left -= operations;
  if (meter.left < 0) {
    throw new FeelFault(`needs more than ${BUDGET} operations: use shorter lists, or fewer loops inside one another`);
  }
}

/** Counts going through all of a value: each member and item, text by 64 characters. @throws FeelFault like spend() */
export function spendOn(meter: Meter, value: Feel): void {
  spend(meter, typeof value === 'string' ? 1 + (value.length >> 6) : 1);
  if (isList(value)) for (const item of value) spendOn(meter, item);
  else if (isContext(value)) for (const member of Object.values(value)) spendOn(meter, member);
}

export const withNames = (scope: Scope, names: FeelContext): Scope => ({ ...scope, variables: { ...scope.variables, ...names } });

/** Compiles a node; handed to the forms, which live in several files. */
export type Compile = (node: Syntax, around: Surroundings) => Code;

/** What a compiler of one kind of node needs beside the node. */
export interface Surroundings {
  /** Names bound by the expression itself around this node. */
  readonly locals: ReadonlySet<string>;
  /** Inside `list[...]` a bare name may be a member of the item, so it need not be a variable. */
  readonly inFilter: boolean;
  /** Whether `?` has a value here. */
  readonly hasInput: boolean;
  /** Receives the paths of variables that the expression names. */
  readonly names: NameCollector;
}

export interface NameCollector {
  /** Must exist when the expression is evaluated. */
  readonly required: (path: readonly string[]) => void;
  /** May exist: a bare name inside a filter. */
  readonly optional: (name: string) => void;
}

export const bind = (around: Surroundings, ...names: readonly string[]): Surroundings => ({
  ...around,
  locals: new Set([...around.locals, ...names]),
});
