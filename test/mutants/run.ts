import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.ts';
import { messageOf } from '../../src/support/errors.ts';
import { urlOf } from '../cli/run.ts';
import { copyProject, type Copy } from './copy.ts';
import { judge, notGreen } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { runTests } from './run-tests.ts';
import { paper, withTable } from './table.ts';

const usage = 'node --import tsx test/mutants/run.ts [--write] [--verbose] [name...]';

/**
 * Seeds each bug, or those that are named, into a copy of the project and runs the test that has to find it. `--write` brings the table in docs/reliability.md up to
 * date. Answers how many were missed.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean' }, verbose: { type: 'boolean' } },
  });
  const unknown = positionals.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new Error(`No bug is called ${unknown.join(', ')}. Usage: ${usage}`);
  if (values.write === true) writeFileSync(paper, withTable(readFileSync(paper, 'utf8')));
  const wanted = positionals.length === 0 ? mutants : mutants.filter(({ name }) => positionals.includes(name));
  const copy = copyProject();
  const databaseUrl = process.env['TEST_DATABASE_URL'];
  const server =
    databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: path.join('/tmp', `orderflow-mutants-${process.pid}`), ephemeral: true })
      : undefined;
  try {
    return await seedAll(copy, wanted, server ? urlOf(server.connection) : (databaseUrl ?? ''), values.verbose === true);
  } finally {
    await server?.stop();
    copy.remove();
  }
}

async function seedAll(copy: Copy, wanted: readonly Mutant[], databaseUrl: string, isVerbose: boolean): Promise<number> {
  const tests = wanted.map((mutant) => mutant.caughtBy);
  const began = Date.now();
  const wrong = notGreen(tests, await runTests(copy.folder, tests, databaseUrl));
  if (wrong.length > 0) throw new Error(`Without any bug not everything is green:\n  ${wrong.join('\n  ')}`);
  console.log(`without a bug all of these tests pass (${seconds(began)})`);
  let missed = 0;
  for (const mutant of wanted) {
    const from = Date.now();
    const verdict = await seed(copy, mutant, databaseUrl);
    if (!verdict.caught) missed++;
    const { file, title } = mutant.caughtBy;
    console.log(
      `${verdict.caught ? 'caught' : 'MISSED'}  ${mutant.name}: ${mutant.what}  |  ${file}: ${title}  |  ${seconds(from)}`,
    );
    if (isVerbose || !verdict.caught) console.log(`        ${verdict.because}`);
  }
  console.log(`${wanted.length - missed} caught, ${missed} missed`);
  return missed;
}

async function seed(copy: Copy, mutant: Mutant, databaseUrl: string): Promise<ReturnType<typeof judge>> {
  const takeOut = copy.apply(mutant.edits);
  try {
    return judge(mutant, await runTests(copy.folder, [mutant.caughtBy], databaseUrl));
  } catch (error) {
    return { caught: false, because: messageOf(error) };
  } finally {
    takeOut();
  }
}

const seconds = (from: number): string => `${((Date.now() - from) / 1000).toFixed(1)} s`;

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
