import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { ProviderUnavailable } from '../../src/jobs/providers/port.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import type { JobBell } from '../../src/outbox/relay.ts';
import { aSaleOrder, statesOf } from '../helpers/builders.ts';
import { listenToProvider } from '../helpers/provider.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('payment requests and the cancellation of their sale', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const bellOf = async (jobType: string): Promise<JobBell> => {
    for (;;) {
      const [bell] = await world.database.query<JobBell>(
        `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox where done_at is null and cancelled_at is null`,
      );
      if (!bell) throw new Error(`${jobType} never came`);
      if (bell.jobType === jobType) return bell;
      await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    }
  };

  it('a request that is on its way to the provider while the sale is cancelled leaves no open payment behind', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    const bell = await bellOf('payment.request');
    let arrive: () => void = () => undefined;
    const underway = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { payments } = world.providers;
    let sent: () => void = () => undefined;
    const hasLeft = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const slow = {
      ...world.providers,
      payments: {
        ...payments,
        requestPayment: async (request: Parameters<typeof payments.requestPayment>[0]) => {
          sent();
          await underway;
          return payments.requestPayment(request);
        },
      },
    };
    const answering = answerBell(world.deps, world.handlers, slow, bell, 30_000);
    await hasLeft;
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'in the very moment' });
    await world.drain();
    arrive();
    await answering;
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'CANCELLING', 'CANCELLED']);
    expect((await payments.findPayment(sale.number))?.status).to.equal('voided');
  });

  it('a request whose answer never came is found again when the sale is given up, and voided', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    const bell = await bellOf('payment.request');
    const { payments } = world.providers;
    const lost = {
      ...world.providers,
      payments: {
        ...payments,
        requestPayment: async (request: Parameters<typeof payments.requestPayment>[0]) => {
          await payments.requestPayment(request);
          throw new ProviderUnavailable('payments', 'the connection broke after the provider had done it');
        },
      },
    };
    await answerBell(world.deps, world.handlers, lost, bell, 30_000);
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'before anybody knew' });
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    expect((await payments.findPayment(sale.number))?.status).to.equal('voided');
    const ledger = (await (await fetch(`${world.sandboxUrl}/ledger`)).json()) as { effects: { operation: string }[] };
    expect(ledger.effects.map(({ operation }) => operation)).to.deep.equal(['payment.request', 'payment.void']);
  });

  it('captures go back one by one, each under a key of its own: one that arrives after the sale was given up is one refund more', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const provider = await listenToProvider(world);
    await provider.pay(sale.number, 1000);
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'paid in part' });
    await answerBell(world.deps, world.handlers, world.providers, await bellOf('sale.begin-cancel'), 30_000);
    await answerBell(world.deps, world.handlers, world.providers, await bellOf('sale.undo-commitments'), 30_000);
    await provider.pay(sale.number, 700);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    const refunds = await world.database.query(
      `select amount_minor as amount, status from orderflow.payment where sale_order_id = $1 and kind = 'REFUND' order by amount_minor`,
      [sale.id],
    );
    expect(refunds).to.deep.equal([
      { amount: 700, status: 'SUCCEEDED' },
      { amount: 1000, status: 'SUCCEEDED' },
    ]);
    const effects = await provider.effects('payment.refund');
    expect(effects.filter(({ outcome }) => outcome === 'done')).to.have.length(2);
    await provider.told();
    await provider.close();
  });
});
