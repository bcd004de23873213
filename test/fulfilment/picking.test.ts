import { expect } from 'chai';
import { countStock } from '../../src/commands/count-stock.ts';
import { aCustomer, aProduct, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aSale, expectSound, firstOf, fulfilmentsOf, lineOf, putOff, receive, ship, stockOf } from './acts.ts';

const days = 86_400_000;

describe('picking, and what waits', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  it('splits a short pick first: what was found ships, the rest is a shipment of its own (scenario 23)', async () => {
    const { sku } = await aProduct(world, { stock: 10 });
    const other = await aProduct(world, { stock: 10 });
    const sale = await aSale(world, [
      { sku, quantity: 5 },
      { sku: other.sku, quantity: 2 },
    ]);
    const parent = await firstOf(world, sale.id);

    await ship(world, parent, [
      { lineNo: 1, picked: 3 },
      { lineNo: 2, picked: 0 },
    ]);

    const [first, child] = await fulfilmentsOf(world, sale.id);
    expect([first?.state, child?.state, child?.backorderOfId]).to.deep.equal(['SHIPPED', 'PICKING', parent.id]);
    expect(await statesOf(world, child?.id ?? '')).to.deep.equal(['ALLOCATING', 'PICKING']);
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 5, shipped: 3, reserved: 2 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [7, 2] });
    const lines = await world.database.query(
      `select x.fulfilment_id = $1 as parent, l.line_no as "lineNo", x.quantity from orderflow.fulfilment_line x join orderflow.sale_line l on l.id = x.sale_line_id
        where l.sale_order_id = $2 order by 1 desc, 2`,
      [parent.id, sale.id],
    );
    expect(lines).to.deep.equal([
      { parent: true, lineNo: 1, quantity: 3 },
      { parent: false, lineNo: 1, quantity: 2 },
      { parent: false, lineNo: 2, quantity: 2 },
    ]);
  });

  it('does not look again for what was not there at all, until goods arrive', async () => {
    const { sku } = await aProduct(world, { stock: 4 });
    const sale = await aSale(world, [{ sku, quantity: 4 }]);
    const only = await firstOf(world, sale.id);

    await completeAt(world, 'warehouse', only.instanceId, 'f_pick', { lines: [{ lineNo: 1, picked: 0 }] });
    await world.drain();

    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 4, backordered: 4 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [4, 0] });
    expect((await firstOf(world, sale.id)).state).to.equal('BACKORDERED');
    await receive(world, sku, 1);
    await world.drain();
    expect(await statesOf(world, only.id)).to.deep.equal(['ALLOCATING', 'PICKING', 'BACKORDERED', 'ALLOCATING', 'PICKING']);
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 4, reserved: 4 });
  });

  it('refuses picks that do not fit the shipment, and writes nothing', async () => {
    const { sku } = await aProduct(world);
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    const only = await firstOf(world, sale.id);
    const taskId = await openTask(world, only.instanceId, 'f_pick');

    const refused = await problemOf(
      completeUserTask(world.deps, by('warehouse'), {
        taskId,
        variables: {
          lines: [
            { lineNo: 1, picked: 3 },
            { lineNo: 7, picked: 1 },
            { lineNo: 1, picked: 1 },
          ],
        },
      }),
    );

    expect(refused.code).to.equal('validation-failed');
    expect((refused.extensions['errors'] as { pointer: string }[]).map((each) => each.pointer)).to.deep.equal([
      '/variables/lines/0/picked',
      '/variables/lines/1/lineNo',
      '/variables/lines/2/lineNo',
    ]);
    expect(
      await world.database.query('select picked from orderflow.fulfilment_line where fulfilment_id = $1', [only.id]),
    ).to.deep.equal([{ picked: null }]);
  });

  it('serves those who wait in the order in which they were promised, and lets nobody overtake (scenario 20)', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const first = await aSale(world, [{ sku, quantity: 5 }]);
    await world.pass(1000);
    const second = await aSale(world, [{ sku, quantity: 2 }]);

    await receive(world, sku, 3);
    await world.drain();
    expect([(await firstOf(world, first.id)).state, (await firstOf(world, second.id)).state]).to.deep.equal([
      'BACKORDERED',
      'BACKORDERED',
    ]);
    await receive(world, sku, 3);
    await world.drain();
    expect([(await firstOf(world, first.id)).state, (await firstOf(world, second.id)).state]).to.deep.equal([
      'PICKING',
      'BACKORDERED',
    ]);
    await receive(world, sku, 1);
    await world.drain();
    expect((await firstOf(world, second.id)).state).to.equal('PICKING');
  });

  it('keeps what has come for those who wait from a sale that is new', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const first = await aSale(world, [{ sku, quantity: 2 }]);
    const comesNow = await putOff(world, 'inventory.allocate');
    await receive(world, sku, 3);

    const late = await aSale(world, [{ sku, quantity: 2 }]);
    expect(await lineOf(world, late.id), 'one piece is spoken for by nobody').to.include({ reserved: 1, backordered: 1 });
    await comesNow();
    await world.drain();

    expect(await lineOf(world, first.id)).to.deep.equal({ ordered: 2, reserved: 2 });
    expect((await firstOf(world, first.id)).state).to.equal('PICKING');
  });

  it('does not wake a shipment for one product that also waits for another, and comes to rest', async () => {
    const customer = await aCustomer(world, { shippingPolicy: 'COMPLETE_ONLY' });
    const a = await aProduct(world, { stock: 0 });
    const b = await aProduct(world, { stock: 0 });
    const both = await aSale(
      world,
      [
        { sku: a.sku, quantity: 1 },
        { sku: b.sku, quantity: 1 },
      ],
      { customer: customer.id },
    );
    await world.pass(1000);
    const one = await aSale(world, [{ sku: a.sku, quantity: 1 }]);

    await receive(world, a.sku, 1);
    await world.drain();
    expect(await statesOf(world, (await firstOf(world, both.id)).id)).to.deep.equal(['ALLOCATING', 'BACKORDERED']);
    expect((await firstOf(world, one.id)).state).to.equal('PICKING');
    await receive(world, a.sku, 1);
    await receive(world, b.sku, 1);
    await world.drain();
    expect((await firstOf(world, both.id)).state).to.equal('PICKING');
  });

  it('asks whether to go on waiting; who keeps waiting is served, although the goods came meanwhile', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    const only = await firstOf(world, sale.id);
    await world.pass(40 * days);
    await world.drain();
    expect((await firstOf(world, sale.id)).state).to.equal('BACKORDER_REVIEW');
    await receive(world, sku, 2);
    await world.drain();

    await completeAt(world, 'buyer', only.instanceId, 'f_bo_decision', { backorder: { choice: 'KEEP' } });
    await world.drain();

    expect((await firstOf(world, sale.id)).state).to.equal('PICKING');
  });

  it('lets an older shipment go first that lost its goods, although the younger one was woken before', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    await receive(world, sku, 2, 'EAST');
    const older = await firstOf(world, (await aSale(world, [{ sku, quantity: 2 }])).id);
    await world.pass(1000);
    const younger = await firstOf(world, (await aSale(world, [{ sku, quantity: 2 }])).id);
    const comesNow = await putOff(world, 'inventory.allocate');
    await receive(world, sku, 2);
    await world.drain();
    expect((await statesOf(world, younger.id)).at(-1), 'it was told and has not looked yet').to.equal('ALLOCATING');

    await countStock(world.deps, by('warehouse'), { sku, location: 'EAST', onHand: 0, reference: `count of ${sku}` });
    await world.drain();
    await comesNow();
    await world.drain();

    expect((await statesOf(world, older.id)).at(-1)).to.equal('PICKING');
    expect((await statesOf(world, younger.id)).at(-1)).to.equal('BACKORDERED');
  });

  it('cancels a backorder that takes too long; what is there already travels on by itself (scenario 35)', async () => {
    const customer = await aCustomer(world, { shippingPolicy: 'COMPLETE_ONLY' });
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSale(world, [{ sku, quantity: 5 }], { customer: customer.id });
    const only = await firstOf(world, sale.id);
    await world.pass(40 * days);
    await world.drain();

    await completeAt(world, 'buyer', only.instanceId, 'f_bo_decision', { backorder: { choice: 'CANCEL' } });
    await world.drain();

    expect(await statesOf(world, only.id)).to.deep.equal([
      'ALLOCATING',
      'BACKORDERED',
      'BACKORDER_REVIEW',
      'CANCELLING',
      'CANCELLED',
    ]);
    const [, child] = await fulfilmentsOf(world, sale.id);
    expect(child?.state).to.equal('PICKING');
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 5, cancelled: 2, reserved: 3 });
    const [held] = await world.database.query(
      'select open_orders_minor as held from orderflow.credit_profile where customer_id = $1',
      [customer.id],
    );
    expect(held).to.deep.equal({ held: 3000 });
  });
});
