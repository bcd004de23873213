import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { holdCredit } from '../../src/persistence/credit.ts';
import { CreditProfile } from '../../src/persistence/entities/index.ts';
import { takeStock } from '../../src/persistence/stock.ts';
import type { Transaction } from '../../src/persistence/transaction.ts';
import { aCustomer, aProduct } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';

/** No lock is taken here: the update itself looks at what it changes. */
describe('guarded updates', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ mayViolate: true }); // what is taken here is taken for no order
  });
  after(() => world.close());

  /** Twenty do it, all at once; answers what it came to for each. */
  const twenty = <T>(act: (tx: Transaction, index: number, now: Date) => Promise<T>): Promise<T[]> =>
    Promise.all(
      Array.from({ length: 20 }, (_, index) => world.database.transaction(async (tx) => act(tx, index, await tx.now()))),
    );

  it('of 20 who take one of the last 5 pieces at once 5 get one', async () => {
    const { sku } = await aProduct(world, { stock: 7 });
    const [level] = await world.database.query<{ id: string }>(
      'update orderflow.stock_level set safety = 2 where sku = $1 returning id',
      [sku],
    );

    const taken = await twenty((tx, index, now) => takeStock(tx, level?.id ?? '', 1, `${sku} ${index}`, now));

    expect(taken.filter(Boolean)).to.have.length(5);
    expect(await world.database.query('select on_hand, reserved from orderflow.stock_level where sku = $1', [sku])).to.deep.equal(
      [{ on_hand: 7, reserved: 5 }],
    );
  });

  it('of 20 who take 10.00 of the last 50.00 of credit at once 5 get it', async () => {
    const customer = await aCustomer(world, { limitMinor: 3000 });
    const { id: creditProfileId } = await world.database.transaction((tx) =>
      tx.manager.findOneByOrFail(CreditProfile, { customerId: customer.id }),
    );
    // which orders they are for, and what was decided before, is of no interest here
    await world.database.query(
      `alter table orderflow.credit_hold drop constraint credit_hold_sale_order_id_fkey, drop constraint credit_hold_credit_snapshot_id_fkey`,
    );

    const held = await twenty((tx, _index, at) =>
      holdCredit(tx, {
        id: randomUUID(),
        creditProfileId,
        saleOrderId: randomUUID(),
        amountMinor: 1000,
        overrideRequestId: null,
        creditSnapshotId: randomUUID(),
        coveredMinor: 2000,
        at,
      }),
    );

    expect(held.filter(Boolean)).to.have.length(5);
    expect(
      await world.database.query('select open_orders_minor as open from orderflow.credit_profile where id = $1', [
        creditProfileId,
      ]),
    ).to.deep.equal([{ open: 5000 }]);
  });
});
