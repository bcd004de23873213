import { expect } from 'chai';
import { answerBell } from '../../src/jobs/worker.ts';
import { createRelay, type JobBell } from '../../src/outbox/relay.ts';
import { createLogger } from '../../src/support/logger.ts';
import { aSaleOrder } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';

const settings = { leaseMs: 30_000, sweepMs: 60_000 };

/** Runs one relay until its round is over; answers what it rang. */
async function ringOnce(world: World, ring?: (bells: readonly JobBell[]) => Promise<void>): Promise<JobBell[]> {
  const rung: JobBell[] = [];
  const relay = createRelay(
    world.database,
    async (bells) => {
      await ring?.(bells);
      rung.push(...bells);
    },
    settings,
    createLogger('silent'),
  );
  relay.start();
  await relay.stop();
  return rung;
}

describe('relay', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await aSaleOrder(world);
  });
  afterEach(() => world.close());

  it('rings a job once, and again after the lease as long as no result is committed (D9: the queue has lost it)', async () => {
    expect((await ringOnce(world)).map((bell) => bell.jobType)).to.deep.equal(['sale.open']);
    expect(await ringOnce(world)).to.deep.equal([]);
    await world.pass(settings.leaseMs + 1);
    const [bell] = await ringOnce(world);
    expect(bell?.jobType).to.equal('sale.open');
    await answerBell(world.deps, world.handlers, world.providers, bell!, settings.leaseMs);
    await world.pass(settings.leaseMs + 1);
    expect(
      (await ringOnce(world)).map((next) => next.jobType),
      'after the result only the next job rings',
    ).to.deep.equal(['credit.decide']);
  });

  it('two relays at once ring each job once', async () => {
    for (let n = 0; n < 5; n++) await aSaleOrder(world);
    const rung = (await Promise.all([ringOnce(world), ringOnce(world), ringOnce(world)])).flat();
    expect(rung).to.have.length(6);
    expect(new Set(rung.map((bell) => bell.jobId)).size).to.equal(6);
  });

  it('a queue that is away costs seconds, not the lease', async () => {
    expect(await ringOnce(world, () => Promise.reject(new Error('away')))).to.deep.equal([]);
    await world.pass(2_001);
    expect(await ringOnce(world)).to.have.length(1);
  });
});
