import path from 'node:path';
import { auditBugs } from '../audit/seeded-bugs.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

export const paper = path.resolve(import.meta.dirname, '../../docs/reliability.md');

const begin = '<!-- seeded bugs: written by test/mutants/run.ts --write -->';
const end = '<!-- end of seeded bugs -->';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const whereOf = ({ edits }: Mutant): string => [...new Set(edits.map(({ file }) => `\`${file}\``))].join(' ');

/** Every seeded bug, where it is and which test finds it: those in the source, then those that the audit finds. */
export const table = (): string =>
  [
    row('bug', 'where', 'caught by', 'test'),
    '|---|---|---|---|',
    ...mutants.map((mutant) => row(mutant.what, whereOf(mutant), `\`${mutant.caughtBy.file}\``, mutant.caughtBy.title)),
    ...auditBugs.map(({ what, handler }) =>
      row(what, `job \`${handler.type}\``, '`test/audit/seeded-bugs.test.ts`', 'exits with 1 and tells of the order'),
    ),
  ].join('\n');

/** The paper with the table as it has to be. @throws Error when the paper has no place for it */
export function withTable(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no ${begin} ... ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${table()}\n\n${text.slice(to)}`;
}
