import { lintRules, type LintRule } from '../contract/lint-rules.ts';
import { escape, paragraph } from './problems-page.ts';

const rules = (Object.keys(lintRules) as LintRule[]).sort().map((rule) => ({ rule, ...lintRules[rule] }));

const introduction =
  'What is looked at before diagrams, decision tables and schemas are deployed. An error refuses the whole deployment; a warning is told and lets it pass. ' +
  'Each finding names the file, the element, and one of these rules.';

const severities = { error: 'Refuses the deployment.', warning: 'A warning: the deployment passes.' };

/** The page that `help` of every finding points to; the name of the rule is the fragment. */
export function lintHtml(): string {
  const sections = rules.map(
    ({ rule, severity, why, fix }) =>
      `<section id="${rule}"><h2>${rule}</h2><p><b>${severities[severity]}</b> ${paragraph(why)}</p><p>${paragraph(fix)}</p></section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lint rules</title><h1>Lint rules</h1><p>${escape(introduction)}</p>${sections.join('\n')}</html>`;
}

/** Names of example files by the rule that they break, which is the name without its ending. */
export function examplesByRule(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(rules.map(({ rule }) => [rule, files.filter((file) => file.replace(/\..*/, '') === rule).sort()]));
}

/** docs/lint by file name; `examples` are the names of the files under docs/lint/examples that break a rule, by rule. */
export function lintMarkdown(examples: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const pages = rules.map(({ rule, severity, why, fix }): [string, string] => {
    const files = (examples.get(rule) ?? []).map((file) => `[${file}](examples/${file})`);
    const example =
      files.length > 0
        ? `\`orderflow lint\` refuses ${files.join(' and ')} by this rule.`
        : 'The file that breaks this rule is made by its test (`test/lint/examples.ts`): it would be too large to keep.';
    return [
      `${rule}.md`,
      `# ${rule}\n\n**${severities[severity]}** ${why}\n\n## What to do\n\n${fix}\n\n## Example\n\n${severity === 'warning' ? example.replace('refuses', 'warns of') : example}\n`,
    ];
  });
  const list = rules.map(({ rule, severity, why }) => `| [${rule}](${rule}.md) | ${severity} | ${firstSentence(why)} |`);
  const index = `# Lint rules\n\n${introduction} \`orderflow lint <files or folder>\` and \`POST /v1/definitions/lint\` tell without deploying.\n\n| rule | | |\n|---|---|---|\n${list.join('\n')}\n`;
  return new Map([...pages, ['README.md', index]]);
}

const firstSentence = (text: string): string => text.replace(/[.:;] .*/s, '.');
