import { writeFile } from 'node:fs/promises';
import { exchange, type Exchanged, type Outcome } from './interchange.ts';

// Lints and starts the diagrams of other tools and writes what became of them: npm run interchange -- <folder with .bpmn files>

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which folder? npm run interchange -- <folder with .bpmn files>');

const ids = 8;

/** Rule and elements, the rules in the order in which they were found. */
function told({ errors, warnings, started }: Outcome): string {
  const more = warnings > 0 ? ` (${warnings} about the drawing)` : '';
  if (errors.length === 0) return `accepted${more}; ${started.join('; ')}`;
  const rules = [...new Set(errors.map(({ rule }) => rule))];
  const elements = (rule: string): string => {
    const named = [
      ...new Set(errors.filter((error) => error.rule === rule).map(({ elementId }) => `\`${elementId ?? 'file'}\``)),
    ];
    return `${named.slice(0, ids).join(', ')}${named.length > ids ? ` and ${named.length - ids} more` : ''}`;
  };
  return `refused: ${rules.map((rule) => `[${rule}](lint/${rule}.md) at ${elements(rule)}`).join('; ')}${more}`;
}

function row({ file, asItIs, executable }: Exchanged): string {
  const marked = executable && (executable.errors.length === 0 ? told(executable) : 'refused by the other rules');
  return `| ${file} | ${told(asItIs)} | ${marked ?? 'it is'} |`;
}

const results = await exchange(folder);
const accepted = results.filter(({ asItIs, executable }) => (executable ?? asItIs).errors.length === 0).length;
const text = `# Diagrams of other tools

The reference models of the BPMN Model Interchange Working Group's test suite (github.com/bpmn-miwg/bpmn-miwg-test-suite, CC BY 3.0; not part of this
project), linted and started as they are. Most of them are drawings: no process in them is marked as executable. The last column says what becomes
of the same file when every process is. Each refusal names its elements; what to change is on the page of the rule.

Written by \`npm run interchange -- <folder>\`, which takes any folder with .bpmn files. Of ${results.length} files ${accepted} run when they are marked as executable.

| file | as it is | every process marked as executable |
|---|---|---|
${results.map(row).join('\n')}
`;
await writeFile(new URL('../../docs/interchange.md', import.meta.url), text);
console.log(`${results.length} files, ${accepted} of them run when they are marked as executable: docs/interchange.md`);
