import { expect } from 'chai';
import { createCorrelator } from '../../src/outbox/correlator.ts';
import { leaveMessage } from '../../src/persistence/messages.ts';
import { aCustomer, aSaleOrder } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';

/** How long a message that was tried is left alone, ms. */
const restMs = 5_000;

describe('correlator', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  /** Runs one correlator until its round is over. */
  const correlateOnce = async (): Promise<void> => {
    const correlator = createCorrelator(world.deps, 60_000);
    correlator.start();
    await correlator.stop();
  };
  /** Two messages for a sale that waits for credit, and goes on waiting when it is told. */
  const twoFor = async (saleId: string): Promise<string[]> =>
    world.database.transaction(async (tx) => {
      const message = { name: 'credit.headroom-changed', correlationKey: saleId, variables: {}, timeToLiveMs: 3600_000 };
      const ids = [
        await leaveMessage(tx, { ...message, source: 'first' }),
        await leaveMessage(tx, { ...message, source: 'second' }),
      ];
      return ids.map(String);
    });
  const held = async (): Promise<string> => {
    const customer = await aCustomer(world);
    await world.database.query(
      `update orderflow.credit_profile set hold = 'HOLD', hold_reason = 'a test' where customer_id = $1`,
      [customer.id],
    );
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    return sale.id;
  };
  const consumed = async (): Promise<string[]> =>
    (
      await world.database.query<{ source: string }>(
        'select source from orderflow.message where consumed_at is not null order by consumed_at, sequence',
      )
    ).map((row) => row.source);

  it('gives messages of one name to one order in the order in which they came, although another has claimed the first', async () => {
    const [first] = await twoFor(await held());
    await world.database.query(
      `update orderflow.message set next_at = orderflow.now() + $2 * interval '1 millisecond' where id = $1`,
      [first, restMs],
    );

    await correlateOnce();
    expect(await consumed(), 'the second one waits for the first').to.deep.equal([]);

    await world.pass(restMs + 1);
    await correlateOnce();
    expect(await consumed()).to.deep.equal(['first']);
    await world.drain();
    expect(await consumed()).to.deep.equal(['first', 'second']);
  });

  it('three at once give each message once', async () => {
    const sales = [await held(), await held(), await held()];
    for (const sale of sales) await twoFor(sale);

    await Promise.all([correlateOnce(), correlateOnce(), correlateOnce()]);

    const steps = await world.database.query<{ messages: number }>(
      `select count(*) as messages from orderflow.step where trigger = 'message:credit.headroom-changed' group by instance_id`,
    );
    expect(steps).to.deep.equal(sales.map(() => ({ messages: 1 })));
    await world.drain();
    expect(await consumed()).to.have.length(6);
  });
});
