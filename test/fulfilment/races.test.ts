import { expect } from 'chai';
import { cancelFulfilment } from '../../src/commands/cancel-fulfilment.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { wakeBackorders } from '../../src/persistence/backorders.ts';
import { lockStock } from '../../src/persistence/stock.ts';
import { aProduct, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aSale, expectSound, firstOf, putOff, receive, type FulfilmentRow } from './acts.ts';

describe('shipments that race', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  it('serves three of twelve in the order of their commitment, while six sweepers wake them at once (R7)', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const waiting: FulfilmentRow[] = [];
    for (let i = 0; i < 12; i++) {
      waiting.push(await firstOf(world, (await aSale(world, [{ sku, quantity: 1 }])).id));
      await world.pass(1000);
    }
    const comesNow = await putOff(world, 'inventory.allocate');
    await receive(world, sku, 3);

    await Promise.all(
      Array.from({ length: 6 }, () =>
        world.database.transaction(async (tx) => wakeBackorders(tx, await lockStock(tx, [sku]), { arrived: true })),
      ),
    );
    const [pokes] = await world.database.query(
      `select count(*) as pokes from orderflow.message where name = 'inventory.available'`,
    );
    expect(pokes).to.deep.equal({ pokes: 3 });
    await comesNow();
    await world.drain();

    const served = [];
    for (const { id } of waiting) served.push((await statesOf(world, id)).at(-1));
    expect(served).to.deep.equal([
      ...Array.from({ length: 3 }, () => 'PICKING'),
      ...Array.from({ length: 9 }, () => 'BACKORDERED'),
    ]);
  });

  it('lets a shipment leave or be cancelled, never both, whoever comes first', async () => {
    const { sku } = await aProduct(world, { stock: 40 });
    const ends = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const shipment = await firstOf(world, (await aSale(world, [{ sku, quantity: 2 }])).id);
      const comesNow = await putOff(world, 'shipment.post');
      await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: shipment.id });
      await world.drain();
      await comesNow();

      const [cancelled] = await Promise.all([
        cancelFulfilment(world.deps, by('sales'), { fulfilmentId: shipment.id, reason: 'at the last moment' }).then(
          () => true,
          () => false,
        ),
        world.drain(),
      ]);
      await world.drain();

      const end = (await statesOf(world, shipment.id)).at(-1);
      expect(end).to.equal(cancelled ? 'CANCELLED' : 'SHIPPED');
      ends.add(end ?? '');
    }
    expect([...ends].every((end) => end === 'CANCELLED' || end === 'SHIPPED')).to.equal(true);
  });
});
