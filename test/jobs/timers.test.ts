import { expect } from 'chai';
import { fireTimer } from '../../src/commands/fire-timer.ts';
import { createTimers } from '../../src/jobs/timers.ts';
import { aQuotation, completeAt, statesOf } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';

const days = 86_400_000;

describe('timers', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const sent = async (): Promise<{ id: string; processInstanceId: string }> => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    return quotation;
  };
  /** One round of a timer service, as one of several processes has it. */
  const fireDue = async (): Promise<void> => {
    const timers = createTimers(world.deps, { leaseMs: 30_000, sweepMs: 60_000 });
    timers.start();
    await timers.stop();
  };

  it('fire once each, although three services look at the same moment', async () => {
    const quotations = [await sent(), await sent(), await sent()];
    await world.pass(43 * days);
    await Promise.all([fireDue(), fireDue(), fireDue()]);
    for (const quotation of quotations) {
      const [row] = await world.database.query<{ timers: number; firings: number }>(
        `select count(distinct wait_id) as timers, count(*) as firings from orderflow.step where instance_id = $1 and trigger = 'timer'`,
        [quotation.processInstanceId],
      );
      expect(row?.timers).to.be.at.least(1);
      expect(row?.firings).to.equal(row?.timers);
    }
  });

  it('of one instance fire in the order in which they were due, although three services look at once after a long downtime', async () => {
    const quotations = [await sent(), await sent(), await sent()];
    await world.pass(60 * days);
    await Promise.all([fireDue(), fireDue(), fireDue()]);
    await world.drain();
    for (const quotation of quotations) {
      const fired = await world.database.query<{ elementId: string }>(
        `select element_id as "elementId" from orderflow.step where instance_id = $1 and trigger = 'timer' order by revision`,
        [quotation.processInstanceId],
      );
      expect(fired.map((step) => step.elementId)).to.deep.equal(['q_b_remind', 'q_b_valid']);
    }
  });

  it('one waits for an earlier one of its instance that another process has claimed', async () => {
    const quotation = await sent();
    await world.pass(60 * days);
    await world.database.query(
      `update orderflow.wait set next_at = orderflow.now() + interval '30 seconds' where element_id = 'q_b_remind' and status = 'open'`,
    );
    await fireDue();
    const fired = () =>
      world.database.query<{ element: string }>(
        `select element_id as element from orderflow.step where instance_id = $1 and trigger = 'timer' order by revision`,
        [quotation.processInstanceId],
      );
    expect(await fired()).to.deep.equal([]);
    await world.pass(30_001);
    await world.drain();
    expect(await fired()).to.deep.equal([{ element: 'q_b_remind' }, { element: 'q_b_valid' }]);
  });

  it('do not fire before the database says so, whatever the clock of the process says', async () => {
    const quotation = await sent();
    const [timer] = await world.database.query<{ waitId: string; dueAt: Date }>(
      `select id as "waitId", due_at as "dueAt" from orderflow.wait where kind = 'timer' and status = 'open'`,
    );
    expect(await fireTimer(world.deps, timer!)).to.equal(false);
    await fireDue();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
  });

  it('one that a process claimed and did not fire is fired by another after the lease', async () => {
    const quotation = await sent();
    await world.pass(43 * days);
    await world.database.query(
      `update orderflow.wait set next_at = orderflow.now() + interval '30 seconds' where kind = 'timer' and status = 'open'`,
    );
    await fireDue();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    await world.pass(30_001);
    await fireDue();
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('EXPIRED');
  });

  it('one whose host was completed first never fires', async () => {
    const quotation = await sent();
    const [timer] = await world.database.query<{ waitId: string; dueAt: Date }>(
      `select id as "waitId", due_at as "dueAt" from orderflow.wait where kind = 'timer' and status = 'open'`,
    );
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'DECLINE' } });
    await world.pass(43 * days);
    expect(await fireTimer(world.deps, timer!)).to.equal(false);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('REJECTED');
  });
});
