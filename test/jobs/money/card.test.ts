import { expect } from 'chai';
import { receiveStock } from '../../../src/commands/receive-stock.ts';
import { shipFulfilment } from '../../../src/commands/ship-fulfilment.ts';
import { answerBell } from '../../../src/jobs/worker.ts';
import type { JobBell } from '../../../src/outbox/relay.ts';
import { readSaleOrder } from '../../../src/queries/sale-order.ts';
import { aCustomer, aProduct, aSaleOrder, statesOf } from '../../helpers/builders.ts';
import { listenToProvider, type ProviderSide } from '../../helpers/provider.ts';
import { by, openWorld, type World } from '../../helpers/world.ts';
import { arrive, auditOf, eventsAbout, incidentsOf, invoicesOf, moneyOf, paymentsOf, profileOf, ship } from './world.ts';

describe('A card is authorised for the order and charged for each shipment', () => {
  let world: World;
  let provider: ProviderSide;
  beforeEach(async () => {
    world = await openWorld();
    provider = await listenToProvider(world);
  });
  afterEach(async () => {
    expect(await auditOf(world)).to.deep.equal([]);
    await provider.close();
    await world.close();
  });

  it('the sale is cleared by the authorisation; the shipment takes the money, once, whether answer or event comes first', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ state: 'CLEARED', authorized: 5000, captured: 0 });

    const shipments = await ship(world, sale.id);
    await provider.told();
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 0, captured: 5000, unapplied: 0 });
    expect(await paymentsOf(world, sale.id)).to.deep.equal(['AUTH SUCCEEDED 5000', 'CAPTURE SUCCEEDED 5000']);
    await arrive(world, shipments);
    expect((await moneyOf(world, sale.id)).state).to.equal('COMPLETED');
    expect(await provider.effects('payment.capture')).to.have.length(1);
    expect(await eventsAbout(world, 'payment.authorized')).to.have.length(1);
    expect(await eventsAbout(world, 'payment.captured')).to.have.length(1);
  });

  it('two shipments take their parts, which add up to the total', async () => {
    const { sku } = await aProduct(world, { stock: 3, listPriceMinor: 333 });
    const sale = await aSaleOrder(world, { product: sku, quantity: 5, paymentMethod: 'CARD' });
    await world.drain();
    await ship(world, sale.id);
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 666, captured: 999 });
    await receiveStock(world.deps, by('warehouse'), { sku, quantity: 5, reference: 'more' });
    await world.drain();
    await ship(world, sale.id);
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 0, captured: 1665 });
    expect(await paymentsOf(world, sale.id)).to.deep.equal([
      'AUTH SUCCEEDED 1665',
      'CAPTURE SUCCEEDED 999',
      'CAPTURE SUCCEEDED 666',
    ]);
  });

  it('25: a refused capture is a receivable, the account is held, and the delivery goes on', async () => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod: 'CARD' });
    await world.drain();
    await provider.control({ only: { operation: 'payment.capture' }, declineNext: 1 });
    const shipments = await ship(world, sale.id);
    const [invoice, ...more] = await invoicesOf(world, sale.id);
    expect(more).to.deep.equal([]);
    expect(invoice).to.include({ kind: 'RECEIVABLE', amount: 5000, open: 5000 });
    const profile = await profileOf(world, customer.id);
    expect(profile).to.include({ hold: 'HOLD', unpaid: 5000 });
    expect(profile.reason).to.include(sale.number);
    expect(await paymentsOf(world, sale.id)).to.include('CAPTURE FAILED 5000');
    await arrive(world, shipments);
    expect((await moneyOf(world, sale.id)).state).to.equal('COMPLETED');
    // what was authorised and not taken is given up with the sale
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 0 });
    expect(await paymentsOf(world, sale.id)).to.include('VOID SUCCEEDED 5000');
  });

  it('an authorisation that the bank takes back after the sale was cleared: it was cleared rightly, and nothing leaves on it', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const sale = await aSaleOrder(world, { product: sku, paymentMethod: 'CARD' });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ state: 'CLEARED', authorized: 5000 });
    await provider.decline(sale.number);
    await receiveStock(world.deps, by('warehouse'), { sku, quantity: 5, reference: 'more' });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ state: 'CLEARED', authorized: 0 });
    expect(await ship(world, sale.id)).to.deep.equal([]);
  });

  it('49: the worker dies after the provider took the money and before it could write that down: one charge', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await world.drain();
    const { payments } = world.providers;
    let died = 0;
    const dying: World['providers'] = {
      ...world.providers,
      payments: {
        ...payments,
        capturePayment: async (request) => {
          await payments.capturePayment(request);
          died++;
          throw new Error('the worker is gone');
        },
      },
    };
    const bellOf = async (): Promise<JobBell | undefined> =>
      (
        await world.database.query<JobBell>(
          `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox where done_at is null and cancelled_at is null order by sequence limit 1`,
        )
      )[0];
    const { fulfilments } = (await world.database.read((tx) => readSaleOrder(tx, sale.id))) as unknown as {
      fulfilments: { id: string }[];
    };
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: fulfilments[0]!.id });
    for (let bell = await bellOf(); bell; bell = await bellOf()) {
      await answerBell(world.deps, world.handlers, dying, bell, 30_000);
      if (bell.jobType === 'payment.capture-on-shipment') break;
    }
    expect(died).to.equal(1);
    await world.pass(60_000);
    await world.drain();
    await provider.told();
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, authorized: 0 });
    expect(await paymentsOf(world, sale.id)).to.deep.equal(['AUTH SUCCEEDED 5000', 'CAPTURE SUCCEEDED 5000']);
    const captures = await provider.effects('payment.capture');
    expect(captures.map(({ outcome }) => outcome)).to.deep.equal(['done']);
  });

  it('50: a capture whose answer never comes is UNKNOWN and the shipment goes on; the reconciler settles it', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await world.drain();
    await provider.control({ only: { operation: 'payment.capture' }, failBeforeNext: 3 });
    await ship(world, sale.id);
    expect(await paymentsOf(world, sale.id)).to.include('CAPTURE UNKNOWN 5000');
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
    expect(await invoicesOf(world, sale.id)).to.deep.equal([]);
    for (let looks = 0; looks < 6; looks++) {
      await world.pass(120_000);
      await world.drain();
    }
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, authorized: 0 });
    expect(await provider.effects('payment.capture')).to.have.length(1);
  });

  it('50: an authorisation whose answer never comes leaves the sale waiting until the reconciler knows, then it is cleared', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await provider.control({ only: { operation: 'payment.request' }, failNext: 1 });
    await world.drain();
    expect(await paymentsOf(world, sale.id)).to.deep.equal(['AUTH UNKNOWN 5000']);
    expect((await moneyOf(world, sale.id)).state).to.equal('AWAITING_PAYMENT');
    await world.pass(10_000);
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'AWAITING_PAYMENT', 'CLEARED']);
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 5000 });
    expect(await provider.effects('payment.request')).to.have.length(1);
  });

  it('50: an authorisation that turns out to be declined is a decline, not a payment', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await provider.control([{ only: { operation: 'payment.request' }, declineNext: 1, failNext: 1 }]);
    await world.drain();
    expect((await moneyOf(world, sale.id)).state).to.equal('AWAITING_PAYMENT');
    await world.pass(10_000);
    await world.drain();
    expect((await moneyOf(world, sale.id)).state).to.equal('AWAITING_PAYMENT_METHOD');
    expect(await paymentsOf(world, sale.id)).to.deep.equal(['AUTH FAILED 5000']);
  });
});
