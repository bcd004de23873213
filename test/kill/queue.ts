import { Redis } from 'ioredis';
import type { Database } from '../../src/persistence/database.ts';
import { isTransient } from '../../src/persistence/errors.ts';
import { startRedis } from '../helpers/redis.ts';

/** What can happen to the data of BullMQ, which is never more than a doorbell. */
export interface Queue {
  readonly kind: 'postgres' | 'redis';
  /** REDIS_URL of the service. */
  readonly redisUrl?: string;
  /** All of it is gone, while everybody works. */
  wipe(): Promise<void>;
  /** Its server is killed, and comes back empty at the same place. */
  restart?(): Promise<void>;
  close(): Promise<void>;
}

/** BullMQ in the service's own database. */
export const postgresQueue = (database: Database): Queue => ({
  kind: 'postgres',
  wipe: async () => {
    const tables = await database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'`,
    );
    // one after the other: TRUNCATE of all would have to wait until nobody uses any of them
    for (const { name } of tables) await persist(() => database.query(`delete from ${name}`));
  },
  close: () => Promise.resolve(),
});

/** Tries again when the work of others was in the way (a deadlock, a lock timeout). */
async function persist(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await work());
    } catch (error) {
      if (!isTransient(error) || tries === 5) throw error;
    }
  }
}

/** BullMQ in a Redis of its own; undefined where there is no redis-server. */
export async function redisQueue(): Promise<Queue | undefined> {
  let redis = await startRedis();
  if (!redis) return undefined;
  const { url, port } = redis;
  return {
    kind: 'redis',
    redisUrl: url,
    wipe: async () => {
      const admin = new Redis(url);
      try {
        await admin.flushall();
      } finally {
        admin.disconnect();
      }
    },
    restart: async () => {
      await redis?.stop();
      redis = await startRedis(port);
    },
    close: async () => redis?.stop(),
  };
}
