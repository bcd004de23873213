import { expect } from 'chai';
import { cancelSaleOrder } from '../../../src/commands/cancel-sale-order.ts';
import { recordCapture } from '../../../src/commands/record-capture.ts';
import { refundSaleOrder } from '../../../src/commands/refund-sale-order.ts';
import { lockSaleOrder } from '../../../src/persistence/orders.ts';
import { settleRefund } from '../../../src/persistence/refund-ledger.ts';
import { problemOf } from '../../helpers/problems.ts';
import { aCustomer, aSaleOrder } from '../../helpers/builders.ts';
import { listenToProvider, type ProviderSide } from '../../helpers/provider.ts';
import { by, openWorld, type World } from '../../helpers/world.ts';
import { arrive, auditOf, eventsAbout, incidentsOf, invoicesOf, moneyOf, paymentsOf, profileOf, ship } from './world.ts';

describe('Money goes back', () => {
  let world: World;
  let provider: ProviderSide;
  beforeEach(async () => {
    world = await openWorld();
    provider = await listenToProvider(world);
  });
  afterEach(async () => {
    expect(await auditOf(world)).to.deep.equal([]);
    await provider.close();
    await world.close();
  });

  const prepaidSale = async (customer?: string): Promise<{ id: string; number: string }> => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY', ...(customer !== undefined && { customer }) });
    await world.drain();
    return sale;
  };
  const cancelled = async (): Promise<{ id: string; number: string }> => {
    const sale = await prepaidSale();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'changed their mind' });
    await world.drain();
    return sale;
  };
  const transfer = (saleOrderId: string, amountMinor: number, reference: string) =>
    recordCapture(world.deps, by('finance'), { saleOrderId, amountMinor, currency: 'EUR', reference });
  /** Time goes by, in which the reconciler looks again and again. */
  const later = async (): Promise<void> => {
    for (let looks = 0; looks < 5; looks++) {
      await world.pass(700_000);
      await world.drain();
    }
    await provider.told();
  };

  it('11: money that arrives after the cancellation is refunded by itself, and is unapplied until then', async () => {
    const sale = await cancelled();
    await provider.pay(sale.number, 5000);
    expect(await moneyOf(world, sale.id)).to.include({ captured: 0, unapplied: 5000, state: 'CANCELLED' });
    expect(await paymentsOf(world, sale.id)).to.include('REFUND REQUESTED 5000');
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ captured: 0, refunded: 0, unapplied: 0 });
    expect(await paymentsOf(world, sale.id)).to.include('REFUND SUCCEEDED 5000');
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
    expect((await provider.effects('payment.refund')).map(({ outcome }) => outcome)).to.deep.equal(['done']);
    expect(await eventsAbout(world, 'payment.late-capture-refunded')).to.have.length(1);
  });

  it('a provider that is away is asked again until it is back; a person is told meanwhile, and no more when it is done', async () => {
    const sale = await cancelled();
    await provider.control({ only: { operation: 'payment.refund' }, failBeforeNext: 9 });
    await provider.pay(sale.number, 5000);
    await world.drain();
    expect(await paymentsOf(world, sale.id)).to.include('REFUND UNKNOWN 5000');
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
    for (let looks = 0; looks < 8; looks++) {
      await world.pass(700_000);
      await world.drain();
    }
    expect(await incidentsOf(world, sale.id)).to.deep.equal(['stuck']);
    await later();
    expect(await moneyOf(world, sale.id)).to.include({ unapplied: 0 });
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
    expect((await provider.effects('payment.refund')).map(({ outcome }) => outcome)).to.deep.equal(['done']);
  });

  it('a refund that the provider made, and whose answer was lost, is made once', async () => {
    const sale = await cancelled();
    await provider.control({ only: { operation: 'payment.refund' }, failNext: 2 });
    await provider.pay(sale.number, 5000);
    await later();
    expect(await moneyOf(world, sale.id)).to.include({ unapplied: 0 });
    expect(await paymentsOf(world, sale.id)).to.deep.equal([
      'INTENT SUCCEEDED 5000',
      'VOID SUCCEEDED 5000',
      'CAPTURE SUCCEEDED 5000',
      'REFUND SUCCEEDED 5000',
    ]);
    expect(await provider.effects('payment.refund')).to.have.length(1);
  });

  it('a refund counts once, although others say as well that it was made', async () => {
    const sale = await prepaidSale();
    await provider.pay(sale.number, 5000);
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 1000, reason: 'a gesture' });
    await world.drain();
    const [refund] = await world.database.query<{ reference: string }>(
      `select reference from orderflow.payment where sale_order_id = $1 and kind = 'REFUND'`,
      [sale.id],
    );
    const settle = () =>
      world.database.transaction(async (tx) => {
        const at = await tx.now();
        const answer = { status: 'accepted', providerReference: 're-1' } as const;
        return settleRefund(tx, await lockSaleOrder(tx, sale.id), refund?.reference ?? '', answer, {
          nextAt: at,
          at,
          by: 'test',
        });
      });

    expect(await Promise.all([settle(), settle(), settle()])).to.deep.equal(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);

    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 1000 });
    expect(await eventsAbout(world, 'payment.refunded')).to.have.length(1);
  });

  it('a refund that the provider refuses is left to finance, who transfer it and say so', async () => {
    const sale = await cancelled();
    await provider.control({ only: { operation: 'payment.refund' }, declineNext: 1 });
    await provider.pay(sale.number, 5000);
    await later();
    expect(await incidentsOf(world, sale.id)).to.deep.equal(['late-money']);
    expect(await paymentsOf(world, sale.id)).to.include('REFUND REQUESTED 5000');
    const refund = { saleOrderId: sale.id, amountMinor: 5000, reason: 'the card is closed', reference: 'bank-1' };
    expect((await refundSaleOrder(world.deps, by('finance'), refund)).status).to.equal(201);
    expect(await moneyOf(world, sale.id)).to.include({ unapplied: 0 });
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
  });

  it('a transfer that arrives late goes back by hand: finance has an incident until it has', async () => {
    const sale = await cancelled();
    await transfer(sale.id, 900, 'transfer-1');
    await later();
    expect(await incidentsOf(world, sale.id)).to.deep.equal(['late-money']);
    expect(await provider.effects('payment.refund')).to.deep.equal([]);
    await refundSaleOrder(world.deps, by('finance'), {
      saleOrderId: sale.id,
      amountMinor: 900,
      reason: 'late',
      reference: 'back-1',
    });
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
    expect(await moneyOf(world, sale.id)).to.include({ unapplied: 0, refunded: 0 });
  });

  it('a cancellation voids what was asked and refunds what was paid, also what was refunded in part before', async () => {
    const sale = await prepaidSale();
    await provider.pay(sale.number, 3000);
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 1000, reason: 'a gesture' });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ captured: 3000, refunded: 1000 });
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'changed their mind' });
    await world.drain();
    await provider.told();
    expect(await moneyOf(world, sale.id)).to.include({ state: 'CANCELLED', captured: 3000, refunded: 3000, unapplied: 0 });
    const given = (await provider.effects('payment.refund')).filter(({ outcome }) => outcome === 'done');
    expect(given.map(({ amountMinor }) => amountMinor)).to.deep.equal([1000, 2000]);
    expect((await world.providers.payments.findPayment(sale.number))?.status).to.equal('voided');
  });

  it('a card that was authorised is let go by a cancellation', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'CARD' });
    await world.drain();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'changed their mind' });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ authorized: 0 });
    expect(await paymentsOf(world, sale.id)).to.include('VOID SUCCEEDED 5000');
    expect((await world.providers.payments.findPayment(sale.number))?.status).to.equal('voided');
  });

  it('58: of two refunds of the last 10.00 one is made and the other is told of refund_cap', async () => {
    const sale = await prepaidSale();
    await provider.pay(sale.number, 5000);
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 4000, reason: 'a gesture' });
    const refund = { saleOrderId: sale.id, amountMinor: 1000, reason: 'the rest' };
    const race = [refundSaleOrder(world.deps, by('finance'), refund), refundSaleOrder(world.deps, by('finance'), refund)];
    const outcomes = await Promise.all(
      race.map((each) =>
        each.then(
          ({ status }) => String(status),
          (error: { code: string; message: string }) => `${error.code} ${error.message}`,
        ),
      ),
    );
    outcomes.sort((a, b) => a.localeCompare(b));
    expect(outcomes[0]).to.equal('201');
    expect(outcomes[1]).to.match(/^refund-cap .*refund_cap/);
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 5000 });
  });

  it('only finance refunds', async () => {
    const sale = await prepaidSale();
    await provider.pay(sale.number, 5000);
    const refund = { saleOrderId: sale.id, amountMinor: 1, reason: 'because' };
    expect((await problemOf(refundSaleOrder(world.deps, by('sales'), refund))).code).to.equal('forbidden');
  });

  it('55: a chargeback after the sale was completed is owed again, and holds the account; the sale stays completed', async () => {
    const customer = await aCustomer(world);
    const sale = await prepaidSale(customer.id);
    const capture = await provider.pay(sale.number, 5000);
    await world.drain();
    await arrive(world, await ship(world, sale.id));
    expect((await moneyOf(world, sale.id)).state).to.equal('COMPLETED');
    await provider.chargeBack(capture);
    expect(await moneyOf(world, sale.id)).to.include({ state: 'COMPLETED', captured: 5000, refunded: 5000 });
    expect(await paymentsOf(world, sale.id)).to.include.members(['CAPTURE REVERSED 5000', 'REVERSAL SUCCEEDED 5000']);
    const [invoice] = await invoicesOf(world, sale.id);
    expect(invoice).to.include({ kind: 'CHARGEBACK', amount: 5000, open: 5000 });
    expect(await profileOf(world, customer.id)).to.include({ hold: 'HOLD', unpaid: 5000 });
    expect(await eventsAbout(world, 'payment.reversed')).to.have.length(1);
  });

  it('a chargeback of money that was on its way back takes the refund away with it', async () => {
    const sale = await cancelled();
    await provider.control({ only: { operation: 'payment.refund' }, failBeforeNext: 1 });
    const capture = await provider.pay(sale.number, 5000);
    await world.drain();
    await provider.chargeBack(capture);
    await later();
    expect(await moneyOf(world, sale.id)).to.include({ unapplied: 0 });
    expect(await paymentsOf(world, sale.id)).to.include.members(['REFUND FAILED 5000', 'REVERSAL SUCCEEDED 5000']);
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
  });

  it('a refund that somebody made at the provider is written down', async () => {
    const sale = await prepaidSale();
    const capture = await provider.pay(sale.number, 5000);
    await provider.refund(sale.number, capture, 700);
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 700 });
    expect(await paymentsOf(world, sale.id)).to.include('REFUND SUCCEEDED 700');
  });

  it('what was paid beyond the total goes back to the card at the end, and a transfer becomes money on account', async () => {
    const customer = await aCustomer(world);
    const sale = await prepaidSale(customer.id);
    await provider.pay(sale.number, 4000);
    await provider.pay(sale.number, 1500);
    await world.drain();
    await transfer(sale.id, 250, 'too much');
    await arrive(world, await ship(world, sale.id));
    await provider.told();
    expect(await moneyOf(world, sale.id)).to.include({ state: 'COMPLETED', captured: 5000, refunded: 0, unapplied: 0 });
    expect(await paymentsOf(world, sale.id)).to.include.members(['REFUND SUCCEEDED 500', 'SETTLEMENT SUCCEEDED 250']);
    expect(await profileOf(world, customer.id)).to.include({ cash: 250, exposure: -250 });
  });

  it('a bank that declines later is a decline: the sale asks for another method', async () => {
    const sale = await prepaidSale();
    await provider.decline(sale.number);
    await world.drain();
    expect((await moneyOf(world, sale.id)).state).to.equal('AWAITING_PAYMENT_METHOD');
    expect(await paymentsOf(world, sale.id)).to.deep.equal(['INTENT FAILED 5000']);
  });
});
