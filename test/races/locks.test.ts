import { expect } from 'chai';
import { lockInstance } from '../../src/commands/instance.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import type { JobBell } from '../../src/outbox/relay.ts';
import { addCapture } from '../../src/persistence/captures.ts';
import { lockCreditProfile } from '../../src/persistence/credit.ts';
import { SaleOrder } from '../../src/persistence/entities/index.ts';
import { lockSaleOrder } from '../../src/persistence/orders.ts';
import { changeOnHand, lockStock } from '../../src/persistence/stock.ts';
import type { Transaction } from '../../src/persistence/transaction.ts';
import { aCustomer, aProduct, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { until } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

/**
 * What the guarded updates would stop in the end, a lock has to order in the first place: whoever comes second decides on what the first one left, and nothing fails.
 */
describe('who waits for a lock', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** Somebody holds a row; `act` begins and waits for it; then `change` is made and committed. Answers what `act` came to. */
  async function behind<T>(
    hold: { readonly sql: string; readonly id: string },
    act: () => Promise<T>,
    change: (tx: Transaction) => Promise<unknown>,
  ): Promise<T> {
    const { acting } = await world.database.transaction(async (tx) => {
      await tx.query(`${hold.sql} for no key update`, [hold.id]);
      const acting = act();
      acting.catch(() => undefined);
      await until(
        async () =>
          (
            await world.database.query(
              `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            )
          ).length > 0,
      );
      await change(tx);
      return { acting };
    });
    return acting;
  }

  const nextJob = async (instanceId: string): Promise<JobBell> => {
    const [bell] = await world.database.query<JobBell>(
      `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox
        where instance_id = $1 and done_at is null and cancelled_at is null`,
      [instanceId],
    );
    if (!bell) throw new Error('no job is open');
    return bell;
  };
  const answer = (bell: JobBell): Promise<void> => answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
  /** Runs the jobs of a sale up to the one of this type, which it answers. */
  const upTo = async (instanceId: string, jobType: string): Promise<JobBell> => {
    for (;;) {
      const bell = await nextJob(instanceId);
      if (bell.jobType === jobType) return bell;
      await answer(bell);
    }
  };
  const failures = async ({ jobId }: JobBell): Promise<unknown> =>
    (await world.database.query('select failures, last_error as error from orderflow.outbox where wait_id = $1', [jobId]))[0];
  const never = { failures: 0, error: null };

  it('does not wait who only refers to what is locked: a foreign key would be a lock out of order', async () => {
    const sale = await aSaleOrder(world);
    const [level] = await world.database.query<{ id: string; sku: string }>('select id, sku from orderflow.stock_level limit 1');
    if (!level) throw new Error('the order has no stock level');
    await world.database.transaction(async (holder) => {
      await lockInstance(holder, sale.processInstanceId);
      const { customerId, currency } = await lockSaleOrder(holder, sale.id);
      const profile = await lockCreditProfile(holder, customerId, currency);
      await lockStock(holder, [level.sku]);
      await world.database.transaction(async (other) => {
        // what PostgreSQL asks when a row that refers to these is written
        const refer = (table: string, id: string) =>
          other.query(`select 1 from orderflow.${table} where id = $1 for key share nowait`, [id]);
        await refer('process_instance', sale.processInstanceId);
        await refer('sale_order', sale.id);
        await refer('credit_profile', profile.id);
        await refer('stock_level', level.id);
      });
    });
  });

  it('a credit check decides on what the one before it has left of the profile', async () => {
    const customer = await aCustomer(world, { limitMinor: 8000 });
    const sale = await aSaleOrder(world, { customer: customer.id });
    const check = await upTo(sale.processInstanceId, 'credit.decide');

    await behind(
      { sql: 'select 1 from orderflow.credit_profile where customer_id = $1', id: customer.id },
      () => answer(check),
      (tx) => tx.execute('update orderflow.credit_profile set limit_minor = 4000 where customer_id = $1', [customer.id]),
    );

    expect(await failures(check)).to.deep.equal(never);
    const snapshots = await world.database.query(
      'select limit_minor as "limit", outcome from orderflow.credit_snapshot where sale_order_id = $1',
      [sale.id],
    );
    expect(snapshots).to.deep.equal([{ limit: 4000, outcome: 'REVIEW' }]);
    await world.drain();
  });

  it('a capture counts on top of what came while it waited for the sale', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const capture = { saleOrderId: sale.id, amountMinor: 5000, currency: 'EUR', reference: `second ${sale.number}` };

    const { body } = await behind(
      { sql: 'select 1 from orderflow.sale_order where id = $1', id: sale.id },
      () => recordCapture(world.deps, by('finance'), capture),
      async (tx) => {
        const now = await tx.now();
        const money = { provider: 'manual', reference: `first ${sale.number}`, amountMinor: 3000, occurredAt: now };
        await addCapture(tx, await tx.manager.findOneByOrFail(SaleOrder, { id: sale.id }), money, now);
      },
    );

    expect([body['captured'], body['unapplied']]).to.deep.equal([
      { amountMinor: 5000, currency: 'EUR' },
      { amountMinor: 3000, currency: 'EUR' },
    ]);
    await world.drain();
  });

  it('a reservation takes from what the one before it has left of the stock', async () => {
    const { sku } = await aProduct(world, { stock: 5, linePolicy: 'NO_BACKORDER' });
    const sale = await aSaleOrder(world, { product: sku });
    const reserve = await upTo(sale.processInstanceId, 'inventory.reserve');

    await behind(
      { sql: 'select 1 from orderflow.stock_level where sku = $1', id: sku },
      () => answer(reserve),
      async (tx) => {
        const { id } = await tx.one<{ id: string }>('select id from orderflow.stock_level where sku = $1', [sku]);
        await changeOnHand(tx, id, 'COUNTED', -3, `count of ${sku}`, await tx.now());
      },
    );

    expect(await failures(reserve)).to.deep.equal(never);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('AWAITING_CUSTOMER_DECISION');
  });
});
