/** The engine layer: diagrams are compiled, instances are advanced. Pure, browser-safe; it knows no database, queue or clock. */
export { advance } from './advance.ts';
export { catchesError } from './catches-error.ts';
export { advanceAgain } from './replay.ts';
export { compile, examine, type CompiledProcess, type CompileOptions, type Examined } from './compile.ts';
export { DefinitionRefused, NothingWaits, StateFormatUnknown, StepFailed } from './errors.ts';
export type { ExpressionUse } from './expressions.ts';
export { engineVersion, stateFormat } from './marking.ts';
export { catchUps, missedAfterMs, nextDue, dueTimer, type CatchUp } from './timers.ts';
export type * from './types.ts';
export { elementsBetween, elementsFrom, joinsAhead } from './ways.ts';
export { scopesAround, visibleVariables } from './scoped-variables.ts';
