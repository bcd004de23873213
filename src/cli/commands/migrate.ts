import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '../../config.ts';
import { openDatabase } from '../../persistence/database.ts';
import { startEmbeddedPostgres } from '../../persistence/embedded-postgres.ts';
import { migrate } from '../../persistence/migrate.ts';
import { schemaSnapshot } from '../../persistence/schema-snapshot.ts';
import { print, UsageError, type Command } from '../command.ts';
import { withDatabase } from '../database.ts';

const snapshotFile = path.resolve(import.meta.dirname, '../../../migrations/schema.sql');

export const command: Command = {
  operands: ['file'],
  flags: {
    snapshot: 'Write the schema that the migrations make to the file (left out: migrations/schema.sql)',
    check: 'Compare it with that file; exit code 1 when they differ',
    json: 'Answer as JSON',
  },
  help: `Without flags: runs the migrations that the service's database does not have yet, as the service itself does when it starts. --snapshot and
--check use a database of their own that is gone afterwards.`,
  run: async ({ flags, operands: [file = snapshotFile] }) => {
    if (flags.has('snapshot') && flags.has('check'))
      throw new UsageError('--snapshot writes the file and --check compares it: one at a time.');
    const answer = (result: object, text: string): void => print(flags.has('json') ? JSON.stringify(result) : text);
    if (flags.has('snapshot')) {
      await writeFile(file, await freshSchema());
      answer({ file }, `Wrote ${file}`);
      return 0;
    }
    if (flags.has('check')) {
      const difference = firstDifference(await readFile(file, 'utf8').catch(() => ''), await freshSchema());
      answer(
        { file, difference: difference ?? null },
        difference === undefined
          ? `${file} is what the migrations make.`
          : `${file} is not what the migrations make. First difference, line ${difference.line}:\n  file        ${difference.file}\n  migrations  ${difference.migrations}\nIf the migrations are right: npm run migrate -- --snapshot`,
      );
      return difference === undefined ? 0 : 1;
    }
    const ran = await withDatabase(readConfig(process.env), (database) => migrate(database));
    answer({ ran }, ran.length === 0 ? 'Nothing to do: the schema is up to date.' : `Ran ${ran.join(', ')}`);
    return 0;
  },
};

/** The snapshot of an empty, migrated database. */
async function freshSchema(): Promise<string> {
  const folder = await mkdtemp('/tmp/orderflow-schema-');
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), ephemeral: true });
  try {
    const database = await openDatabase(server.connection, { poolSize: 1, applicationName: 'schema snapshot' });
    try {
      await migrate(database);
      return await schemaSnapshot(database);
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where two texts part, with both lines. */
function firstDifference(file: string, migrations: string): { line: number; file: string; migrations: string } | undefined {
  if (file === migrations) return undefined;
  const [left, right] = [file.split('\n'), migrations.split('\n')];
  const index = left.findIndex((line, at) => line !== right[at]);
  const at = index === -1 ? left.length : index;
  return { line: at + 1, file: left[at] ?? '(ends)', migrations: right[at] ?? '(ends)' };
}
