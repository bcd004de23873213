import { expect } from 'chai';
import { createRelay, type JobBell } from '../../src/outbox/relay.ts';
import { registerJobHandlers } from '../../src/persistence/leases.ts';
import { createLogger } from '../../src/support/logger.ts';
import { aQuotation, completeAt } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { aDocument, deployExample, take } from './stage.ts';

/** One round of a relay; answers the types of what it rang. */
async function rung({ database }: World): Promise<string[]> {
  const types: string[] = [];
  const ring = async (bells: readonly JobBell[]): Promise<void> => void types.push(...bells.map((bell) => bell.jobType));
  const relay = createRelay(database, ring, { leaseMs: 60_000, sweepMs: 60_000 }, createLogger('silent'));
  relay.start();
  await relay.stop();
  return types;
}

describe('the service and its external workers', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await deployExample(world);
  });
  afterEach(() => world.close());

  it('the relay rings what the service does itself, and nothing else', async () => {
    await aDocument(world);
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    expect(await rung(world)).to.deep.equal(['quotation.price']);
  });

  it('a release that brings a handler for a type takes over the jobs that wait; a worker that has one keeps it until its lease is over', async () => {
    await aDocument(world);
    await aDocument(world);
    const [leased] = await take(world);
    await registerJobHandlers(world.database, ['document.scan']);
    expect(await take(world)).to.deep.equal([]);
    expect(await rung(world)).to.have.length(1);
    await world.pass(61_000);
    expect(await rung(world)).to.have.length(2);
    expect(leased).to.have.property('leaseToken');
  });
});
