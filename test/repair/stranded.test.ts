import { expect } from 'chai';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { suspendWork } from '../../src/commands/suspended-work.ts';
import { sweepOnce } from '../../src/jobs/sweeps.ts';
import { leaveMessage } from '../../src/persistence/messages.ts';
import { searchIncidents } from '../../src/queries/incident.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { aQuotation, aSaleOrder, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const minutes = 60_000;

describe('stranded work', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ mayViolate: true });
  });
  afterEach(() => world.close());

  /** So many looks of the sweep, a few minutes apart. */
  const looks = async (count: number, apart = 5 * minutes): Promise<void> => {
    for (let look = 0; look < count; look++) {
      await world.pass(apart);
      await sweepOnce(world.deps);
    }
  };
  const incidents = async (): Promise<readonly JsonObject[]> =>
    (await world.database.read((tx) => searchIncidents(tx, { filter: { kind: 'stranded' } }))).items;
  const findings = async () =>
    (await incidents()).map((each) => [(each['details'] as JsonObject)['finding'], each['elementId'], each['status']]);
  const sent = async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    return quotation;
  };

  it('a job that no worker takes is an incident after some looks, is said once, and is resolved by the step of its result', async () => {
    const sale = await aSaleOrder(world);
    await looks(2);
    expect(await incidents(), 'it may still be taken').to.deep.equal([]);
    await looks(4);
    expect(await findings()).to.deep.equal([['job-never-begun', 's_open', 'open']]);
    const [told] = await world.database.query<{ n: number }>(
      `select count(*) as n from orderflow.event where type = 'workflow.incident-raised'`,
    );
    expect(told?.n, 'once').to.equal(1);

    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    expect(await findings()).to.deep.equal([['job-never-begun', 's_open', 'resolved']]);
    await looks(3);
    expect(await incidents()).to.have.length(1);
  });

  it('what is due all at once after an outage is not stranded: it is done by the next look', async () => {
    await sent();
    await world.pass(50 * 24 * 60 * minutes);
    await looks(1);
    await world.drain();
    await looks(3);
    expect(await incidents()).to.deep.equal([]);
  });

  it('a timer that is long overdue is an incident, and firing resolves it', async () => {
    const quotation = await sent();
    await world.pass(50 * 24 * 60 * minutes);
    await looks(4);
    const found = await findings();
    expect(found.map(([finding]) => finding)).to.include('timer-overdue');
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('EXPIRED');
    expect(new Set((await findings()).map(([, , status]) => status))).to.deep.equal(new Set(['resolved']));
  });

  it('what rests with nobody knowing why is an incident, and trying again lets it go on', async () => {
    const sale = await aSaleOrder(world);
    await world.database.query(`update orderflow.outbox set next_at = 'infinity', begun_at = orderflow.now()`);
    const quotation = await sent();
    const timers = `update orderflow.wait set next_at = 'infinity' where kind = 'timer' and status = 'open' and instance_id = $1`;
    await world.database.query(timers, [quotation.processInstanceId]);
    await looks(5);
    const found = await findings();
    expect(found).to.deep.include(['job-held', 's_open', 'open']);
    expect(found.map(([finding]) => finding)).to.include('timer-held');

    const held = (await incidents()).find((each) => each['elementId'] === 's_open');
    expect((await resolveIncident(world.deps, by('operator'), held?.['id'] as string)).body).to.include({ status: 'retrying' });
    await looks(1);
    expect(await findings(), 'not resolved for not being found: only by its commit').to.deep.include([
      'job-held',
      's_open',
      'retrying',
    ]);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    expect(await findings()).to.deep.include(['job-held', 's_open', 'resolved']);
  });

  it('a message that expired before it was read is an incident of who waited for it, and trying again gives it to them after all', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('AWAITING_PAYMENT');
    const [wait] = await world.database.query<{ name: string; key: string; elementId: string }>(
      `select message_name as name, correlation_key as key, element_id as "elementId" from orderflow.wait
        where instance_id = $1 and kind = 'message' and status = 'open' and message_name = 'sale.cancel-requested'`,
      [sale.processInstanceId],
    );
    if (!wait) throw new Error('nothing waits for a cancellation');
    await world.database.transaction((tx) =>
      leaveMessage(tx, { name: wait.name, correlationKey: wait.key, variables: {}, source: 'test', timeToLiveMs: minutes }),
    );
    await looks(4);
    expect(await findings()).to.deep.equal([['message-expired', wait.elementId, 'open']]);
    await resolveIncident(world.deps, by('operator'), (await incidents())[0]?.['id'] as string);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    expect(await findings()).to.deep.equal([['message-expired', wait.elementId, 'resolved']]);
  });

  it('an instance that runs and waits for nothing is an incident that only a repair helps; cured, it is resolved by itself', async () => {
    const quotation = await aQuotation(world);
    const task = await openTask(world, quotation.processInstanceId, 'q_draft');
    const lost = `update orderflow.wait set status = 'cancelled', closed_at = orderflow.now(), closed_by = 'nobody', closed_revision = 1 where instance_id = $1 and status = 'open'`;
    await world.database.query(lost, [quotation.processInstanceId]);
    await looks(4);
    expect(await findings()).to.deep.equal([['nothing-waits', undefined, 'open']]);
    const problem = await problemOf(resolveIncident(world.deps, by('operator'), (await incidents())[0]?.['id'] as string));
    expect(problem.code).to.equal('wrong-state');
    expect(problem.message).to.contain(`/v1/process-instances/${quotation.processInstanceId}/moves`);

    await world.database.query(
      `update orderflow.wait set status = 'open', closed_at = null, closed_by = null, closed_revision = null where id = $1`,
      [task],
    );
    await looks(1);
    expect(await findings()).to.deep.equal([['nothing-waits', undefined, 'resolved']]);
    expect((await incidents())[0]).to.include({ resolvedBy: 'sweep' });
  });

  it('what rests on purpose is not stranded', async () => {
    const sale = await aSaleOrder(world);
    const other = await aQuotation(world);
    await completeAt(world, 'sales', other.processInstanceId, 'q_draft');
    await suspendInstance(world.deps, by('operator'), { instanceId: sale.processInstanceId, reason: 'to think' });
    await suspendWork(world.deps, by('operator'), { kind: 'job-type', ref: 'quotation.price', reason: 'no prices' });
    await looks(6);
    expect(await incidents()).to.deep.equal([]);
    await resumeInstance(world.deps, by('operator'), { instanceId: sale.processInstanceId, reason: 'thought' });
    await looks(1);
    expect(await incidents(), 'nor is it at once when it goes on').to.deep.equal([]);
  });

  it('an incident that was let try again and not heard of for long is open again', async () => {
    await aSaleOrder(world);
    await looks(4);
    const id = (await incidents())[0]?.['id'] as string;
    await resolveIncident(world.deps, by('operator'), id);
    await looks(2);
    expect((await incidents())[0]).to.include({ status: 'retrying', attempts: 0 });
    await looks(2);
    expect((await incidents())[0]).to.include({ id, status: 'open', attempts: 1 });
    expect(await incidents()).to.have.length(1);
  });
});
