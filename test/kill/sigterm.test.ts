import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '../../src/persistence/database.ts';
import { createEmptyDatabase } from '../helpers/database.ts';
import { until } from '../helpers/promises.ts';
import { createClient, type Client } from './client.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createOutside, type Outside } from './outside.ts';
import { createRandom } from './random.ts';
import type { Stage } from './stage.ts';
import { addMasterData, orderOnAccount, orderInAdvance, stockUp } from './stories.ts';

/** Longer than the test: whatever has to wait for its lease comes too late. */
const leaseMs = 300_000;

describe('SIGTERM drains', function () {
  this.timeout(120_000);
  const over = new AbortController();
  let database: Database;
  let fleet: Fleet;
  let client: Client;
  let outside: Outside;
  let stage: Stage;
  const undo: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { target, drop } = await createEmptyDatabase();
    undo.push(drop);
    database = await openDatabase(target, { poolSize: 4, applicationName: 'sigterm test' });
    undo.push(() => database.close());
    fleet = await createFleet({ target, apis: 2, workers: 2, leaseMs });
    undo.push(() => fleet.remove());
    await fleet.start();
    await addMasterData(database, 1);
    client = createClient(fleet.urls, createRandom(1), over.signal);
    outside = createOutside(fleet.sandboxUrl, over.signal);
    stage = { lane: 0, client, outside, random: createRandom(2), signal: over.signal, expect: () => undefined };
    await stockUp(stage);
  });
  after(async () => {
    over.abort(new Error('the test is over'));
    for (const each of undo.reverse()) await each();
  });

  const jobs = async (): Promise<{ atHand: number; open: number; failures: number }> => {
    const [row] = await database.query<{ atHand: number; open: number; failures: number }>(`
      select count(*) filter (where deliveries > 0 and done_at is null) as "atHand", count(*) filter (where done_at is null) as open,
             coalesce(sum(failures), 0)::bigint as failures
        from orderflow.outbox where cancelled_at is null`);
    return row ?? { atHand: 0, open: 0, failures: 0 };
  };

  it('a worker finishes the jobs at hand, and the other one goes on with the rest', async () => {
    await outside.misbehave([{ only: { operation: 'payment.request' }, delayMs: 1_500 }]);
    await Promise.all(Array.from({ length: 20 }, () => orderInAdvance(stage, 3)));
    await until(async () => (await jobs()).atHand >= 8);
    const [leaving] = fleet.workers;
    expect(await leaving?.terminate(), 'exit code').to.equal(0);
    // no lease ends in the time of this test, so a job that was dropped, or a bell that nobody heard, would stay open
    await until(async () => (await jobs()).open === 0, 20_000);
    expect((await jobs()).failures).to.equal(0);
    const rows = await database.query('select deliveries from orderflow.outbox where deliveries <> 1');
    expect(rows, 'jobs that were begun more than once').to.deep.equal([]);
  });

  it('an api process answers what it has taken in, and takes in nothing that it does not answer', async () => {
    const [leaving] = fleet.apis;
    const url = `${leaving?.url}/v1/sale-orders`;
    const answered = new Map<string, number>();
    const lost = new Set<string>();
    const ask = async (): Promise<void> => {
      for (let isThere = true; isThere;) {
        const key = randomUUID();
        try {
          const answer = await fetch(url, {
            method: 'POST',
            headers: { authorization: 'Bearer demo-sales', 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify(orderOnAccount),
          });
          await answer.text();
          answered.set(key, answer.status);
        } catch {
          lost.add(key);
          isThere = false;
        }
      }
    };
    const asking = Promise.all(Array.from({ length: 12 }, ask));
    await sleep(1_000);
    expect(await leaving?.terminate(), 'exit code').to.equal(0);
    await asking;

    expect([...new Set(answered.values())], 'answers').to.deep.equal([201]);
    const commands = await database.query<{ key: string }>('select key from orderflow.command where key = any($1)', [
      [...answered.keys(), ...lost],
    ]);
    const done = new Set(commands.map(({ key }) => key));
    expect(
      [...lost].filter((key) => done.has(key)),
      'done, but not answered',
    ).to.deep.equal([]);
    expect(
      [...answered.keys()].filter((key) => !done.has(key)),
      'answered, but not done',
    ).to.deep.equal([]);
  });
});
