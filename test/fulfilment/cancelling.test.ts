import { expect } from 'chai';
import { cancelFulfilment } from '../../src/commands/cancel-fulfilment.ts';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { aCustomer, aProduct, statesOf } from '../helpers/builders.ts';
import { listenToProvider } from '../helpers/provider.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import {
  aSale,
  deliver,
  expectSound,
  firstOf,
  fulfilmentsOf,
  lineOf,
  putOff,
  ship,
  stockOf,
  type FulfilmentRow,
} from './acts.ts';

describe('cancelling shipments', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  const cancel = (fulfilment: FulfilmentRow): Promise<unknown> =>
    cancelFulfilment(world.deps, by('sales'), { fulfilmentId: fulfilment.id, reason: 'no longer needed' });
  const labelsOf = async (number: string): Promise<string[]> => {
    const ledger = (await (await fetch(`${world.sandboxUrl}/ledger?reference=${number}`)).json()) as {
      effects: { operation: string; outcome: string }[];
    };
    return ledger.effects.filter((effect) => effect.outcome === 'done').map((effect) => effect.operation);
  };
  const heldBy = async (customerId: string): Promise<unknown> =>
    (
      await world.database.query('select open_orders_minor as held from orderflow.credit_profile where customer_id = $1', [
        customerId,
      ])
    )[0];

  it('gives the goods back while they are picked, and they serve whoever waits (scenario 42)', async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    const first = await aSale(world, [{ sku, quantity: 5 }]);
    const second = await aSale(world, [{ sku, quantity: 4 }]);
    const shipment = await firstOf(world, first.id);
    expect((await firstOf(world, second.id)).state).to.equal('BACKORDERED');

    await cancel(shipment);
    await world.drain();

    expect(await statesOf(world, shipment.id)).to.deep.equal(['ALLOCATING', 'PICKING', 'CANCELLING', 'CANCELLED']);
    expect((await firstOf(world, second.id)).state).to.equal('PICKING');
    expect(await lineOf(world, first.id)).to.deep.equal({ ordered: 5, cancelled: 5 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [5, 4] });
    expect(await heldBy(first.customerId)).to.deep.equal({ held: 0 });
    expect((await statesOf(world, first.id)).at(-1)).to.equal('COMPLETED');
  });

  it('cancels one that waits: its place in the queue is given up', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const sale = await aSale(world, [{ sku, quantity: 3 }]);

    await cancel(await firstOf(world, sale.id));
    await world.drain();

    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 3, cancelled: 3 });
    expect(await world.database.query('select status from orderflow.backorder_demand where sku = $1', [sku])).to.deep.equal([
      { status: 'CANCELLED' },
    ]);
  });

  it('marks one that is packed and about to leave: goods issue finds the mark, and its label is voided', async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    const sale = await aSale(world, [{ sku, quantity: 5 }]);
    const shipment = await firstOf(world, sale.id);
    const comesNow = await putOff(world, 'shipment.post');
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: shipment.id });
    await world.drain();
    expect(await labelsOf(shipment.number)).to.deep.equal(['carrier.book']);

    await cancel(shipment);
    expect((await firstOf(world, sale.id)).state).to.equal('PACKING');
    await comesNow();
    await world.drain();

    expect((await statesOf(world, shipment.id)).slice(-2)).to.deep.equal(['CANCELLING', 'CANCELLED']);
    expect(await labelsOf(shipment.number)).to.deep.equal(['carrier.book', 'carrier.void']);
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [5, 0] });
  });

  it('calls the goods back when the carrier has scanned them before they were posted, and a label that is used cannot be voided', async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    const sale = await aSale(world, [{ sku, quantity: 5 }]);
    const shipment = await firstOf(world, sale.id);
    const letGo = await putOff(world, 'shipment.post');
    await ship(world, shipment);
    await fetch(`${world.sandboxUrl}/shipments/${shipment.number}/exception`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': shipment.number },
      body: '{}',
    });
    await cancel(shipment);
    await letGo();
    await world.drain();

    expect((await statesOf(world, shipment.id)).slice(-2)).to.deep.equal(['CANCELLING', 'CANCELLED']);
    expect(await labelsOf(shipment.number)).to.deep.equal(['carrier.book', 'carrier.exception', 'carrier.return']);
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [5, 0] });
    expect(
      await world.database.query('select status from orderflow.carrier_booking where fulfilment_id = $1', [shipment.id]),
    ).to.deep.equal([{ status: 'VOIDED' }]);
  });

  it('voids the label of a booking that was on its way when the shipment was cancelled', async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    const sale = await aSale(world, [{ sku, quantity: 1 }]);
    const shipment = await firstOf(world, sale.id);
    const book = world.handlers.get('carrier.book');
    if (!book || 'effect' in book) throw new Error('carrier.book calls the outside');
    world.handlers.set('carrier.book', {
      ...book,
      call: async (providers, job, intent) => {
        const outcome = await book.call(providers, job, intent);
        await cancel(shipment);
        return outcome;
      },
    });
    await ship(world, shipment);
    world.handlers.set('carrier.book', book);

    expect((await statesOf(world, shipment.id)).slice(-2)).to.deep.equal(['CANCELLING', 'CANCELLED']);
    expect(await labelsOf(shipment.number)).to.deep.equal(['carrier.book', 'carrier.void']);
    expect(
      await world.database.query('select status from orderflow.carrier_booking where fulfilment_id = $1', [shipment.id]),
    ).to.deep.equal([{ status: 'VOIDED' }]);
  });

  it('refuses one that has left: that comes back by a return', async () => {
    const { sku } = await aProduct(world);
    const sale = await aSale(world, [{ sku, quantity: 1 }]);
    const shipment = await firstOf(world, sale.id);
    await ship(world, shipment);

    const refused = await problemOf(cancel(shipment));

    expect([refused.code, refused.extensions['workflowState']]).to.deep.equal(['wrong-state', 'SHIPPED']);
    expect(refused.message).to.include('return');
  });

  it('cancels of a cleared sale what has not left, and the sale completes with what has (scenario 26)', async () => {
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSale(world, [{ sku, quantity: 5 }]);
    const [gone, waits] = await fulfilmentsOf(world, sale.id);
    if (!gone || !waits) throw new Error('two shipments were expected');
    await ship(world, gone);

    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'only the rest' });
    await world.drain();
    expect((await statesOf(world, waits.id)).at(-1)).to.equal('CANCELLED');
    expect((await statesOf(world, gone.id)).at(-1)).to.equal('SHIPPED');
    await deliver(world, gone);
    await world.pass(120_000);
    await world.drain();

    expect((await statesOf(world, gone.id)).at(-1)).to.equal('COMPLETED');
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('COMPLETED');
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 5, cancelled: 2, shipped: 3, delivered: 3 });
    expect(await heldBy(sale.customerId)).to.deep.equal({ held: 0 });
  });

  it('gives back what was prepaid for a shipment that is cancelled, and lets the others go', async () => {
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSale(world, [{ sku, quantity: 5 }], { paymentMethod: 'PREPAY' });
    const provider = await listenToProvider(world);
    await provider.pay(sale.number, 5000);
    await world.drain();
    const [there, waits] = await fulfilmentsOf(world, sale.id);
    if (!there || !waits) throw new Error('two shipments were expected');

    await cancel(waits);
    await world.drain();

    const refunds = await world.database.query(
      `select amount_minor as amount, status from orderflow.payment where sale_order_id = $1 and kind = 'REFUND'`,
      [sale.id],
    );
    await provider.close();
    expect(refunds).to.deep.equal([{ amount: 2000, status: 'SUCCEEDED' }]);
    await ship(world, there);
    expect((await firstOf(world, sale.id)).state).to.equal('SHIPPED');
  });

  it('undoes a cleared sale of which nothing has left as a whole', async () => {
    const customer = await aCustomer(world);
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSale(world, [{ sku, quantity: 5 }], { customer: customer.id });

    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'all of it' });
    await world.drain();

    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    expect((await fulfilmentsOf(world, sale.id)).map((each) => each.state)).to.deep.equal(['CANCELLED', 'CANCELLED']);
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 5, cancelled: 5 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [3, 0] });
    expect(await heldBy(customer.id)).to.deep.equal({ held: 0 });
  });
});
