import { z } from 'zod';
import type { Severity } from './lint-rule-text.ts';
import type { LintRule } from './lint-rules.ts';

/** What is wrong with a file: which element (null for the whole file), which rule it breaks, and a sentence for the analyst. */
export interface Finding {
  readonly elementId: string | null;
  readonly rule: LintRule;
  readonly message: string;
}

/** A finding as it is told outside. */
export const FileFinding = z
  .looseObject({
    file: z.string(),
    elementId: z.string().nullable().meta({ description: 'null: the file as a whole' }),
    rule: z.string().meta({ description: 'Name of a page in docs/lint' }),
    severity: z.enum(['error', 'warning']).meta({ description: 'A warning lets the deployment pass' }),
    message: z.string().meta({ description: 'What is wrong and what to change' }),
    help: z.string().meta({ format: 'uri-reference', description: 'Page about the rule, relative to the service' }),
  })
  .meta({ id: 'Finding' });

export type FileFinding = {
  readonly file: string;
  readonly elementId: string | null;
  readonly rule: LintRule;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string;
};
