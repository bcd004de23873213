import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { aProduct, completeAt, statesOf } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { aSale, deliver, expectSound, firstOf, lineOf, ship, stockOf, type FulfilmentRow } from './acts.ts';

const days = 86_400_000;

describe('shipments on their way', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  const scan = async (shipment: FulfilmentRow, type: string, eventId: string = randomUUID()): Promise<unknown> =>
    (
      await takeProviderEvent(world.deps, {
        provider: 'carrier',
        eventId,
        type,
        data: { reference: shipment.number, reason: 'NOBODY_HOME' },
      })
    ).body['result'];
  const control = (rules: object): Promise<Response> =>
    fetch(`${world.sandboxUrl}/control`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rules),
    });

  async function aShipment(quantity = 3): Promise<{ sku: string; saleId: string; customerId: string; shipment: FulfilmentRow }> {
    const { sku } = await aProduct(world, { stock: 10 });
    const sale = await aSale(world, [{ sku, quantity }]);
    return { sku, saleId: sale.id, customerId: sale.customerId, shipment: await firstOf(world, sale.id) };
  }

  const owed = async (customerId: string): Promise<unknown> =>
    (
      await world.database.query(
        'select open_orders_minor as held, unpaid_invoices_minor as unpaid from orderflow.credit_profile where customer_id = $1',
        [customerId],
      )
    )[0];

  it('keeps a scan that comes before our own goods issue (scenario 37), and ignores what comes too late (scenario 61)', async () => {
    const { shipment } = await aShipment();
    expect(await scan(shipment, 'carrier.delivered', 'early-37')).to.equal('buffered');
    expect(await scan(shipment, 'carrier.delivered', 'early-37')).to.equal('buffered'); // the same event: the stored answer

    await ship(world, shipment);

    expect(await statesOf(world, shipment.id)).to.deep.equal(['ALLOCATING', 'PICKING', 'PACKING', 'SHIPPED', 'DELIVERED']);
    expect(await scan(shipment, 'carrier.exception')).to.equal('ignored');
    await world.pass(120_000);
    await world.drain();
    expect(await scan(shipment, 'carrier.delivered')).to.equal('ignored');
    expect((await statesOf(world, shipment.id)).at(-1)).to.equal('COMPLETED');
    expect(
      await world.database.query(`select 1 from orderflow.message where correlation_key = $1 and consumed_at is null`, [
        shipment.id,
      ]),
    ).to.deep.equal([]);
  });

  it('has a refused address corrected, then finds the shipment lost: written off, and no longer owed (scenario 34)', async () => {
    const { shipment, saleId, customerId, sku } = await aShipment();
    await control({ only: { operation: 'carrier.book', reference: shipment.number }, declineNext: 1 });
    await ship(world, shipment);
    expect((await firstOf(world, saleId)).state).to.equal('SHIPPING_EXCEPTION');
    await completeAt(world, 'warehouse', shipment.instanceId, 'f_fix');
    await world.drain();
    expect(await owed(customerId)).to.deep.equal({ held: 0, unpaid: 3000 });
    expect(await scan(shipment, 'carrier.exception')).to.equal('delivered');
    expect(await scan(shipment, 'carrier.exception')).to.equal('ignored');

    await completeAt(world, 'warehouse', shipment.instanceId, 'f_exception', { exception: { resolution: 'LOST' } });
    await world.drain();

    expect(await statesOf(world, shipment.id)).to.deep.equal([
      'ALLOCATING',
      'PICKING',
      'PACKING',
      'SHIPPING_EXCEPTION',
      'SHIPPED',
      'DELIVERY_EXCEPTION',
      'LOST',
    ]);
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 3, shipped: 3, lost: 3 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [7, 0] });
    expect(await owed(customerId)).to.deep.equal({ held: 0, unpaid: 0 });
    expect((await statesOf(world, saleId)).at(-1)).to.equal('COMPLETED');
    expect(
      await world.database.query('select status from orderflow.carrier_booking where fulfilment_id = $1 order by requested_at', [
        shipment.id,
      ]),
    ).to.deep.equal([{ status: 'REJECTED' }, { status: 'BOOKED' }]);
  });

  it('delivers again after an exception', async () => {
    const { shipment } = await aShipment();
    await ship(world, shipment);
    await scan(shipment, 'carrier.exception');
    await completeAt(world, 'warehouse', shipment.instanceId, 'f_exception', { exception: { resolution: 'DELIVER_AGAIN' } });
    await deliver(world, shipment);
    expect((await statesOf(world, shipment.id)).slice(-4)).to.deep.equal([
      'SHIPPED',
      'DELIVERY_EXCEPTION',
      'SHIPPED',
      'DELIVERED',
    ]);
  });

  it('takes goods back that could not be handed over: they are in stock, and no longer owed', async () => {
    const { shipment, saleId, customerId, sku } = await aShipment();
    const waiting = await aSale(world, [{ sku, quantity: 8 }]);
    await ship(world, shipment);
    await scan(shipment, 'carrier.exception');

    await completeAt(world, 'warehouse', shipment.instanceId, 'f_exception', { exception: { resolution: 'RETURN_TO_SENDER' } });
    await world.drain();

    expect((await statesOf(world, shipment.id)).at(-1)).to.equal('RETURNED');
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 3, shipped: 3, delivered: 3, returned: 3 });
    expect((await stockOf(world, sku))['MAIN']?.[0]).to.equal(10);
    expect((await firstOf(world, waiting.id)).state).to.equal('PICKING');
    expect(await owed(customerId)).to.deep.equal({ held: 0, unpaid: 0 });
    expect((await statesOf(world, saleId)).at(-1)).to.equal('COMPLETED');
    const back = (await (await fetch(`${world.sandboxUrl}/shipments/${shipment.number}`)).json()) as { status: string };
    expect(back.status).to.equal('returning');
  });

  it('asks the carrier for a shipment of which nothing is heard for ten days, and goes on waiting', async () => {
    const { shipment, saleId } = await aShipment();
    await ship(world, shipment);

    await world.pass(10 * days + 1000);
    await world.drain();

    expect((await firstOf(world, saleId)).state).to.equal('SHIPPED');
    const traced = (await (await fetch(`${world.sandboxUrl}/shipments/${shipment.number}`)).json()) as { traces: number };
    expect(traced.traces).to.equal(1);
    await deliver(world, shipment);
    expect((await firstOf(world, saleId)).state).to.equal('DELIVERED');
  });
});
