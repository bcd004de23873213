import { expect } from 'chai';
import type { Database } from '../../src/persistence/database.ts';
import { createEmptyDatabase } from '../helpers/database.ts';
import { tellFigures } from './figures.ts';
import { postgresQueue, redisQueue, type Queue } from './queue.ts';
import { playRound } from './round.ts';

/** How long processes are killed, seconds; coming to rest comes on top. */
const seconds = Number(process.env['KILL_SECONDS'] ?? 45);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

describe('Killing processes', () => {
  async function survive(queue: (database: Database) => Queue, chaosSeconds: number): Promise<void> {
    const told: string[] = [`seed ${seed} (KILL_SEED), ${chaosSeconds} s of kills (KILL_SECONDS)`];
    const { target, drop } = await createEmptyDatabase();
    try {
      const { figures, faults } = await playRound({ target, queue, seed, seconds: chaosSeconds, log: (line) => told.push(line) });
      told.push(...tellFigures(figures));
      expect(faults, 'what was lost, doubled or stuck').to.deep.equal([]);
      const { api, worker } = figures.chaos.kills;
      expect(Math.min(api, worker, figures.chaos.wipes, figures.stories), 'something happened at all').to.be.greaterThan(0);
    } finally {
      for (const line of told) console.log(`      ${line}`);
      await drop();
    }
  }

  const title = 'api and workers are SIGKILLed again and again while orders run; everything drains and the audit is clean';

  it(`${title}, with the queue on PostgreSQL`, async function () {
    this.timeout((seconds + 240) * 1_000);
    await survive(postgresQueue, seconds);
  });

  it(`${title}, with the queue on Redis`, async function () {
    this.timeout((seconds + 240) * 1_000);
    const queue = await redisQueue();
    if (!queue) this.skip(); // the global fixture has named what is missing
    await survive(() => queue, Math.ceil(seconds / 2.5));
  });
});
