/** The engine layer: diagrams are compiled, instances are advanced. Pure, browser-safe; it knows no database, queue or clock. */
export { advance } from './advance.ts';
export { advanceAgain } from './replay.ts';
export { compile, type CompiledProcess, type CompileOptions } from './compile.ts';
export { DefinitionRefused, NothingWaits, StateFormatUnknown, StepFailed } from './errors.ts';
export type { ExpressionUse } from './expressions.ts';
export { engineVersion, stateFormat } from './marking.ts';
export type * from './types.ts';
