import { expect } from 'chai';
import { sweepOnce } from '../../src/jobs/sweeps.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { aCustomer, aProduct, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const days = 86_400_000;

describe('sweeps', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const reservations = async (saleId: string) =>
    world.database.query<{ status: string; reserved: number; level: number }>(
      `select r.status, l.reserved, v.reserved as level from orderflow.stock_reservation r
         join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.stock_level v on v.id = r.stock_level_id
        where l.sale_order_id = $1 order by r.created_at, r.id`,
      [saleId],
    );
  /** A sale that has reserved and waits for its money, with a reservation that runs out before the payment is due. */
  const reserved = async () => {
    const { sku } = await aProduct(world, { stock: 5 });
    const sale = await aSaleOrder(world, { product: sku, quantity: 5, paymentMethod: 'PREPAY' });
    await world.drain();
    await world.database.query(
      `update orderflow.stock_reservation set expires_at = orderflow.now() + interval '1 hour' where status = 'SOFT'`,
    );
    return sale;
  };

  it('a soft reservation that has run out is let go, by one of six sweepers: stock, line and ledger agree', async () => {
    const sale = await reserved();
    await sweepOnce(world.deps);
    expect(await reservations(sale.id), 'not before its time').to.deep.equal([{ status: 'SOFT', reserved: 5, level: 5 }]);
    await world.pass(3600_001);
    await Promise.all(Array.from({ length: 6 }, () => sweepOnce(world.deps)));
    expect(await reservations(sale.id)).to.deep.equal([{ status: 'EXPIRED', reserved: 0, level: 0 }]);
    const movements = await world.database.query<{ quantity: number }>(
      `select quantity from orderflow.stock_movement where kind = 'RELEASED'`,
    );
    expect(movements).to.deep.equal([{ quantity: -5 }]);
    const told = await world.database.query(
      `select 1 from orderflow.event where type = 'inventory.expired' and subject_id = $1`,
      [sale.id],
    );
    expect(told).to.have.length(1);
  });

  it('the sale that lost it reserves again when its money comes', async () => {
    const sale = await reserved();
    await world.pass(3600_001);
    await sweepOnce(world.deps);
    await recordCapture(world.deps, by('finance'), {
      saleOrderId: sale.id,
      amountMinor: 5000,
      currency: 'EUR',
      reference: sale.number,
    });
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    expect((await reservations(sale.id)).map((row) => row.status)).to.deep.equal(['EXPIRED', 'FIRM']);
  });

  it('what has become overdue is written down every hour, in whole days', async () => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod: 'TERMS' });
    await world.drain();
    await world.database.query(
      `insert into orderflow.invoice (id, number, kind, credit_profile_id, sale_order_id, reference, amount_minor, open_minor, currency, issued_at, due_at)
       select gen_random_uuid(), 'I-900001', 'SHIPMENT', p.id, $2, 'test', 700, 700, 'EUR', orderflow.now(), orderflow.now() + interval '1 day'
         from orderflow.credit_profile p where p.customer_id = $1`,
      [customer.id, sale.id],
    );
    await world.database.query(
      `insert into orderflow.invoice_entry (id, invoice_id, kind, amount_minor, reference, at)
       select gen_random_uuid(), id, 'ISSUED', 700, 'test', issued_at from orderflow.invoice where number = 'I-900001'`,
    );
    await world.database.query(
      'update orderflow.credit_profile set unpaid_invoices_minor = 700, revision = revision + 1 where customer_id = $1',
      [customer.id],
    );
    const overdue = async () => {
      const [row] = await world.database.query<{ minor: number; days: number }>(
        'select overdue_minor as minor, max_overdue_days as days from orderflow.credit_profile where customer_id = $1',
        [customer.id],
      );
      return row;
    };
    await sweepOnce(world.deps);
    expect(await overdue()).to.deep.equal({ minor: 0, days: 0 });
    await world.pass(4 * days + 3600_000);
    await Promise.all([sweepOnce(world.deps), sweepOnce(world.deps)]);
    expect(await overdue()).to.deep.equal({ minor: 700, days: 3 });
    await world.pass(60_000);
    await world.database.query('update orderflow.invoice set due_at = orderflow.now() where number = $1', ['I-900001']);
    await sweepOnce(world.deps);
    expect(await overdue(), 'not more often than every hour').to.deep.equal({ minor: 700, days: 3 });
    await world.pass(3600_000);
    await sweepOnce(world.deps);
    expect(await overdue()).to.deep.equal({ minor: 700, days: 0 });
  });

  it('a sweep that its process did not finish is begun again', async () => {
    await sweepOnce(world.deps);
    await world.database.query(`update orderflow.sweep set next_at = orderflow.now() + interval '5 minutes'`);
    await world.pass(300_001);
    await sweepOnce(world.deps);
    const rows = await world.database.query<{ name: string; hours: number }>(
      `select name, round(extract(epoch from next_at - orderflow.now()) / 3600)::int as hours from orderflow.sweep order by name`,
    );
    expect(rows).to.deep.equal([
      { name: 'lost-wake-ups', hours: 24 },
      { name: 'overdue-invoices', hours: 1 },
      { name: 'overdue-overrides', hours: 0 },
      { name: 'stranded-work', hours: 0 },
    ]);
  });
});
