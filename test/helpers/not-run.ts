import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where the processes of a run note what they leave out; named by the first of them. */
const file = (process.env['ORDERFLOW_TEST_NOT_RUN'] ??= path.join(tmpdir(), `orderflow-not-run-${process.pid}`));

/** Notes what this machine cannot test, and why; the global fixture tells it at the end of the run. */
export const notRunHere = (what: string): void => appendFileSync(file, `${what}\n`);

/** What was noted; it is told once. */
export function thingsNotRun(): readonly string[] {
  if (!existsSync(file)) return [];
  const things = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
  rmSync(file);
  return [...things];
}
