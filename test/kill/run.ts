import { parseArgs } from 'node:util';
import { messageOf } from '../../src/support/errors.ts';
import { createEmptyDatabase, stopTestServer } from '../helpers/database.ts';
import { tellFigures } from './figures.ts';
import { postgresQueue, redisQueue, type Queue } from './queue.ts';
import { playRound } from './round.ts';

const usage = 'node --import tsx test/kill/run.ts [--seconds 600] [--seed N] [--queue postgres|redis]';

/** The kill test for as long as one likes. Exit code 1 when anything was lost, doubled or stuck. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' }, queue: { type: 'string' } } });
  const { seconds = '600', seed = String(Date.now() % 1_000_000), queue: kind = 'postgres' } = values;
  if (!(Number(seconds) > 0) || !Number.isInteger(Number(seed)) || !['postgres', 'redis'].includes(kind))
    throw new Error(`Usage: ${usage}`);
  const redis = kind === 'redis' ? await redisQueue() : undefined;
  if (kind === 'redis' && !redis) throw new Error('redis-server is not installed.');
  const log = (line: string): void => console.log(line);
  log(`seed ${seed}, ${seconds} s, queue on ${kind}`);
  const { target, drop } = await createEmptyDatabase();
  try {
    const settings = { target, seed: Number(seed), seconds: Number(seconds), log };
    const { figures, faults } = await playRound({ ...settings, queue: (database): Queue => redis ?? postgresQueue(database) });
    for (const line of [...tellFigures(figures), ...faults]) log(line);
    log(faults.length === 0 ? 'Nothing was lost, nothing was doubled.' : `${faults.length} faults; seed ${seed}`);
    return faults.length === 0;
  } finally {
    await drop();
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await stopTestServer();
}
