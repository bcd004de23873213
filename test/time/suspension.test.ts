import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { createTimers } from '../../src/jobs/timers.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import { createCorrelator } from '../../src/outbox/correlator.ts';
import { createRelay, type JobBell } from '../../src/outbox/relay.ts';
import { SaleOrder } from '../../src/persistence/entities/index.ts';
import type { Problem } from '../../src/support/errors.ts';
import { createLogger } from '../../src/support/logger.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { failure } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const leaseAndSweep = { leaseMs: 30_000, sweepMs: 60_000 };
const days = 86_400_000;

describe('suspension', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const suspend = (instanceId: string) =>
    suspendInstance(world.deps, by('operator'), { instanceId, reason: 'the customer thinks it over' });
  const resume = (instanceId: string) =>
    resumeInstance(world.deps, by('operator'), { instanceId, reason: 'the customer is sure' });
  const last = async (id: string) => (await statesOf(world, id)).at(-1);
  const codeOf = async (promise: Promise<unknown>) => ((await failure(promise)) as Problem).code;
  const rungBells = async (): Promise<JobBell[]> => {
    const bells: JobBell[] = [];
    const relay = createRelay(
      world.database,
      (some) => Promise.resolve(void bells.push(...some)),
      leaseAndSweep,
      createLogger('silent'),
    );
    relay.start();
    await relay.stop();
    return bells;
  };

  it('52 an order is paused, others are placed, then it is resumed: it keeps its hold, and they see what is left', async () => {
    const customer = await aCustomer(world, { limitMinor: 10_000 });
    const product = (await aProduct(world)).sku;
    const order = (quantity: number) => aSaleOrder(world, { customer: customer.id, product, quantity, paymentMethod: 'TERMS' });
    const paused = await order(8);
    await world.drain();
    await suspend(paused.processInstanceId);
    const fits = await order(2);
    const tooMuch = await order(3);
    await world.drain();

    expect(await last(fits.id)).to.equal('CLEARED');
    expect(await last(tooMuch.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
    const [held] = await world.database.query<{ amount: number }>(
      `select amount_minor as amount from orderflow.credit_hold where sale_order_id = $1 and status in ('HELD', 'COMMITTED')`,
      [paused.id],
    );
    expect(held?.amount).to.equal(8000);
    await resume(paused.processInstanceId);
    await world.drain();
    expect(await last(paused.id)).to.equal('CLEARED');
    expect(await last(tooMuch.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
  });

  it('commands on it are refused with 423, and nothing of it moves: no job is rung or completed, no message given, no timer fired', async () => {
    const quotation = await aQuotation(world);
    const task = await openTask(world, quotation.processInstanceId, 'q_draft');
    await suspend(quotation.processInstanceId);
    const complete = () => completeUserTask(world.deps, by('sales'), { taskId: task, variables: {} });
    expect(await codeOf(complete())).to.equal('suspended');
    await resume(quotation.processInstanceId);
    await complete();

    const [bell] = await rungBells();
    expect(bell?.jobType).to.equal('quotation.price');
    await suspend(quotation.processInstanceId);
    await answerBell(world.deps, world.handlers, world.providers, bell!, 30_000);
    await world.pass(60_000);
    expect(await rungBells(), 'its job rests').to.deep.equal([]);
    const [row] = await world.database.query<{ failures: number; done: boolean }>(
      'select failures, done_at is not null as done from orderflow.outbox where wait_id = $1',
      [bell!.jobId],
    );
    expect(row).to.deep.equal({ failures: 0, done: false });
    await resume(quotation.processInstanceId);
    await world.drain();
    expect(await last(quotation.id)).to.equal('SENT');

    await suspend(quotation.processInstanceId);
    await world.pass(50 * days);
    const timers = createTimers(world.deps, leaseAndSweep).start();
    await timers.stop();
    expect(await last(quotation.id)).to.equal('SENT');
    await resume(quotation.processInstanceId);
    await world.drain();
    expect(await last(quotation.id)).to.equal('EXPIRED');
  });

  it('money that arrives meanwhile is recorded, and moves the order when it goes on', async () => {
    const sale = await aSaleOrder(world, { quantity: 2, paymentMethod: 'PREPAY' });
    await world.drain();
    expect(await last(sale.id)).to.equal('AWAITING_PAYMENT');
    await suspend(sale.processInstanceId);
    const capture = { saleOrderId: sale.id, amountMinor: 2000, currency: 'EUR', reference: `bank-${sale.number}` };
    await recordCapture(world.deps, by('finance'), capture);
    await world.drain();
    const correlator = createCorrelator(world.deps, 60_000).start();
    await correlator.stop();

    const read = () => world.database.dataSource.manager.findOneByOrFail(SaleOrder, { id: sale.id });
    expect((await read()).capturedMinor).to.equal(2000);
    expect(await last(sale.id)).to.equal('AWAITING_PAYMENT');
    const cancel = cancelSaleOrder(world.deps, by('admin'), { saleOrderId: sale.id, reason: 'no more' });
    expect(await codeOf(cancel)).to.equal('suspended');
    await resume(sale.processInstanceId);
    await world.drain();
    expect(await last(sale.id)).to.equal('CLEARED');
  });

  it('is in the log of the instance with who did it, told to the world with the reason, and asked for once', async () => {
    const quotation = await aQuotation(world);
    const { body } = await suspend(quotation.processInstanceId);
    expect(body).to.include({ suspendedBy: 'operator', suspensionReason: 'the customer thinks it over' });
    expect(await codeOf(suspend(quotation.processInstanceId))).to.equal('wrong-state');
    await resume(quotation.processInstanceId);
    expect(await codeOf(resume(quotation.processInstanceId))).to.equal('wrong-state');
    expect(
      await codeOf(suspendInstance(world.deps, by('sales'), { instanceId: quotation.processInstanceId, reason: 'x' })),
    ).to.equal('forbidden');

    const steps = await world.database.query<{ trigger: string; actor: string; opened: string[] }>(
      `select trigger, actor, opened from orderflow.step where instance_id = $1 and trigger in ('suspend', 'resume') order by revision`,
      [quotation.processInstanceId],
    );
    expect(steps).to.deep.equal([
      { trigger: 'suspend', actor: 'operator', opened: [] },
      { trigger: 'resume', actor: 'operator', opened: [] },
    ]);
    const events = await world.database.query<{ type: string; reason: string }>(
      `select type, data->>'reason' as reason from orderflow.event where subject_id = $1 and type in ('workflow.suspended', 'workflow.resumed') order by sequence`,
      [quotation.id],
    );
    expect(events).to.deep.equal([
      { type: 'workflow.suspended', reason: 'the customer thinks it over' },
      { type: 'workflow.resumed', reason: 'the customer is sure' },
    ]);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    expect(await world.drain()).to.include('quotation.price');
  });
});
