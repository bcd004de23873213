import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { choosePaymentMethod } from '../../src/commands/choose-payment-method.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { recordDelivery } from '../../src/commands/record-delivery.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { onQuotationApproved, onSaleCleared } from '../../src/commands/phase-coordinator.ts';
import { lockSaleOrder, saleLines } from '../../src/persistence/orders.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const days = 86_400_000;

/** Scenarios of docs/domain.md by number, with the path of states that each has to take. */
describe('scenarios', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('no incident is left behind', async () => {
    expect(
      await world.database.query('select element_id, message from orderflow.incident where resolved_at is null'),
    ).to.deep.equal([]);
  });

  const one = async <T>(sql: string, ...params: unknown[]): Promise<T> => (await world.database.query<T>(sql, params))[0] as T;
  const fulfilmentsOf = (saleId: string): Promise<{ id: string; processInstanceId: string }[]> =>
    world.database.query(
      `select id, process_instance_id as "processInstanceId" from orderflow.fulfilment where sale_order_id = $1 order by number`,
      [saleId],
    );
  const capture = (saleOrderId: string, amountMinor: number, reference: string): Promise<unknown> =>
    recordCapture(world.deps, by('finance'), { saleOrderId, amountMinor, currency: 'EUR', reference });
  const shipAndDeliver = async (fulfilmentId: string): Promise<void> => {
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
    await recordDelivery(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
    await world.pass(120_000);
    await world.drain();
  };
  const decline = (count: number): Promise<Response> =>
    fetch(`${world.sandboxUrl}/control`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ declineNext: count }),
    });

  it('01 happy path: quotation, sale on terms, fulfilment, completed', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    const sale = await one<{ id: string }>('select id from orderflow.sale_order where quotation_id = $1', quotation.id);
    const [fulfilment] = await fulfilmentsOf(sale.id);
    await shipAndDeliver(fulfilment!.id);
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'APPROVED']);
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK', 'RESERVING', 'CLEARED', 'COMPLETED']);
    expect(await statesOf(world, fulfilment!.id)).to.deep.equal([
      'ALLOCATING',
      'PICKING',
      'PACKING',
      'SHIPPED',
      'DELIVERED',
      'COMPLETED',
    ]);
  });

  it('02 prepaid: three partial captures accumulate, then the sale clears', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    for (const [index, amount] of [2000, 2000, 1000].entries()) {
      await capture(sale.id, amount, `02-${index}`);
      await world.drain();
    }
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'AWAITING_PAYMENT', 'CLEARED']);
  });

  it('03 a capture event that is delivered twice counts once', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const event = {
      provider: 'payments',
      eventId: 'evt-03',
      type: 'payment.captured',
      data: { reference: sale.number, amountMinor: 2000, currency: 'EUR', captureReference: 'cap-03' },
    } as const;
    await takeProviderEvent(world.deps, event);
    expect((await takeProviderEvent(world.deps, event)).replayed).to.equal(true);
    // the same money under another event id is the same money
    expect((await takeProviderEvent(world.deps, { ...event, eventId: 'evt-03-again' })).body).to.deep.equal({ result: 'known' });
    await world.drain();
    expect(await one('select captured_minor as captured from orderflow.sale_order where id = $1', sale.id)).to.deep.equal({
      captured: 2000,
    });
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'AWAITING_PAYMENT']);
    await capture(sale.id, 3000, '03-rest'); // or it would be overdue when a later test lets time pass
  });

  it('05 a capture that arrives before anybody waits for it is found in the ledger', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await capture(sale.id, 5000, '05');
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'RESERVING', 'CLEARED']);
  });

  it('06 declined three times, with another method each time: rejected, and everything is given back', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await decline(3);
    await world.drain();
    await choosePaymentMethod(world.deps, by('buyer'), { saleOrderId: sale.id, method: 'CARD' });
    await world.drain();
    await choosePaymentMethod(world.deps, by('sales'), { saleOrderId: sale.id, method: 'PREPAY' });
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal([
      'OPEN',
      'RESERVING',
      'AWAITING_PAYMENT_METHOD',
      'RESERVING',
      'AWAITING_PAYMENT_METHOD',
      'RESERVING',
      'CANCELLING',
      'REJECTED',
    ]);
    expect(
      await one('select sum(reserved)::bigint as reserved from orderflow.sale_line where sale_order_id = $1', sale.id),
    ).to.deep.equal({ reserved: 0 });
  });

  it('09 cancelled while payment is awaited: credit and stock are given back, the payment request is voided', async () => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod: 'DEPOSIT' });
    await world.drain();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'the customer changed their mind' });
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal([
      'OPEN',
      'CREDIT_CHECK',
      'RESERVING',
      'AWAITING_PAYMENT',
      'CANCELLING',
      'CANCELLED',
    ]);
    expect(
      await one('select open_orders_minor as held from orderflow.credit_profile where customer_id = $1', customer.id),
    ).to.deep.equal({ held: 0 });
    const kinds = await world.database.query(
      'select kind, status from orderflow.payment where sale_order_id = $1 order by recorded_at',
      [sale.id],
    );
    expect(kinds).to.deep.equal([
      { kind: 'INTENT', status: 'SUCCEEDED' },
      { kind: 'VOID', status: 'SUCCEEDED' },
    ]);
    const again = await problemOf(cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'once more' }));
    expect([again.code, again.extensions['workflowState']]).to.deep.equal(['wrong-state', 'CANCELLED']);
  });

  const overLimit = async (): Promise<{ sale: Awaited<ReturnType<typeof aSaleOrder>>; overrideRequestId: string }> => {
    const customer = await aCustomer(world, { limitMinor: 4500 });
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    const request = await one<{ id: string }>(
      `select id from orderflow.override_request where subject_id = $1 and status = 'PENDING'`,
      sale.id,
    );
    return { sale, overrideRequestId: request.id };
  };

  it('12 over the limit: a second person approves, the sale clears, and the override is used up', async () => {
    const { sale, overrideRequestId } = await overLimit();
    const own = await problemOf(
      decideOverride(
        world.deps,
        { actor: { id: 'sales', roles: ['credit_analyst'] }, key: '12-own' },
        { overrideRequestId, decision: 'APPROVE', reason: 'my own' },
      ),
    );
    expect(own.code).to.equal('four-eyes');
    const direct = await problemOf(completeAt(world, 'credit', sale.processInstanceId, 's_credit_override', {}));
    expect(direct.code).to.equal('decide-the-override');
    await decideOverride(world.deps, by('credit'), { overrideRequestId, decision: 'APPROVE', reason: 'a good customer' });
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal([
      'OPEN',
      'CREDIT_CHECK',
      'AWAITING_CREDIT_OVERRIDE',
      'CREDIT_CHECK',
      'RESERVING',
      'CLEARED',
    ]);
    expect(await one('select status from orderflow.override_request where id = $1', overrideRequestId)).to.deep.equal({
      status: 'CONSUMED',
    });
  });

  it('14 nobody decides in time: approving is refused, the sale is on credit hold, and after 14 days rejected', async () => {
    const { sale, overrideRequestId } = await overLimit();
    await world.pass(2 * days);
    const late = await problemOf(
      decideOverride(world.deps, by('credit'), { overrideRequestId, decision: 'APPROVE', reason: 'a moment too late' }),
    );
    expect(late.code).to.equal('override-not-pending');
    await world.drain();
    const after = await problemOf(
      decideOverride(world.deps, by('credit'), { overrideRequestId, decision: 'APPROVE', reason: 'much too late' }),
    );
    expect([after.code, after.extensions['overrideStatus']]).to.deep.equal(['override-not-pending', 'EXPIRED']);
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK', 'AWAITING_CREDIT_OVERRIDE', 'CREDIT_HOLD']);
    await world.pass(15 * days);
    await world.drain();
    expect((await statesOf(world, sale.id)).slice(-3)).to.deep.equal(['CREDIT_HOLD', 'CANCELLING', 'REJECTED']);
  });

  it('19 out of stock: what is there ships, the rest is backordered, stock arrives, both complete', async () => {
    const { sku } = await aProduct(world, { stock: 3 });
    const sale = await aSaleOrder(world, { product: sku });
    await world.drain();
    const [first, second] = await fulfilmentsOf(sale.id);
    expect((await statesOf(world, second!.id)).at(-1)).to.equal('BACKORDERED');
    await receiveStock(world.deps, by('warehouse'), { sku, quantity: 10, reference: 'delivery-19' });
    await world.drain();
    await shipAndDeliver(first!.id);
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    await shipAndDeliver(second!.id);
    expect(await statesOf(world, second!.id)).to.deep.equal([
      'ALLOCATING',
      'BACKORDERED',
      'ALLOCATING',
      'PICKING',
      'PACKING',
      'SHIPPED',
      'DELIVERED',
      'COMPLETED',
    ]);
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('COMPLETED');
  });

  it('31 accepted in the second of its expiry: the guard decides, not the timer', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await world.pass(30 * days + 1000); // no timer has fired yet
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'EXPIRED']);
  });

  it('a quotation that nobody answers expires by its timer after 30 days (longer than a timer of the process could wait)', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await world.pass(29 * days);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    await world.pass(2 * days);
    await world.drain();
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'EXPIRED']);
  });

  it('36 a hand-off that is delivered twice makes one sale and one set of fulfilments', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    const sale = await one<{ id: string }>('select id from orderflow.sale_order where quotation_id = $1', quotation.id);
    const again = await world.database.transaction(async (tx) => {
      const now = await tx.now();
      const unit = { tx, deps: world.deps, actor: systemActor('test'), commandId: null, traceparent: null, now, steps: [] };
      const row = await lockSaleOrder(tx, sale.id);
      return {
        sale: await onQuotationApproved(unit, quotation.id, now),
        fulfilments: await onSaleCleared(unit, row, await saleLines(tx, row.id), 'SHIP_AVAILABLE', now),
      };
    });
    expect(again.sale).to.equal(sale.id);
    expect(again.fulfilments).to.deep.equal((await fulfilmentsOf(sale.id)).map((each) => each.id));
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK', 'RESERVING', 'CLEARED']);
  });
});
