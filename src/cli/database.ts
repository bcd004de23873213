import path from 'node:path';
import type { Config } from '../config.ts';
import { openDatabase, type Database } from '../persistence/database.ts';
import { startEmbeddedPostgres } from '../persistence/embedded-postgres.ts';
import { remark } from './command.ts';

/** Lends `work` the service's database: the one of DATABASE_URL, else the embedded one, which is shared with a running service or started for as long. */
export async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: path.join(config.dataDir, 'postgres'), log: remark })
      : undefined;
  try {
    const target = embedded ? await embedded.ensureDatabase('orderflow') : { url: config.databaseUrl ?? '' };
    const database = await openDatabase(target, { poolSize: 2, applicationName: 'orderflow command line' });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await embedded?.stop();
  }
}
