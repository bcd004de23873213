import { expect } from 'chai';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { takeDelivery } from '../../src/commands/fail-job.ts';
import { resumeWork, suspendWork, type Work } from '../../src/commands/suspended-work.ts';
import { createTimers } from '../../src/jobs/timers.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import { createRelay, type JobBell } from '../../src/outbox/relay.ts';
import { readInstance } from '../../src/queries/process-instance.ts';
import { activeSuspensions, restingSummary } from '../../src/queries/suspension.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const leaseAndSweep = { leaseMs: 30_000, sweepMs: 60_000 };

describe('work that is suspended', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const suspend = (work: Work, reason = 'the carrier is down') => suspendWork(world.deps, by('operator'), { ...work, reason });
  const resume = (work: Work, reason = 'the carrier is back') => resumeWork(world.deps, by('operator'), { ...work, reason });
  /** What the relay rings in one round. */
  const rung = async (): Promise<JobBell[]> => {
    const bells: JobBell[] = [];
    const ring = (more: readonly JobBell[]): Promise<void> => Promise.resolve(void bells.push(...more));
    const relay = createRelay(world.database, ring, leaseAndSweep, world.deps.logger).start();
    await relay.stop();
    return bells;
  };
  const versionOf = async (instanceId: string): Promise<string> =>
    (await world.database.read((tx) => readInstance(tx, instanceId)))['processDefinitionId'] as string;

  it('jobs of a type that rests are not handed out, and nothing else rests; what a worker has at hand it may end', async () => {
    const first = await aSaleOrder(world);
    const [atHand] = await rung();
    const { body } = await suspend({ kind: 'job-type', ref: 'sale.open' });
    expect(body).to.include({
      kind: 'job-type',
      ref: 'sale.open',
      suspendedBy: 'operator',
      reason: 'the carrier is down',
      affected: 1,
    });
    const second = await aSaleOrder(world);
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');

    expect((await rung()).map((bell) => bell.jobType)).to.deep.equal(['quotation.price']);
    const job = await openTask(world, second.processInstanceId, 's_open');
    expect(await takeDelivery(world.deps, job, 30_000), 'also when a bell is on its way still').to.equal(undefined);
    expect(await takeDelivery(world.deps, atHand?.jobId ?? '', 30_000)).to.equal(undefined);

    await resume({ kind: 'job-type', ref: 'sale.open' });
    await world.pass(30_001);
    const bells = await rung();
    expect(bells.map((bell) => bell.jobType)).to.include.members(['sale.open', 'sale.open']);
    for (const bell of bells) await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    for (const sale of [first, second]) expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK']);
  });

  it('instances of a process that rests take no step, and no new one starts, until it goes on', async () => {
    const sale = await aSaleOrder(world);
    const customer = await aCustomer(world);
    const { sku } = await aProduct(world);
    const order = () =>
      createSaleOrder(world.deps, by('sales'), { customerId: customer.id, currency: 'EUR', lines: [{ sku, quantity: 1 }] });
    await suspend({ kind: 'process', ref: 'sale' }, 'a wrong price list');

    expect(await rung()).to.deep.equal([]);
    const refused = await problemOf(order());
    expect(refused.code).to.equal('suspended');
    expect(refused.message, 'sentences end').to.contain(': a wrong price list. Resume it first');
    const instance = await world.database.read((tx) => readInstance(tx, sale.processInstanceId));
    expect(instance).to.include({ suspendedWith: 'process', suspendedBy: 'operator', suspensionReason: 'a wrong price list' });
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');

    await resume({ kind: 'process', ref: 'sale' });
    await order();
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
  });

  it('timers of a version that rests wait, and fire when it goes on', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    const version = { kind: 'definition', ref: await versionOf(quotation.processInstanceId) } as const;
    await suspend(version, 'its reminder is wrong');
    await world.pass(50 * 86_400_000);
    const timers = createTimers(world.deps, leaseAndSweep).start();
    await timers.stop();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    expect((await problemOf(aQuotation(world))).code).to.equal('suspended');

    await resume(version);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('EXPIRED');
  });

  it('says who, since when and why, tells the world, and is asked for once', async () => {
    const type = { kind: 'job-type', ref: 'carrier.book' } as const;
    await suspend(type);
    await suspend({ kind: 'process', ref: 'sale' }, 'a wrong price list');
    const active = await world.database.read(activeSuspensions);
    expect(active.map(({ kind, ref, reason, suspendedBy }) => ({ kind, ref, reason, suspendedBy }))).to.deep.equal([
      { kind: 'process', ref: 'sale', reason: 'a wrong price list', suspendedBy: 'operator' },
      { kind: 'job-type', ref: 'carrier.book', reason: 'the carrier is down', suspendedBy: 'operator' },
    ]);
    expect(await world.database.read(restingSummary)).to.match(/^suspended: (1 job type, 1 process|1 process, 1 job type) \(GET/);
    expect((await problemOf(suspend(type))).code).to.equal('wrong-state');
    expect((await problemOf(suspend({ kind: 'job-type', ref: 'carrier.bok' }))).code).to.equal('not-found');
    expect((await problemOf(suspendWork(world.deps, by('admin'), { ...type, reason: 'x' }))).code).to.equal('forbidden');
    const { body } = await resume(type);
    expect(body).to.include({ resumedBy: 'operator', resumeReason: 'the carrier is back' });
    expect((await problemOf(resume(type))).code).to.equal('wrong-state');
    const told = await world.database.query<{ type: string; ref: string }>(
      `select type, data ->> 'ref' as ref from orderflow.event where subject_type = 'suspension' order by sequence`,
    );
    expect(told).to.deep.equal([
      { type: 'workflow.work-suspended', ref: 'carrier.book' },
      { type: 'workflow.work-suspended', ref: 'sale' },
      { type: 'workflow.work-resumed', ref: 'carrier.book' },
    ]);
  });

  it('one that is only tried leaves nothing behind', async () => {
    const { body } = await suspendWork(
      world.deps,
      { ...by('operator'), dryRun: true },
      { kind: 'process', ref: 'sale', reason: 'x' },
    );
    expect(body).to.include({ dryRun: true });
    expect(await world.database.read(activeSuspensions)).to.deep.equal([]);
  });
});
