import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { occurrences, type Edit } from './mutant.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const leftOut: ReadonlySet<string> = new Set(['node_modules', '.git', '.orderflow', 'coverage']);

/** A copy of the project, for bugs. */
export interface Copy {
  readonly folder: string;
  /** Writes a bug into the copy; answers how to take it out again. @throws Error when a text is not there exactly once */
  apply(edits: readonly Edit[]): () => void;
  remove(): void;
}

/** Copies the project as it is at this moment, without its packages (linked), history and data. */
export function copyProject(): Copy {
  const folder = mkdtempSync(path.join(tmpdir(), 'orderflow-mutants-'));
  cpSync(repository, folder, { recursive: true, filter: (from) => !leftOut.has(path.relative(repository, from)) });
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    folder,
    apply(edits) {
      const before = new Map<string, string>();
      for (const edit of edits) {
        const file = path.join(folder, edit.file);
        const text = readFileSync(file, 'utf8');
        const found = occurrences(edit, text);
        if (found !== 1) throw new Error(`${edit.file} has this text ${found} times, not once: ${edit.from}`);
        if (!before.has(file)) before.set(file, text);
        writeFileSync(
          file,
          text.replace(edit.from, () => edit.to),
        );
      }
      return () => before.forEach((text, file) => writeFileSync(file, text));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
