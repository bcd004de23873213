import type { LintRuleText, Severity } from './lint-rule-text.ts';
import { bundleRules } from './lint-rules-bundle.ts';
import { diagramRules } from './lint-rules-diagram.ts';

/** Every rule that a file can break, by its name. `docs/lint` has a page for each, made of this and of a file that breaks it. */
export const lintRules = { ...diagramRules, ...bundleRules } as const satisfies Record<string, LintRuleText>;

export type LintRule = keyof typeof lintRules;
export type LayoutRule = Extract<LintRule, `layout-${string}`>;

export const severityOf = (rule: LintRule): Severity => lintRules[rule].severity;

/** Address of the page about the rules, relative to the service; the name of the rule is its fragment. */
export const lintPage = '/docs/lint';

export const lintPageOf = (rule: LintRule): string => `${lintPage}#${rule}`;
