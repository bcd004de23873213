import { expect } from 'chai';
import { changeCreditProfile } from '../../../src/commands/change-credit-profile.ts';
import { expiredReservations, expireReservations } from '../../../src/commands/expire-reservations.ts';
import { payInvoice } from '../../../src/commands/pay-invoice.ts';
import { SaleOrder } from '../../../src/persistence/entities/index.ts';
import { cancelValue, giveBack, paidBy } from '../../../src/persistence/refunds.ts';
import { readCreditProfiles } from '../../../src/queries/customer.ts';
import { readInvoice, searchInvoices } from '../../../src/queries/invoice.ts';
import { aCustomer, aProduct, aSaleOrder, statesOf } from '../../helpers/builders.ts';
import { problemOf } from '../../helpers/problems.ts';
import { listenToProvider } from '../../helpers/provider.ts';
import { by, openWorld, type World } from '../../helpers/world.ts';
import { auditOf, eventsAbout, invoicesOf, moneyOf, paymentsOf, profileOf, ship } from './world.ts';

describe('What leaves on terms is invoiced', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    expect(await auditOf(world)).to.deep.equal([]);
    await world.close();
  });

  const shipped = async (limitMinor = 1_000_000, paymentMethod: 'TERMS' | 'DEPOSIT' = 'TERMS') => {
    const customer = await aCustomer(world, { limitMinor });
    const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod });
    await world.drain();
    const fulfilments = await ship(world, sale.id);
    const [invoice] = await invoicesOf(world, sale.id);
    return { customer, sale, fulfilmentId: fulfilments[0]!, invoice: invoice! };
  };
  const pay = (invoiceId: string, amountMinor: number, reference: string, who = 'finance') =>
    payInvoice(world.deps, by(who), { invoiceId, amountMinor, reference });
  const locked = <T>(saleId: string, work: Parameters<World['database']['transaction']>[0]) =>
    world.database.transaction(async (tx) => {
      await tx.query('select 1 from orderflow.sale_order where id = $1 for update', [saleId]);
      return work(tx);
    }) as Promise<T>;
  const saleRow = (tx: Parameters<Parameters<World['database']['transaction']>[0]>[0], id: string): Promise<SaleOrder> =>
    tx.manager.findOneByOrFail(SaleOrder, { id });

  it('the hold becomes an invoice, due after the terms on a day on which people work', async () => {
    const { customer, sale, invoice } = await shipped();
    expect(invoice).to.include({ kind: 'SHIPMENT', amount: 5000, open: 5000 });
    expect(await profileOf(world, customer.id)).to.include({ open: 0, unpaid: 5000, exposure: 5000 });
    const body = await world.database.read((tx) => readInvoice(tx, invoice.number));
    const days = (Date.parse(body['dueAt'] as string) - Date.parse(body['issuedAt'] as string)) / 86_400_000;
    expect(days).to.be.within(30, 35);
    expect([0, 6]).not.to.include(new Date(Date.parse(body['dueAt'] as string) - 1).getUTCDay());
    expect(body).to.have.nested.property('saleOrder.number', sale.number);
    const found = await world.database.read((tx) => searchInvoices(tx, { filter: { status: 'OPEN', saleOrderId: sale.id } }));
    expect(found.items).to.have.length(1);
    expect(await eventsAbout(world, 'payment.invoiced')).to.have.length(1);
  });

  it('a payment lessens what is unpaid; the same reference is the same money; too much is money on account', async () => {
    const { customer, invoice } = await shipped();
    expect((await pay(invoice.id, 3000, 'wire-1')).status).to.equal(201);
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 2000 });
    expect((await pay(invoice.id, 3000, 'wire-1')).status).to.equal(200);
    expect((await problemOf(pay(invoice.id, 2999, 'wire-1'))).code).to.equal('reference-reused');
    await pay(invoice.number, 2500, 'wire-2');
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 0, cash: 500, exposure: -500 });
    expect((await pay(invoice.id, 2500, 'wire-2')).status).to.equal(200);
    expect(await profileOf(world, customer.id)).to.include({ cash: 500 });
    expect((await problemOf(pay(invoice.id, 1, 'wire-3', 'sales'))).code).to.equal('forbidden');
  });

  it('ten payments of 1000 at once: 5000 are paid, the rest is on account, nothing is lost', async () => {
    const { customer, invoice } = await shipped();
    await Promise.all(Array.from({ length: 10 }, (_, index) => pay(invoice.id, 1000, `wire-${index}`)));
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 0, cash: 5000 });
  });

  it('a payment frees credit: who waits for it goes on', async () => {
    const { customer, invoice } = await shipped(5000);
    const waiting = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    expect((await moneyOf(world, waiting.id)).state).to.be.oneOf(['CREDIT_HOLD', 'AWAITING_CREDIT_OVERRIDE']);
    await pay(invoice.id, 5000, 'wire-1');
    await world.drain();
    expect((await moneyOf(world, waiting.id)).state).to.equal('CLEARED');
  });

  it('a deposit counts for what leaves first, and the rest is invoiced', async () => {
    const provider = await listenToProvider(world);
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSaleOrder(world, { product: sku, quantity: 5, paymentMethod: 'DEPOSIT' });
    await world.drain();
    await provider.pay(sale.number, 1000);
    await world.drain();
    await ship(world, sale.id);
    expect((await invoicesOf(world, sale.id)).map(({ amount }) => amount)).to.deep.equal([2000]);
    await provider.close();
  });

  it('returned goods: what is open is credited, what was paid becomes money on account, and a second time gives nothing more', async () => {
    const { customer, sale, fulfilmentId, invoice } = await shipped();
    await pay(invoice.id, 3000, 'wire-1');
    const keep = (pieces: number) =>
      world.database.query('update orderflow.sale_line set lost = shipped - $2 where sale_order_id = $1', [sale.id, pieces]);
    await keep(0);
    const back = (key: string, amountMinor: number) =>
      world.database.transaction(async (tx) =>
        giveBack(tx, {
          sale: await saleRow(tx, sale.id),
          fulfilmentId,
          amountMinor,
          reason: 'returned',
          key,
          at: await tx.now(),
        }),
      );
    expect(await back('return:1', 1500)).to.deep.include({ creditedMinor: 1500, onAccountMinor: 0, refundMinor: 0 });
    expect(await back('return:2', 1000)).to.deep.include({ creditedMinor: 1000, onAccountMinor: 500, refundMinor: 0 });
    expect(await back('return:2', 1000)).to.deep.include({ creditedMinor: 1000, onAccountMinor: 500, refundMinor: 0 });
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 0, cash: 500 });
    expect(await back('return:3', 9999)).to.deep.include({ creditedMinor: 2500, onAccountMinor: 2500 });
    await keep(5);
    const state = await locked<{ paidBy: string }>(sale.id, (tx) =>
      paidBy(tx, { id: sale.id, paymentMethod: 'TERMS' }, fulfilmentId),
    );
    expect(state).to.deep.equal({ paidBy: 'TERMS', invoiceState: 'PAID' });
  });

  it('lines that will not leave free the hold first', async () => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    const given = await world.database.transaction(async (tx) =>
      cancelValue(tx, {
        sale: await saleRow(tx, sale.id),
        fulfilmentId: null,
        amountMinor: 2000,
        reason: 'two pieces less',
        key: 'lines-1',
        at: await tx.now(),
      }),
    );
    expect(given).to.include({ creditedMinor: 0, refundMinor: 0 });
    expect(await profileOf(world, customer.id)).to.include({ open: 3000 });
    expect(await eventsAbout(world, 'credit.hold-released')).to.have.length(1);
  });

  it('53: a limit cut below the exposure leaves the holds, stops new orders and is told', async () => {
    const customer = await aCustomer(world, { limitMinor: 10_000 });
    const first = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    const change = {
      customerId: customer.id,
      currency: 'EUR',
      hold: 'NONE',
      holdReason: null,
      riskClass: 'B',
      termsDays: 30,
    } as const;
    await changeCreditProfile(world.deps, by('credit'), { ...change, limitMinor: 4000 });
    const second = await aSaleOrder(world, { customer: customer.id, quantity: 1 });
    await world.drain();
    expect((await moneyOf(world, first.id)).state).to.equal('CLEARED');
    expect((await moneyOf(world, second.id)).state).to.be.oneOf(['CREDIT_HOLD', 'AWAITING_CREDIT_OVERRIDE']);
    const [event] = await eventsAbout(world, 'credit.limit-changed');
    expect(event?.data).to.include({ beforeMinor: 10_000, afterMinor: 4000, exposureMinor: 5000 });
    const [profile] = await world.database.read((tx) => readCreditProfiles(tx, customer.id));
    expect(profile).to.have.nested.property('available.amountMinor', -1000);
    expect(profile?.['limitReducedAt']).to.be.a('string');
    await changeCreditProfile(world.deps, by('credit'), { ...change, limitMinor: 10_000 });
    await world.drain();
    expect((await moneyOf(world, second.id)).state).to.equal('CLEARED');
    const [raised] = await world.database.read((tx) => readCreditProfiles(tx, customer.id));
    expect(raised?.['limitReducedAt']).to.equal(null);
  });
});

describe('What is due is asked for once', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    expect(await auditOf(world)).to.deep.equal([]);
    await world.close();
  });

  it('40: a sale that comes to the request once more asks only for what nobody has asked for or paid', async () => {
    const provider = await listenToProvider(world);
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await provider.pay(sale.number, 1500);
    // its reservation is lost while it waits, so that clearing sends it through the request again
    await world.database.query(
      `update orderflow.stock_reservation r set expires_at = orderflow.now() - interval '1 hour' from orderflow.sale_line l
        where l.id = r.sale_line_id and l.sale_order_id = $1`,
      [sale.id],
    );
    for (const expired of await expiredReservations(world.deps, 10)) await expireReservations(world.deps, expired);
    await provider.pay(sale.number, 3500);
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'AWAITING_PAYMENT', 'RESERVING', 'CLEARED']);
    expect((await paymentsOf(world, sale.id)).filter((each) => each.startsWith('INTENT'))).to.deep.equal([
      'INTENT SUCCEEDED 5000',
    ]);
    expect(await provider.effects('payment.request')).to.have.length(1);
    await provider.close();
  });
});
