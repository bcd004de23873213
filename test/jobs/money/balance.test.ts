import { expect } from 'chai';
import { cancelFulfilment } from '../../../src/commands/cancel-fulfilment.ts';
import { takeProviderEvent } from '../../../src/commands/provider-event.ts';
import { receiveStock } from '../../../src/commands/receive-stock.ts';
import { recordCapture } from '../../../src/commands/record-capture.ts';
import { recordDelivery } from '../../../src/commands/record-delivery.ts';
import { receiveReturn } from '../../../src/commands/receive-return.ts';
import { refundSaleOrder } from '../../../src/commands/refund-sale-order.ts';
import { requestReturn } from '../../../src/commands/request-return.ts';
import { resolveIncident } from '../../../src/commands/resolve-incident.ts';
import { fulfilmentsOf } from '../../fulfilment/acts.ts';
import { aCustomer, aProduct, aSaleOrder, completeAt, statesOf } from '../../helpers/builders.ts';
import { listenToProvider, type ProviderSide } from '../../helpers/provider.ts';
import { by, openWorld, type World } from '../../helpers/world.ts';
import { arrive, auditOf, incidentsOf, invoicesOf, moneyOf, paymentsOf, profileOf, ship } from './world.ts';

describe('What goes back and what is owed follows from all that the ledgers say', () => {
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

  const prepaid = async (quantity = 5, product?: string) => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, {
      customer: customer.id,
      paymentMethod: 'PREPAY',
      quantity,
      ...(product !== undefined && { product }),
    });
    await world.drain();
    const capture = await provider.pay(sale.number, quantity * 1000);
    await world.drain();
    return { customer, sale, capture };
  };
  const transfer = async (saleOrderId: string, amountMinor: number, reference: string): Promise<void> => {
    await recordCapture(world.deps, by('finance'), { saleOrderId, amountMinor, currency: 'EUR', reference });
    await world.drain();
  };
  const delivered = async (saleId: string): Promise<string> => {
    const [fulfilmentId = ''] = await ship(world, saleId);
    await recordDelivery(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
    return fulfilmentId;
  };
  const sentBack = async (fulfilmentId: string, quantity: number): Promise<{ id: string; instanceId: string }> => {
    const wanted = { fulfilmentId, lines: [{ lineNo: 1, quantity }], reason: 'CHANGED_MIND' as const };
    const { body } = await requestReturn(world.deps, by('buyer'), wanted);
    const [id, instanceId] = [body['id'] as string, body['processInstanceId'] as string];
    await world.drain();
    await receiveReturn(world.deps, by('warehouse'), { returnId: id });
    await world.drain();
    await completeAt(world, 'warehouse', instanceId, 'r_inspect', { lines: [{ lineNo: 1, accepted: quantity, good: quantity }] });
    await world.drain();
    await provider.told();
    await world.drain();
    return { id, instanceId };
  };
  const sayNothing = (): Promise<unknown> =>
    fetch(`${world.sandboxUrl}/webhook-endpoint`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'http://127.0.0.1:9' }),
    });
  /** Time goes by, in which the reconciler looks again and again. */
  const looks = async (): Promise<void> => {
    for (let times = 0; times < 8; times++) {
      await world.pass(600_000);
      await world.drain();
    }
  };
  const later = async (): Promise<void> => {
    await looks();
    await provider.told();
    await world.drain();
  };
  const lost = async (saleId: string): Promise<void> => {
    const [fulfilment] = await fulfilmentsOf(world, saleId);
    const data = { reference: fulfilment!.number, reason: 'nobody has seen it' };
    await takeProviderEvent(world.deps, { provider: 'carrier', eventId: 'e1', type: 'carrier.exception', data });
    await world.drain();
    await completeAt(world, 'warehouse', fulfilment!.instanceId, 'f_exception', { exception: { resolution: 'LOST' } });
    await world.drain();
  };

  describe('a chargeback of a part, and then the rest is cancelled', () => {
    /** Of ten pieces five have left, and the rest waits for stock. */
    const halfShipped = async () => {
      const { sku } = await aProduct(world, { stock: 5 });
      const prepay = await prepaid(10, sku);
      await ship(world, prepay.sale.id);
      const [, open] = await fulfilmentsOf(world, prepay.sale.id);
      return { ...prepay, sku, open: open! };
    };
    const cancel = async (fulfilmentId: string): Promise<void> => {
      await cancelFulfilment(world.deps, by('sales'), { fulfilmentId, reason: 'no more' });
      await world.drain();
      await provider.told();
      await world.drain();
    };

    it('what is left pays for the goods that the customer keeps, and nothing goes back', async () => {
      const { sale, capture, open } = await halfShipped();
      await provider.chargeBack(capture, 5000);
      await world.drain();
      expect(await invoicesOf(world, sale.id)).to.deep.equal([]);
      await cancel(open.id);
      expect(await moneyOf(world, sale.id)).to.include({ captured: 10_000, refunded: 5000, unapplied: 0 });
      expect(await invoicesOf(world, sale.id)).to.deep.equal([]);
    });

    it('the goods that are still to come do not leave on money that was taken back', async () => {
      const { sale, capture, sku } = await halfShipped();
      await provider.chargeBack(capture, 5000);
      await receiveStock(world.deps, by('warehouse'), { sku, quantity: 5, reference: 'more' });
      await world.drain();
      expect(await ship(world, sale.id)).to.deep.equal([]);
      await transfer(sale.id, 5000, 'paid again');
      expect(await moneyOf(world, sale.id)).to.include({ captured: 15_000, refunded: 5000, unapplied: 0 });
    });

    it('of what was charged back more, the goods that are kept are owed', async () => {
      const { customer, sale, capture, open } = await halfShipped();
      await provider.chargeBack(capture, 7000);
      await world.drain();
      await cancel(open.id);
      expect(await moneyOf(world, sale.id)).to.include({ captured: 10_000, refunded: 7000 });
      const invoices = await invoicesOf(world, sale.id);
      expect(invoices.map(({ kind, amount, open: unpaid }) => ({ kind, amount, unpaid }))).to.deep.equal([
        { kind: 'CHARGEBACK', amount: 2000, unpaid: 2000 },
      ]);
      expect(await profileOf(world, customer.id)).to.include({ hold: 'HOLD', unpaid: 2000 });
    });

    it('without a chargeback what was cancelled goes back', async () => {
      const { sale, open } = await halfShipped();
      await cancel(open.id);
      expect(await moneyOf(world, sale.id)).to.include({ captured: 10_000, refunded: 5000 });
      await transfer(sale.id, 5000, 'too late');
      expect(await moneyOf(world, sale.id)).to.include({ captured: 10_000, refunded: 5000, unapplied: 5000 });
    });

    it('a refund at the provider of a part of what was on its way back: the rest goes back all the same', async () => {
      const { sale, capture, open } = await halfShipped();
      await provider.control({ only: { operation: 'payment.refund' }, declineNext: 1 });
      await cancel(open.id);
      expect(await incidentsOf(world, sale.id)).to.deep.equal(['late-money']);
      await provider.refund(sale.number, capture, 6000);
      await world.drain();
      expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
      expect(await moneyOf(world, sale.id)).to.include({ captured: 10_000, refunded: 6000 });
    });
  });

  describe('money that arrives after all is done', () => {
    it('of a sale whose goods all came back: it is owed nothing, a transfer becomes money on account', async () => {
      const { customer, sale } = await prepaid();
      await sentBack(await delivered(sale.id), 5);
      await world.pass(120_000);
      await world.drain();
      expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 5000 });
      await transfer(sale.id, 5000, 'late');
      expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 5000, unapplied: 0, state: 'COMPLETED' });
      expect(await paymentsOf(world, sale.id)).to.include('SETTLEMENT SUCCEEDED 5000');
      expect(await profileOf(world, customer.id)).to.include({ cash: 5000 });
    });

    it('of a sale that is completed and paid: what a provider took goes back the way it came', async () => {
      const { sale } = await prepaid();
      await arrive(world, await ship(world, sale.id));
      expect((await moneyOf(world, sale.id)).state).to.equal('COMPLETED');
      await provider.pay(sale.number, 5000);
      await world.drain();
      expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 0, unapplied: 0 });
      expect(await paymentsOf(world, sale.id)).to.include('REFUND SUCCEEDED 5000');
    });

    it('of a sale that is completed and was charged back: it is money on account beside the invoice', async () => {
      const { customer, sale, capture } = await prepaid();
      await arrive(world, await ship(world, sale.id));
      await provider.chargeBack(capture, 5000);
      await transfer(sale.id, 5000, 'paid again');
      expect(await profileOf(world, customer.id)).to.include({ unpaid: 5000, cash: 5000, exposure: 0 });
    });
  });

  describe('a shipment is lost before anybody knows whether its card was charged', () => {
    const lostUnknown = async (control: { failNext?: number; failBeforeNext?: number }) => {
      const customer = await aCustomer(world);
      const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod: 'CARD' });
      await world.drain();
      await provider.control({ only: { operation: 'payment.capture' }, ...control });
      await ship(world, sale.id);
      expect(await paymentsOf(world, sale.id)).to.include('CAPTURE UNKNOWN 5000');
      await lost(sale.id);
      return { customer, sale };
    };

    it('it was: the money goes back', async () => {
      // the money is taken, and neither answer nor event says so
      await sayNothing();
      const { sale } = await lostUnknown({ failNext: 4 });
      await looks();
      expect(await paymentsOf(world, sale.id)).to.include.members(['CAPTURE SUCCEEDED 5000', 'REFUND SUCCEEDED 5000']);
      expect(await moneyOf(world, sale.id)).to.include({ captured: 0, unapplied: 0, state: 'COMPLETED' });
    });

    it('it was not: nobody owes anything', async () => {
      const { customer, sale } = await lostUnknown({ failBeforeNext: 4 });
      await provider.control({ only: { operation: 'payment.capture' }, declineNext: 1 });
      await later();
      expect(await paymentsOf(world, sale.id)).to.include('CAPTURE FAILED 5000');
      expect(await invoicesOf(world, sale.id)).to.deep.equal([]);
      expect(await profileOf(world, customer.id)).to.include({ hold: 'NONE', unpaid: 0 });
    });
  });

  it('money that was given back before the goods leave does not let them go', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const { sale } = await prepaid(5, sku);
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 5000, reason: 'by mistake' });
    await receiveStock(world.deps, by('warehouse'), { sku, quantity: 5, reference: 'more' });
    await world.drain();
    const [{ id, state } = { id: '', state: '' }] = await fulfilmentsOf(world, sale.id);
    expect(state).to.equal('ON_HOLD');
    await transfer(sale.id, 5000, 'paid again');
    expect((await statesOf(world, id)).at(-1)).to.equal('PICKING');
  });

  it('money that was given back while they are picked is owed when they leave; what is given back later is a gesture', async () => {
    const { customer, sale } = await prepaid();
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 2000, reason: 'by mistake' });
    await world.drain();
    const shipments = await ship(world, sale.id);
    expect((await invoicesOf(world, sale.id)).map(({ kind, amount }) => `${kind} ${amount}`)).to.deep.equal(['RECEIVABLE 2000']);
    await refundSaleOrder(world.deps, by('finance'), { saleOrderId: sale.id, amountMinor: 1000, reason: 'a gesture' });
    await world.drain();
    await arrive(world, shipments);
    expect(await moneyOf(world, sale.id)).to.include({ refunded: 3000, state: 'COMPLETED' });
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 2000 });
  });

  it('a chargeback of goods that came back is no debt, and a transfer for them that stands on no payment is told of', async () => {
    const { customer, sale, capture } = await prepaid();
    const fulfilmentId = await delivered(sale.id);
    await provider.control({ only: { operation: 'payment.refund' }, declineNext: 1 });
    const { id, instanceId } = await sentBack(fulfilmentId, 5);
    expect((await statesOf(world, id)).at(-1)).to.equal('REFUND_MANUAL');
    await provider.chargeBack(capture, 5000);
    await world.drain();
    expect(await invoicesOf(world, sale.id)).to.deep.equal([]);
    await completeAt(world, 'finance', instanceId, 'r_manual', { manualReference: 'bank-1' });
    await world.drain();
    expect((await statesOf(world, id)).at(-1)).to.equal('RETURN_COMPLETED');
    const [invoice] = await invoicesOf(world, sale.id);
    expect(invoice).to.include({ kind: 'RECEIVABLE', amount: 5000, open: 5000 });
    expect(await profileOf(world, customer.id)).to.include({ hold: 'HOLD', unpaid: 5000 });
  });

  it('a chargeback of money that has gone back already is told of: it is missing from the bank', async () => {
    const { sale, capture } = await prepaid();
    await sentBack(await delivered(sale.id), 5);
    const data = { reference: sale.number, reversalReference: 'rev-1', captureReference: capture, amountMinor: 5000 };
    await takeProviderEvent(world.deps, { provider: 'payments', eventId: 'cb-1', type: 'payment.reversed', data });
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 5000 });
    expect(await incidentsOf(world, sale.id)).to.deep.equal(['late-money']);
    const [incident] = await world.database.query<{ id: string; message: string }>('select id, message from orderflow.incident');
    expect(incident!.message).to.include('rev-1').and.to.include('5000');
    await resolveIncident(world.deps, by('operator'), incident!.id);
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
  });
});
