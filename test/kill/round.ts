import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '../../src/persistence/database.ts';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';
import { messageOf } from '../../src/support/errors.ts';
import { raiseChaos, type ChaosFigures } from './chaos.ts';
import { auditFindings, checkPromises, type Expected } from './check.ts';
import { createClient, type Client } from './client.ts';
import { drain, resolveExplained } from './drain.ts';
import { createFleet } from './fleet.ts';
import { createOutside } from './outside.ts';
import type { Queue } from './queue.ts';
import { createRandom } from './random.ts';
import { readFigures, type Figures } from './figures.ts';
import type { Stage } from './stage.ts';
import { addMasterData, stockUp, stories } from './stories.ts';

export interface RoundSettings {
  /** An empty database; the processes migrate, deploy and seed it, all at once. */
  readonly target: ConnectionTarget;
  readonly queue: (database: Database) => Queue;
  readonly seed: number;
  /** How long processes are killed, seconds. */
  readonly seconds: number;
  /** Told how far it is. */
  readonly log: (line: string) => void;
}

export interface RoundResult {
  readonly figures: Figures;
  /** What must not be, a sentence each; empty when all is well. */
  readonly faults: readonly string[];
}

/** Stories that run at the same time. */
const lanes = 8;
const leaseMs = 2_000;
/** How long the stories may take to come to their end after the chaos, and then the service to become idle, ms. */
const drainMs = 90_000;

/**
 * Orders run over two api and two worker processes while these are killed again and again, the queue loses its data and the providers misbehave.
 * Then everything comes to rest, and what was promised, what is written and what was done outside are compared.
 */
export async function playRound({ target, queue: openQueue, seed, seconds, log }: RoundSettings): Promise<RoundResult> {
  const over = new AbortController();
  const { signal } = over;
  setMaxListeners(0, signal); // every request and every rest listens
  const random = createRandom(seed);
  const database = await openDatabase(target, { poolSize: 8, applicationName: 'kill test' });
  const queue = openQueue(database);
  const fleet = await createFleet({ target, redisUrl: queue.redisUrl, apis: 2, workers: 2, leaseMs });
  try {
    const bootedAt = Date.now();
    await fleet.start();
    log(`five processes were ready after ${((Date.now() - bootedAt) / 1_000).toFixed(1)} s, on an empty database`);
    await addMasterData(database, lanes);
    const outside = createOutside(fleet.sandboxUrl, signal);
    const client = createClient(fleet.urls, createRandom(seed + 1), signal);
    const expected = new Map<string, Expected>();
    const faults: string[] = [];
    const stage = (lane: number): Stage => ({
      lane,
      client,
      outside,
      signal,
      random: createRandom(seed + 100 + lane),
      expect: (noun, { id }, state) => void expected.set(id, { noun, state }),
    });
    await stockUp(stage(0));

    const endsAt = Date.now() + seconds * 1_000;
    let played = 0;
    const play = async (lane: number): Promise<void> => {
      const at = stage(lane);
      while (Date.now() < endsAt) {
        const story = at.random.pick(stories);
        await story.play(at).catch((error: unknown) => faults.push(`${story.name} (lane ${lane}): ${messageOf(error)}`));
        played++;
      }
    };
    const audits = watchOver({ database, client, sandboxUrl: fleet.sandboxUrl, signal }, endsAt);
    audits.catch(() => undefined); // it is asked for its result later
    const playing = Promise.all(Array.from({ length: lanes }, (_, lane) => play(lane)));
    const chaos: ChaosFigures = await raiseChaos({ fleet, queue, outside, database, random }, endsAt, signal);
    log(`chaos is over after ${Object.values(chaos.kills).reduce((sum, kills) => sum + kills)} kills; draining`);
    const calmAt = Date.now();
    await Promise.all(fleet.members.map((member) => member.ready()));
    faults.push(...(await drain({ database, client, outside, playing, signal }, calmAt + drainMs)));
    faults.push(...(await audits));
    faults.push(...(await auditFindings(database, fleet.sandboxUrl, true)));
    faults.push(...(await checkPromises(database, client, expected)));
    faults.push(...fleet.faults, ...client.faults);
    const figures = await readFigures(database, {
      chaos,
      client,
      outside,
      played,
      orders: expected.size,
      drainMs: Date.now() - calmAt,
    });
    if (faults.length > 0) log(fleet.lastWords());
    return { figures, faults };
  } finally {
    over.abort(new Error('the round is over'));
    await fleet.remove();
    await queue.close();
    await database.close();
  }
}

/** What holds at any moment is looked at while orders run, too, and the incidents that the chaos explains are resolved. */
async function watchOver(
  { database, client, sandboxUrl, signal }: { database: Database; client: Client; sandboxUrl: string; signal: AbortSignal },
  endsAt: number,
): Promise<string[]> {
  const everyMs = 8_000;
  const found: string[] = [];
  while (Date.now() + everyMs < endsAt) {
    await sleep(everyMs, undefined, { signal });
    await resolveExplained(database, client);
    try {
      found.push(...(await auditFindings(database, sandboxUrl, false)));
    } catch (error) {
      // the sandbox is dead at this moment; whatever else keeps the audit from being made will keep the last one from it, too
      if (!messageOf(error).includes("provider's ledger")) throw error;
    }
  }
  return found;
}
