import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.ts';
import type { Fleet } from './fleet.ts';
import type { Member } from './member.ts';
import type { Outside } from './outside.ts';
import type { Queue } from './queue.ts';
import type { Random } from './random.ts';

export interface ChaosFigures {
  /** SIGKILLs by kind of process. */
  readonly kills: Record<Member['kind'], number>;
  /** How often the queue lost everything. */
  wipes: number;
  /** How often the queue's server was killed; Redis only. */
  queueKills: number;
  /** From a kill to the next step that anybody commits, ms. */
  readonly silences: number[];
}

/** How the sandbox misbehaves, one after the other: slow, effect done but not told, nothing done, silent; events come twice throughout. */
const manners: readonly (readonly object[])[] = [
  [{ delayMs: 400, repeatWebhooks: 1 }],
  [{ failNext: 1, repeatWebhooks: 1 }],
  [{ failBeforeNext: 1, repeatWebhooks: 1 }],
  [{ only: { operation: 'carrier.book' }, delayMs: 900 }, { repeatWebhooks: 2 }],
  [
    { only: { operation: 'payment.request' }, failNext: 1 },
    { delayMs: 100, repeatWebhooks: 1 },
  ],
];

/** Kills, wipes and disturbs until `endsAt`; afterwards the world outside behaves again and whatever was killed is on its way back. */
export async function raiseChaos(
  {
    fleet,
    queue,
    outside,
    database,
    random,
  }: { fleet: Fleet; queue: Queue; outside: Outside; database: Database; random: Random },
  endsAt: number,
  signal: AbortSignal,
): Promise<ChaosFigures> {
  const figures: ChaosFigures = { kills: { api: 0, worker: 0, sandbox: 0 }, wipes: 0, queueKills: 0, silences: [] };
  const watches: Promise<void>[] = [];
  const begunAt = Date.now();
  const elapsed = (): number => (Date.now() - begunAt) / (endsAt - begunAt);
  for (let round = 0; Date.now() < endsAt; round++) {
    await sleep(random.between(1_000, 1_500), undefined, { signal });
    await outside.misbehave(manners[round % manners.length] ?? []);
    // mostly those whose colleague works: on a slow machine nothing would ever be done if all of a kind were starting most of the time
    const isSpared = (kind: readonly Member[]): boolean => kind.some((member) => !member.isReady());
    const victims = [fleet.apis, fleet.workers].filter((kind) => !isSpared(kind) || random.chance(15)).flat();
    const isTimeForQueueKill = queue.restart && figures.queueKills === 0 && elapsed() > 0.5;
    if (isTimeForQueueKill) {
      await queue.restart?.();
      figures.queueKills++;
    } else if (random.chance(12) || (figures.wipes === 0 && elapsed() > 0.3)) {
      await queue.wipe();
      figures.wipes++;
    }
    const victim =
      figures.kills.sandbox < elapsed() * 3 - 0.5 ? fleet.sandbox : victims.length > 0 ? random.pick(victims) : undefined;
    if (!victim) continue;
    await victim.kill();
    figures.kills[victim.kind]++;
    const watch = nextStep(database, signal).then((ms) => void figures.silences.push(ms));
    watch.catch(() => undefined); // it is asked for its result later
    watches.push(watch);
  }
  await Promise.all(watches);
  await fleet.sandbox.ready();
  await outside.misbehave([]);
  return figures;
}

/** When it takes longer than this until somebody commits a step, the drain will tell why, ms. */
const standstillMs = 30_000;

/** How long it takes until somebody commits a step, ms. */
async function nextStep(database: Database, signal: AbortSignal): Promise<number> {
  const steps = async (): Promise<number> =>
    (await database.query<{ steps: number }>('select count(*) as steps from orderflow.step'))[0]?.steps ?? 0;
  const begun = Date.now();
  const before = await steps();
  while ((await steps()) === before && Date.now() - begun < standstillMs) await sleep(50, undefined, { signal });
  return Date.now() - begun;
}
