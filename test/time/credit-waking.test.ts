import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { changeCreditProfile } from '../../src/commands/change-credit-profile.ts';
import { suspendInstance } from '../../src/commands/suspend-instance.ts';
import { wakeForgotten } from '../../src/commands/wake-forgotten.ts';
import { sweepOnce } from '../../src/jobs/sweeps.ts';
import { wakeCredit } from '../../src/persistence/credit-waking.ts';
import { aCustomer, aProduct, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('waking who waits for credit', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  /** A customer whose limit of 3,000 one sale has taken whole, and sales of 1,000 each that wait, the oldest first. */
  async function waiting(count: number) {
    const customer = await aCustomer(world, { limitMinor: 3000 });
    const product = (await aProduct(world)).sku;
    const order = async (quantity: number) => {
      const sale = await aSaleOrder(world, { customer: customer.id, product, quantity, paymentMethod: 'TERMS' });
      await world.drain();
      return sale;
    };
    const blocker = await order(3);
    const waiters = [];
    for (let n = 0; n < count; n++) waiters.push(await order(1));
    const [profile] = await world.database.query<{ id: string }>(
      'select id from orderflow.credit_profile where customer_id = $1',
      [customer.id],
    );
    return { customer, blocker, waiters, profile: profile! };
  }
  const last = async ({ id }: { id: string }) => (await statesOf(world, id)).at(-1);
  const pokes = async (): Promise<number> => {
    const rows = await world.database.query(`select 1 from orderflow.message where name = 'credit.headroom-changed'`);
    return rows.length;
  };
  const free = async (saleOrderId: string): Promise<void> => {
    await cancelSaleOrder(world.deps, by('admin'), { saleOrderId, reason: 'the customer wants it no more' });
  };

  it('R7: 3,000 are freed, 12 wait for 1,000 each, 6 sweepers race: three are released, the oldest, once each', async () => {
    const { blocker, waiters } = await waiting(12);
    await free(blocker.id);
    const now = Date.now();
    const sweepers = Array.from({ length: 6 }, (_each, n) => wakeForgotten(world.deps, new Date(now + n)));
    await Promise.all([world.drain(), ...sweepers]);
    await Promise.all(Array.from({ length: 6 }, (_each, n) => wakeForgotten(world.deps, new Date(now + 10 + n))));
    await world.drain();

    const states = [];
    for (const waiter of waiters) states.push(await last(waiter));
    expect(states).to.deep.equal([...Array<string>(3).fill('CLEARED'), ...Array<string>(9).fill('AWAITING_CREDIT_OVERRIDE')]);
    expect(await pokes()).to.equal(3);
  });

  it('who was poked and has not decided yet keeps its part of the headroom', async () => {
    const { blocker, waiters, profile } = await waiting(4);
    await world.database.query(`update orderflow.sale_order set workflow_state = 'CREDIT_CHECK' where id = $1`, [waiters[0]!.id]);
    await world.database.query('update orderflow.credit_profile set limit_minor = 5000, revision = revision + 1 where id = $1', [
      profile.id,
    ]);
    for (let n = 0; n < 3; n++) await world.database.transaction((tx) => wakeCredit(tx, profile));
    const poked = await world.database.query<{ key: string }>(
      `select correlation_key as key from orderflow.message where name = 'credit.headroom-changed' order by sequence`,
    );
    expect(
      poked.map((message) => message.key),
      'the first decides, the second fits beside it',
    ).to.deep.equal([waiters[1]!.id]);
    await world.database.query(`update orderflow.sale_order set workflow_state = 'AWAITING_CREDIT_OVERRIDE' where id = $1`, [
      waiters[0]!.id,
    ]);
    expect(blocker.id).to.be.a('string');
  });

  it('a higher limit wakes as many as fit now', async () => {
    const { customer, waiters } = await waiting(3);
    await changeCreditProfile(world.deps, by('credit'), {
      customerId: customer.id,
      currency: 'EUR',
      limitMinor: 5000,
      hold: 'NONE',
      holdReason: null,
      riskClass: 'B',
      termsDays: 30,
    });
    await world.drain();
    expect([await last(waiters[0]!), await last(waiters[1]!), await last(waiters[2]!)]).to.deep.equal([
      'CLEARED',
      'CLEARED',
      'AWAITING_CREDIT_OVERRIDE',
    ]);
  });

  it('a wake-up that was lost is found by the nightly sweep, and nobody else is disturbed', async () => {
    const { blocker, waiters } = await waiting(4);
    await free(blocker.id);
    // the messages are lost: they expire before anybody takes them
    await world.database.query(`create function lose() returns trigger language plpgsql as $$ begin return null; end $$`);
    await world.database.query(
      `create trigger lose before insert on orderflow.message for each row when (new.name = 'credit.headroom-changed') execute function lose()`,
    );
    await world.drain();
    await world.database.query('drop trigger lose on orderflow.message');
    expect(await last(waiters[0]!)).to.equal('AWAITING_CREDIT_OVERRIDE');

    await sweepOnce(world.deps);
    await world.drain();

    expect(await last(waiters[0]!)).to.equal('CLEARED');
    expect(await last(waiters[2]!)).to.equal('CLEARED');
    expect(await last(waiters[3]!)).to.equal('AWAITING_CREDIT_OVERRIDE');
    expect(await sweepOnce(world.deps)).to.equal(false);
    expect(await pokes(), 'one night, one look').to.equal(3);
  });

  it('a sale that is suspended is passed over', async () => {
    const { blocker, waiters } = await waiting(4);
    await suspendInstance(world.deps, by('operator'), {
      instanceId: waiters[0]!.processInstanceId,
      reason: 'the customer thinks',
    });
    await free(blocker.id);
    await world.drain();
    const states = [];
    for (const waiter of waiters) states.push(await last(waiter));
    expect(states).to.deep.equal(['AWAITING_CREDIT_OVERRIDE', 'CLEARED', 'CLEARED', 'CLEARED']);
  });
});
