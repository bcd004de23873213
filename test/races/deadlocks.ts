import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.ts';

/** An idle connection tells the statistics what it has seen after at most so long, ms. */
const toldAfterMs = 1_200;

/** How often PostgreSQL had to end a deadlock (40P01) in this database. */
export async function deadlocks(database: Database): Promise<number> {
  await sleep(toldAfterMs);
  const [row] = await database.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}
