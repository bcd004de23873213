import { stopTestServer } from './database.ts';
import { assertInvariants } from './invariants.ts';
import { notRunHere, thingsNotRun } from './not-run.ts';
import { startSharedRedis, stopSharedRedis } from './redis.ts';

// What a run shares. It has several processes that run one test file each at a time (`--parallel`); this here runs in the first of them, which runs none.
// PostgreSQL is started by each with the first database that a test asks for (database.ts), and ends with it.

export async function mochaGlobalSetup(): Promise<void> {
  if (!(await startSharedRedis())) notRunHere('redis-server not installed: Redis backend tests skipped');
}

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopTestServer(), stopSharedRedis()]);
  for (const what of thingsNotRun()) console.log(`  not run here: ${what}`);
}

/** Whatever a test did, the books are right afterwards. */
export const mochaHooks = { afterEach: (): Promise<void> => assertInvariants() };
