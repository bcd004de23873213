import { createEmptyDatabase } from '../helpers/database.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { urlOf } from '../cli/run.ts';
import { createFleet, type Fleet } from '../kill/fleet.ts';
import { createClient } from './client.ts';
import { createOutside } from './outside.ts';
import { createStage, type Stage } from './stage.ts';

/** A job whose worker was killed is rung again after this time, ms. */
const leaseMs = 2_000;

/** Plays on a service whose api, worker and sandbox are processes of their own, so that each can be killed. */
export async function withProcesses<T>(play: (stage: Stage, fleet: Fleet) => Promise<T>): Promise<T> {
  const { target, drop } = await createEmptyDatabase();
  const database = await openDatabase(target, { poolSize: 4, applicationName: 'scenario' });
  const fleet = await createFleet({ target, apis: 1, workers: 1, leaseMs });
  try {
    await fleet.start();
    const stage = createStage({
      sandboxUrl: fleet.sandboxUrl,
      as: createClient(fleet.urls[0] ?? ''),
      outside: createOutside(fleet.sandboxUrl),
      database,
      databaseUrl: urlOf(target),
      deps: () => {
        throw new Error('It lives in another process.');
      },
      restart: () => Promise.reject(new Error('Kill it.')),
      close: () => Promise.resolve(),
    });
    return await play(stage, fleet);
  } finally {
    await fleet.remove();
    await database.close();
    await drop();
  }
}
