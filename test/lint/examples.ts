import type { LintRule } from '../../src/contract/lint-rules.ts';
import { bundleExamples } from './examples-bundle.ts';
import { diagramExamples } from './examples-diagram.ts';

/** Files that break one rule and no other: file name -> content. Those with `kept: false` are too large to keep. */
export interface Example {
  readonly files: Readonly<Record<string, string>>;
  readonly kept?: false;
}

/** What every example is deployed with: a declaration of its variables and of its job type. */
export const context: Readonly<Record<string, string>> = {
  'example.variables.schema.json': `${JSON.stringify({ type: 'object', properties: { total: { type: 'number' }, lines: { type: 'array', items: {} } } }, null, 2)}\n`,
  'example.job.schema.json': `${JSON.stringify({ type: 'example', output: { type: 'object', properties: {} }, errors: [] }, null, 2)}\n`,
};

/** At least one example of each rule. */
export const examples: Readonly<Record<LintRule, Example>> = { ...diagramExamples, ...bundleExamples };
