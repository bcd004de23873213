import { expect } from 'chai';
import { countStock } from '../../src/commands/count-stock.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { aProduct, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aSale, expectSound, firstOf, lineOf, putOff, receive, ship, stockOf } from './acts.ts';

describe('counting stock', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  const count = (sku: string, onHand: number, reference: string, location = 'MAIN') =>
    countStock(world.deps, by('warehouse'), { sku, location, onHand, reference });

  it('makes the youngest promises wait when fewer pieces are there than were promised (scenario 54)', async () => {
    const { sku } = await aProduct(world, { stock: 10 });
    const old = await aSale(world, [{ sku, quantity: 4 }]);
    await world.pass(1000);
    const young = await aSale(world, [{ sku, quantity: 5 }]);
    const shipment = await firstOf(world, young.id);
    expect(shipment.state).to.equal('PICKING');

    await count(sku, 6, 'sheet-1');
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [6, 6] });
    expect(await lineOf(world, young.id)).to.deep.equal({ ordered: 5, reserved: 2, backordered: 3 });
    await world.drain();

    expect(await statesOf(world, shipment.id)).to.deep.equal(['ALLOCATING', 'PICKING', 'ALLOCATING', 'BACKORDERED']);
    expect((await firstOf(world, old.id)).state).to.equal('PICKING');
    await receive(world, sku, 3);
    await world.drain();
    expect((await firstOf(world, young.id)).state).to.equal('PICKING');
    expect(await lineOf(world, young.id)).to.deep.equal({ ordered: 5, reserved: 5 });
  });

  it('lets nothing leave that a count has taken from a packed shipment; it is booked anew when the goods are there', async () => {
    const { sku } = await aProduct(world, { stock: 2 });
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    const shipment = await firstOf(world, sale.id);
    const comesNow = await putOff(world, 'shipment.post');
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: shipment.id });
    await world.drain();

    await count(sku, 1, 'sheet-2');
    await comesNow();
    await world.drain();

    expect(await statesOf(world, shipment.id)).to.deep.equal(['ALLOCATING', 'PICKING', 'PACKING', 'ALLOCATING', 'BACKORDERED']);
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 2, reserved: 1, backordered: 1 });
    await receive(world, sku, 1);
    await world.drain();
    await ship(world, shipment);
    expect((await firstOf(world, sale.id)).state).to.equal('SHIPPED');
    expect(
      await world.database.query('select status from orderflow.carrier_booking where fulfilment_id = $1 order by requested_at', [
        shipment.id,
      ]),
    ).to.deep.equal([{ status: 'VOIDED' }, { status: 'BOOKED' }]);
  });

  it('takes a soft reservation from a sale that is not cleared, which notices when it is to be', async () => {
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSaleOrder(world, { product: sku, quantity: 3, paymentMethod: 'PREPAY' });
    await world.drain();
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 3, reserved: 3 });

    await count(sku, 1, 'sheet-3');

    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 3, reserved: 1 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [1, 1] });
  });

  it('wakes those who wait when more is there than was known', async () => {
    const { sku } = await aProduct(world, { stock: 1 });
    const sale = await aSale(world, [{ sku, quantity: 1 }]);
    const waiting = await aSale(world, [{ sku, quantity: 2 }]);
    expect((await firstOf(world, waiting.id)).state).to.equal('BACKORDERED');

    await count(sku, 3, 'sheet-4');
    await world.drain();

    expect((await firstOf(world, waiting.id)).state).to.equal('PICKING');
    await ship(world, await firstOf(world, sale.id));
  });

  it('counts once for each reference, also after the stock has moved on', async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    expect((await count(sku, 4, 'sheet-5')).status).to.equal(201);
    await receive(world, sku, 2);

    expect((await count(sku, 4, 'sheet-5')).status).to.equal(200);
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [6, 0] });
    expect((await problemOf(count(sku, 3, 'sheet-5'))).code).to.equal('reference-reused');
    const forbidden = await problemOf(
      countStock(world.deps, by('sales'), { sku, location: 'MAIN', onHand: 1, reference: 'sheet-6' }),
    );
    expect(forbidden.code).to.equal('forbidden');
  });

  it('keeps the books when sales, shipments and counts come all at once', async () => {
    const { sku } = await aProduct(world, { stock: 40 });
    const sales = [];
    for (let i = 0; i < 6; i++) sales.push(await aSale(world, [{ sku, quantity: 5 }]));

    const counts = [28, 21, 33, 17].map((onHand, index) => count(sku, onHand, `storm-${index}`).catch((error: unknown) => error));
    const ships = sales
      .slice(0, 3)
      .map(async (sale) => ship(world, await firstOf(world, sale.id)).catch((error: unknown) => error));
    await Promise.all([...counts, ...ships]);
    await world.drain();

    const levels = await stockOf(world, sku);
    const [onHand = 0, reserved = 0] = levels['MAIN'] ?? [];
    expect(reserved).to.be.at.most(onHand);
  });
});
