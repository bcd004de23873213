// A worker that takes one bell and never answers it. First argument: JSON of { target, redisUrl, redisPrefix, queue, lockMs }. Says "taken".
import { createJobBackend } from '../../../src/jobs/backend.ts';
import type { ConnectionTarget } from '../../../src/persistence/connection.ts';
import { openDatabase } from '../../../src/persistence/database.ts';
import { createLogger } from '../../../src/support/logger.ts';

export interface HangOrders {
  readonly target: ConnectionTarget;
  readonly redisUrl?: string | undefined;
  readonly redisPrefix: string;
  readonly queue: string;
  readonly lockMs: number;
}

const { target, queue, lockMs, ...redis } = JSON.parse(process.argv[2] ?? '') as HangOrders;
const database = await openDatabase(target, { poolSize: 1, applicationName: 'hang' });
const pool = () => database.createPool({ max: 4, applicationName: 'hang jobs', searchPath: 'bullmq' });
const backend = await createJobBackend({ ...redis, pool, logger: createLogger('silent') });
const hang = (): Promise<never> => {
  console.log('taken');
  return new Promise(() => undefined);
};
backend.worker(queue, hang, { concurrency: 1, lockMs });
