import { expect } from 'chai';
import { entities } from '../../src/commands/adoption/records.ts';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { setFlag } from '../../src/commands/set-flag.ts';
import { aCustomer, aProduct, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { ago, OldSystem } from './records.ts';
import { adopt, countOf, digestOf, faultsOf, sample } from './world.ts';

describe('what adoption does with an order', () => {
  let world: World;
  beforeEach(async () => (world = await openWorld()));
  afterEach(() => world.close());

  const saleOf = async (number: string): Promise<{ id: string; state: string; instanceId: string }> => {
    const [row] = await world.database.query<{ id: string; state: string; instanceId: string }>(
      `select id, workflow_state as state, process_instance_id as "instanceId" from orderflow.sale_order where number = $1`,
      [number],
    );
    if (!row) throw new Error(`no sale ${number}`);
    return row;
  };

  it('takes credit in the order of confirmation: who came last is grandfathered', async () => {
    const old = new OldSystem({ limit: '1000.00' });
    for (const [number, days] of [
      ['L-3', 1],
      ['L-1', 3],
      ['L-2', 2],
    ] as const) {
      old
        .sale(number, 40, { status: 'PROCESSING', confirmed_at: ago(days) })
        .shipment(`F${number}`, number, 40, { status: 'BACKORDER' });
    }
    expect((await adopt(world, old.records)).findings).to.deep.equal([]);
    const snapshots = await world.database.query(
      `select s.number, n.outcome, n.exposure_minor as exposure, o.scope_amount_minor as beyond
         from orderflow.credit_snapshot n join orderflow.sale_order s on s.id = n.sale_order_id
         left join orderflow.override_request o on o.id = n.override_request_id order by s.number`,
    );
    expect(snapshots).to.deep.equal([
      { number: 'L-1', outcome: 'APPROVE', exposure: 0, beyond: null },
      { number: 'L-2', outcome: 'APPROVE', exposure: 40_000, beyond: null },
      { number: 'L-3', outcome: 'APPROVE_WITH_OVERRIDE', exposure: 80_000, beyond: 20_000 },
    ]);
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('leaves an order in review whose goods are promised to somebody else', async () => {
    const old = new OldSystem({ limit: '9000.00' });
    for (const [number, days] of [
      ['L-1', 2],
      ['L-2', 1],
    ] as const) {
      old
        .sale(number, 60, { status: 'CONFIRMED', confirmed_at: ago(days) })
        .shipment(`F${number}`, number, 60, { status: 'READY' }, 60);
    }
    const { findings, orders } = await adopt(world, old.records, { thresholdPct: 100 });
    expect([orders, findings.map(({ key, message }) => [key, message])]).to.deep.equal([
      1,
      [['L-2', '60 pieces of BOLT are set aside, but only 40 are free']],
    ]);
    // nothing of it was written, also not by a run that tries again
    const before = await digestOf(world.database);
    await adopt(world, old.records, { thresholdPct: 100 });
    expect(await digestOf(world.database)).to.deep.equal(before);
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('writes nothing when there are more findings than the threshold allows', async () => {
    const old = new OldSystem().sale('L-1', 1, { status: 'GONE' }).sale('L-2', 1, { status: 'PENDING' });
    const { isStopped, masters } = await adopt(world, old.records, { thresholdPct: 49 });
    expect([isStopped, masters, await countOf(world, 'customer'), await countOf(world, 'sale_order')]).to.deep.equal([
      true,
      0,
      0,
      0,
    ]);
    expect((await adopt(world, old.records, { thresholdPct: 50 })).orders).to.equal(1);
  });

  it('goes on after an interruption where it stopped, with the same result', async function () {
    this.timeout(120_000);
    const records = await sample(world, 450, 3);
    const stop = new Error('somebody pulled the plug');
    const progress = (text: string): void => {
      if (text.startsWith('200 of') && text.endsWith('orders')) throw stop;
    };
    expect(await adopt(world, records, { progress }).catch((error: unknown) => error)).to.equal(stop);
    const between = await countOf(world, `adoption where entity in ('sale_orders', 'quotations')`);
    expect(between).to.be.greaterThan(100);
    const { reconciliation } = await adopt(world, records);
    expect(reconciliation.differences).to.deep.equal([]);
    expect(await countOf(world, `adoption where entity in ('sale_orders', 'quotations')`)).to.be.greaterThan(between);
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('lets an adopted order go on: paid, picked, packed, shipped, delivered, completed', async function () {
    this.timeout(60_000);
    const old = new OldSystem().sale('L-1', 10, { status: 'PARTIALLY_PAID', payment_method: 'PREPAY' }, { reserved: '10' });
    old.add('payments', {
      reference: 'P-1',
      sale_order: 'L-1',
      kind: 'CAPTURE',
      amount: '30.00',
      currency: 'EUR',
      occurred_at: ago(3),
    });
    expect((await adopt(world, old.records)).findings).to.deep.equal([]);
    const { id } = await saleOf('L-1');
    expect(await world.drain()).to.deep.equal([]);
    await recordCapture(world.deps, by('finance'), { saleOrderId: id, amountMinor: 7_000, currency: 'EUR', reference: 'P-2' });
    await world.drain();
    expect(await statesOf(world, id)).to.deep.equal(['AWAITING_PAYMENT', 'CLEARED']);
    const [fulfilment] = await world.database.query<{ id: string; instanceId: string }>(
      `select id, process_instance_id as "instanceId" from orderflow.fulfilment where sale_order_id = $1`,
      [id],
    );
    if (!fulfilment) throw new Error('nothing was handed over');
    await completeAt(world, 'warehouse', fulfilment.instanceId, 'f_pick', {});
    await completeAt(world, 'warehouse', fulfilment.instanceId, 'f_pack', {});
    await world.drain();
    expect(await statesOf(world, fulfilment.id)).to.include('SHIPPED');
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('adopts a sale that was handed over while its slice was off', async () => {
    const customer = await aCustomer(world, { code: 'ACME', paymentMethod: 'TERMS' });
    const { sku } = await aProduct(world, { sku: 'BOLT' });
    await setFlag(world.deps, by('admin'), { name: 'workflow.sale', enabled: false, reason: 'not yet' });
    const { body } = await createQuotation(world.deps, by('sales'), {
      customerId: customer.id,
      currency: 'EUR',
      lines: [{ sku, quantity: 4 }],
    });
    const instanceId = body['processInstanceId'] as string;
    await completeAt(world, 'sales', instanceId, 'q_draft');
    await world.drain();
    await completeAt(world, 'buyer', instanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    const [row] = await world.database.query<{ number: string; status: string; state: string | null }>(
      `select number, legacy_status as status, workflow_state as state from orderflow.sale_order`,
    );
    expect(row).to.deep.include({ status: 'HANDED_OVER', state: null });
    expect(await faultsOf(world)).to.deep.equal([]);

    const old = new OldSystem();
    old.records.credit_limits.length = old.records.stock.length = 0;
    old.sale(row?.number ?? '', 4, { status: 'ON_HOLD', status_reason: 'CREDIT' });
    const { findings, orders } = await adopt(world, old.records);
    expect([orders, findings]).to.deep.equal([1, []]);
    expect(await saleOf(row?.number ?? '')).to.include({ state: 'CREDIT_HOLD' });
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('takes shipments back that were handed over, but not one that has left meanwhile', async () => {
    const [first, second] = [await aSaleOrder(world, { quantity: 3 }), await aSaleOrder(world, { quantity: 4 })];
    await setFlag(world.deps, by('admin'), { name: 'workflow.fulfilment', enabled: false, reason: 'not yet' });
    await world.drain();
    const rows = await world.database.query<{ id: string; number: string; saleId: string }>(
      'select id, number, sale_order_id as "saleId" from orderflow.fulfilment',
    );
    const of = (sale: { id: string }) => rows.find(({ saleId }) => saleId === sale.id) ?? { id: '', number: '' };
    const old = new OldSystem();
    for (const entity of entities) old.records[entity].length = 0;
    old.shipment(of(first).number, first.number, 3, { status: 'READY' });
    old.shipment(of(second).number, second.number, 4, { status: 'SHIPPED', shipped_at: ago(1) });
    const { orders, findings } = await adopt(world, old.records, { thresholdPct: 1_000_000 });
    expect([orders, findings.map(({ key }) => key)]).to.deep.equal([1, [of(second).number]]);
    expect(findings[0]?.message).to.match(/goods and money have to be booked here by hand/);
    expect(await statesOf(world, of(first).id)).to.deep.equal(['PICKING']);
    expect(await faultsOf(world)).to.deep.equal([]);
    const after = await digestOf(world.database);
    await adopt(world, old.records, { thresholdPct: 1_000_000 });
    expect(await digestOf(world.database)).to.deep.equal(after);
  });
});
