import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import type { JobBell } from '../../src/outbox/relay.ts';
import { aSaleOrder, statesOf } from '../helpers/builders.ts';
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

  it('captures go back one by one, each under a key of its own: one that arrives between two tries is one refund more', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const { providerReference } = (await world.providers.payments.findPayment(sale.number))!;
    const pay = async (amountMinor: number): Promise<void> => {
      const answer = await fetch(`${world.sandboxUrl}/payments/intents/${providerReference}/captures`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `pay-${amountMinor}` },
        body: JSON.stringify({ amountMinor }),
      });
      const record = await world.providers.payments.findPayment(sale.number);
      expect(answer.status).to.be.lessThan(300);
      const capture = record!.captures.find((each) => each.amountMinor === amountMinor);
      await takeProviderEvent(world.deps, {
        provider: 'payments',
        eventId: `evt-${amountMinor}`,
        type: 'payment.captured',
        data: { reference: sale.number, amountMinor, currency: 'EUR', captureReference: capture!.captureReference },
      });
    };
    await pay(1000);
    await world.drain();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'paid in part' });
    const bell = await bellOf('sale.undo-commitments');
    // the provider is asked, and then our process is gone before it could write that down
    const { payments } = world.providers;
    let asked = 0;
    const lost = {
      ...world.providers,
      payments: {
        ...payments,
        refund: async (request: Parameters<typeof payments.refund>[0]) => {
          asked++;
          await payments.refund(request);
          throw new Error('the connection broke after the provider had done it');
        },
      },
    };
    await answerBell(world.deps, world.handlers, lost, bell, 30_000);
    expect(asked).to.equal(1);
    await pay(700);
    await world.pass(60_000);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    const refunds = await world.database.query(
      `select amount_minor as amount from orderflow.payment where sale_order_id = $1 and kind = 'REFUND' order by amount_minor`,
      [sale.id],
    );
    expect(refunds).to.deep.equal([{ amount: 700 }, { amount: 1000 }]);
    const ledger = (await (await fetch(`${world.sandboxUrl}/ledger`)).json()) as { effects?: unknown[] } | unknown[];
    const effects = (Array.isArray(ledger) ? ledger : Object.values(ledger).flat()) as { operation: string; outcome: string }[];
    expect(effects.filter((effect) => effect.operation === 'payment.refund' && effect.outcome === 'done')).to.have.length(2);
  });
});
