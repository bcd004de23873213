import { expect } from 'chai';
import { onSaleCleared } from '../../src/commands/phase-coordinator.ts';
import { planShipments } from '../../src/domain/shipping.ts';
import { lockSaleOrder, saleLines } from '../../src/persistence/orders.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { aCustomer, aProduct } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { aSale, expectSound, fulfilmentsOf, lineOf, receive, stockOf } from './acts.ts';

describe('handing a cleared sale over', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  const contentsOf = (fulfilmentId: string): Promise<unknown[]> =>
    world.database.query(
      `select l.sku, x.quantity, coalesce(sum(r.quantity) filter (where r.status = 'FIRM'), 0)::bigint as reserved,
              string_agg(distinct v.location, ',') as lies
         from orderflow.fulfilment_line x join orderflow.sale_line l on l.id = x.sale_line_id
         left join orderflow.stock_reservation r on r.fulfilment_id = x.fulfilment_id and r.sale_line_id = l.id
         left join orderflow.stock_level v on v.id = r.stock_level_id
        where x.fulfilment_id = $1 group by l.id, x.id order by l.line_no`,
      [fulfilmentId],
    );

  it('makes one shipment for each location where something is reserved', async () => {
    const a = await aProduct(world, { stock: 0 });
    const b = await aProduct(world, { stock: 0 });
    await receive(world, a.sku, 2, 'MAIN');
    await receive(world, a.sku, 5, 'EAST');
    await receive(world, b.sku, 3, 'EAST');

    const sale = await aSale(world, [
      { sku: a.sku, quantity: 6 },
      { sku: b.sku, quantity: 3 },
    ]);

    const shipments = await fulfilmentsOf(world, sale.id);
    expect(shipments.map(({ location, state, backorderOfId }) => [location, state, backorderOfId])).to.have.deep.members([
      ['EAST', 'PICKING', null],
      ['MAIN', 'PICKING', null],
    ]);
    const pieces: unknown[] = [];
    for (const { id, location } of shipments) {
      const contents = (await contentsOf(id)) as { quantity: number; reserved: number; lies: string }[];
      expect(contents.every((line) => line.reserved === line.quantity && line.lies === location)).to.equal(true);
      pieces.push(...contents.map((line) => line.quantity));
    }
    expect(pieces.reduce((sum: number, quantity) => sum + Number(quantity), 0)).to.equal(9);
  });

  it('makes one more for what has to wait', async () => {
    const { sku } = await aProduct(world, { stock: 3 });

    const sale = await aSale(world, [{ sku, quantity: 5 }]);

    const [first, second, ...more] = await fulfilmentsOf(world, sale.id);
    expect(more).to.deep.equal([]);
    expect([first?.state, second?.state, second?.backorderOfId]).to.deep.equal(['PICKING', 'BACKORDERED', first?.id]);
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 5, reserved: 3, backordered: 2 });
  });

  it('makes one of everything for a customer who wants it complete, wherever it lies; it waits, and takes what it needs from several places', async () => {
    const customer = await aCustomer(world, { shippingPolicy: 'COMPLETE_ONLY' });
    const { sku } = await aProduct(world, { stock: 2 });
    await receive(world, sku, 3, 'EAST');

    const sale = await aSale(world, [{ sku, quantity: 9 }], { customer: customer.id });
    const [only, ...more] = await fulfilmentsOf(world, sale.id);
    expect(more).to.deep.equal([]);
    expect(only?.state).to.equal('BACKORDERED');

    await receive(world, sku, 3, 'WEST');
    await world.drain();
    expect((await fulfilmentsOf(world, sale.id))[0]?.state).to.equal('BACKORDERED');
    await receive(world, sku, 1, 'NORTH');
    await world.drain();

    expect((await fulfilmentsOf(world, sale.id))[0]?.state).to.equal('PICKING');
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 9, reserved: 9 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [2, 2], EAST: [3, 3], WEST: [3, 3], NORTH: [1, 1] });
  });

  it('makes nothing new when it is delivered once more', async () => {
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSale(world, [{ sku, quantity: 5 }]);
    const made = await fulfilmentsOf(world, sale.id);

    const again = await world.database.transaction(async (tx) => {
      const now = await tx.now();
      const unit = { tx, deps: world.deps, actor: systemActor('test'), commandId: null, traceparent: null, now, steps: [] };
      return onSaleCleared(unit, await lockSaleOrder(tx, sale.id), await saleLines(tx, sale.id), 'SHIP_AVAILABLE', now);
    });

    expect(again).to.deep.equal(made.map(({ id }) => id));
    expect(await fulfilmentsOf(world, sale.id)).to.deep.equal(made);
  });

  it('plans each piece into exactly one shipment, whatever the plan', () => {
    const lines = [
      {
        id: 'a',
        reserved: [
          { location: 'X', quantity: 2 },
          { location: 'Y', quantity: 4 },
        ],
        backordered: 1,
      },
      { id: 'b', reserved: [], backordered: 3 },
      { id: 'c', reserved: [{ location: 'Y', quantity: 5 }], backordered: 0 },
    ];
    for (const plan of ['SHIP_PER_LOCATION', 'SHIP_AVAILABLE', 'WAIT_ALL', 'ASK_CUSTOMER'] as const) {
      const pieces = planShipments(lines, plan).flatMap((shipment) => shipment.lines);
      const sum = (id: string) => pieces.filter((each) => each.lineId === id).reduce((total, each) => total + each.quantity, 0);
      expect([sum('a'), sum('b'), sum('c')], plan).to.deep.equal([7, 3, 5]);
    }
    expect(planShipments(lines, 'SHIP_AVAILABLE').map(({ location, waits }) => [location, waits])).to.deep.equal([
      ['Y', false],
      ['X', false],
      ['Y', true],
    ]);
  });
});
