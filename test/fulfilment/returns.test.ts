import { expect } from 'chai';
import { cancelReturn } from '../../src/commands/cancel-return.ts';
import { receiveReturn } from '../../src/commands/receive-return.ts';
import { requestReturn, type RequestReturn } from '../../src/commands/request-return.ts';
import { readTimeline } from '../../src/queries/timeline.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { aProduct, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aSale, deliver, expectSound, firstOf, lineOf, ship, stockOf, type FulfilmentRow } from './acts.ts';

const days = 86_400_000;

describe('returns', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  interface Delivered {
    readonly sku: string;
    readonly saleId: string;
    readonly customerId: string;
    readonly shipment: FulfilmentRow;
  }

  async function delivered(quantity = 5, product: Parameters<typeof aProduct>[1] = {}): Promise<Delivered> {
    const { sku } = await aProduct(world, { stock: 20, returnWindowSeconds: 14 * 86_400, ...product });
    const sale = await aSale(world, [{ sku, quantity }]);
    const shipment = await firstOf(world, sale.id);
    await ship(world, shipment);
    await deliver(world, shipment);
    return { sku, saleId: sale.id, customerId: sale.customerId, shipment };
  }

  async function aReturn(
    shipment: FulfilmentRow,
    quantity: number,
    reason: RequestReturn['reason'] = 'CHANGED_MIND',
  ): Promise<{ id: string; number: string; processInstanceId: string }> {
    const { body } = await requestReturn(world.deps, by('buyer'), {
      fulfilmentId: shipment.id,
      lines: [{ lineNo: 1, quantity }],
      reason,
    });
    await world.drain();
    return body as JsonObject & { id: string; number: string; processInstanceId: string };
  }

  async function inspect(request: { id: string; processInstanceId: string }, accepted: number, good: number): Promise<void> {
    await receiveReturn(world.deps, by('warehouse'), { returnId: request.id });
    await world.drain();
    await completeAt(world, 'warehouse', request.processInstanceId, 'r_inspect', { lines: [{ lineNo: 1, accepted, good }] });
    await world.drain();
  }

  const unpaidBy = async (customerId: string): Promise<number> =>
    (
      await world.database.query<{ unpaid: number }>(
        'select unpaid_invoices_minor as unpaid from orderflow.credit_profile where customer_id = $1',
        [customerId],
      )
    )[0]?.unpaid ?? 0;

  it('takes good pieces back into stock, scraps the others, and credits the invoice', async () => {
    const { sku, saleId, customerId, shipment } = await delivered();
    const request = await aReturn(shipment, 3);
    expect(await lineOf(world, saleId)).to.include({ delivered: 5, returnRequested: 3 });
    expect((await firstOf(world, saleId)).state).to.equal('RETURN_REQUESTED');
    expect(await unpaidBy(customerId)).to.equal(5000);

    await inspect(request, 3, 2);

    expect(await statesOf(world, request.id)).to.deep.equal([
      'RETURN_REQUESTED',
      'RETURN_AUTHORIZED',
      'RETURN_INSPECTION',
      'REFUND_PENDING',
      'RETURN_COMPLETED',
    ]);
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 5, shipped: 5, delivered: 5, returned: 3 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [17, 0] });
    expect(
      await world.database.query(
        `select kind, quantity from orderflow.stock_movement m join orderflow.stock_level l on l.id = m.stock_level_id
          where l.sku = $1 and kind in ('RETURNED', 'SCRAPPED') order by kind`,
        [sku],
      ),
    ).to.deep.equal([
      { kind: 'RETURNED', quantity: 3 },
      { kind: 'SCRAPPED', quantity: -1 },
    ]);
    expect(await unpaidBy(customerId)).to.equal(2000);
    expect((await firstOf(world, saleId)).state).to.equal('DELIVERED');
    const [row] = await world.database.query(
      `select rma_number as "rmaNumber", refund_minor as refund from orderflow.return_request where id = $1`,
      [request.id],
    );
    expect(row).to.deep.equal({ rmaNumber: `RMA-${request.number.slice(2)}`, refund: 3000 });
  });

  it('keeps several returns of a shipment open at once; when all has come back, the shipment is RETURNED (scenario 28)', async () => {
    const { saleId, shipment } = await delivered();
    const first = await aReturn(shipment, 2);
    const second = await aReturn(shipment, 3);
    expect(await lineOf(world, saleId)).to.include({ returnRequested: 5 });

    await inspect(second, 3, 3);
    expect((await firstOf(world, saleId)).state).to.equal('RETURN_REQUESTED');
    await inspect(first, 2, 2);

    expect(await statesOf(world, shipment.id)).to.deep.equal([
      'ALLOCATING',
      'PICKING',
      'PACKING',
      'SHIPPED',
      'DELIVERED',
      'RETURN_REQUESTED',
      'RETURNED',
    ]);
    expect((await statesOf(world, saleId)).at(-1)).to.equal('COMPLETED');
  });

  it('claims no more than has arrived and not come back, also when several ask at once', async () => {
    const { saleId, shipment } = await delivered(5);
    await aReturn(shipment, 2);

    const tooMany = await problemOf(aReturn(shipment, 4));
    expect(tooMany.code).to.equal('validation-failed');
    expect(tooMany.extensions['errors']).to.deep.equal([
      { pointer: '/lines/0/quantity', message: 'of line 1 3 pieces may still come back' },
    ]);
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        requestReturn(world.deps, by('buyer'), {
          fulfilmentId: shipment.id,
          lines: [{ lineNo: 1, quantity: 1 }],
          reason: 'CHANGED_MIND',
        }),
      ),
    );
    expect(asked.filter((each) => each.status === 'fulfilled')).to.have.length(3);
    expect(await lineOf(world, saleId)).to.include({ returnRequested: 5 });
    await world.drain();
  });

  it('rejects a return of nothing that was accepted: no refund, nothing restocked (scenario 44)', async () => {
    const { sku, saleId, customerId, shipment } = await delivered();
    const request = await aReturn(shipment, 2);

    await inspect(request, 0, 0);

    expect((await statesOf(world, request.id)).slice(-2)).to.deep.equal(['RETURN_INSPECTION', 'RETURN_REJECTED']);
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 5, shipped: 5, delivered: 5 });
    expect(await stockOf(world, sku)).to.deep.equal({ MAIN: [15, 0] });
    expect(await unpaidBy(customerId)).to.equal(5000);
    await aReturn(shipment, 5); // all of it may be returned again
  });

  it('rejects by the rules what comes too late, and lets what never arrives expire (scenario 30)', async () => {
    const { saleId, shipment } = await delivered(5, { returnWindowSeconds: 90 * 86_400 });
    const expires = await aReturn(shipment, 1);
    await world.pass(22 * days);
    await world.drain();
    expect(await statesOf(world, expires.id)).to.deep.equal(['RETURN_REQUESTED', 'RETURN_AUTHORIZED', 'RETURN_EXPIRED']);
    await world.pass(10 * days);
    const late = await aReturn(shipment, 1);

    expect(await statesOf(world, late.id)).to.deep.equal(['RETURN_REQUESTED', 'RETURN_REJECTED']);
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 5, shipped: 5, delivered: 5 });
    expect((await firstOf(world, saleId)).state).to.equal('DELIVERED');
  });

  it('keeps a fee where the rules say so', async () => {
    const { shipment, customerId } = await delivered(3, { returnWindowSeconds: 30 * 86_400 });
    await world.pass(20 * days);
    const request = await aReturn(shipment, 3);

    await inspect(request, 1, 1);

    expect(
      await world.database.query('select refund_minor as refund from orderflow.return_request where id = $1', [request.id]),
    ).to.deep.equal([{ refund: 850 }]);
    expect(await unpaidBy(customerId)).to.equal(2150);
  });

  it('gives facts to the rules that are true', async () => {
    const { customerId, shipment } = await delivered(4, { goodsClass: 'CUSTOM_MADE' });
    await world.pass(3 * days);
    const request = await aReturn(shipment, 1, 'DEFECT');
    expect((await statesOf(world, request.id)).at(-1)).to.equal('RETURN_UNDER_REVIEW');
    await completeAt(world, 'warehouse', request.processInstanceId, 'r_review', { review: { accept: true } });
    await world.drain();
    await inspect(request, 1, 0);
    const second = await aReturn(shipment, 2);

    expect((await statesOf(world, second.id)).at(-1)).to.equal('RETURN_REJECTED'); // made for this customer
    const [row] = await world.database.query<{ facts: JsonObject }>(
      `select variables -> 'returnRequest' as facts from orderflow.process_instance where subject_id = $1`,
      [second.id],
    );
    expect(row?.facts).to.include({
      daysSinceDelivery: 3,
      goodsClass: 'CUSTOM_MADE',
      valueMinor: 2000,
      returnRatePct: 25,
      reason: 'CHANGED_MIND',
    });
    expect(customerId).to.be.a('string');
  });

  it('is cancelled only while its goods are awaited', async () => {
    const { saleId, shipment } = await delivered();
    const request = await aReturn(shipment, 2);

    await cancelReturn(world.deps, by('buyer'), { returnId: request.id, reason: 'it works after all' });
    await world.drain();

    expect((await statesOf(world, request.id)).at(-1)).to.equal('RETURN_CANCELLED');
    expect(await lineOf(world, saleId)).to.deep.equal({ ordered: 5, shipped: 5, delivered: 5 });
    const again = await problemOf(cancelReturn(world.deps, by('buyer'), { returnId: request.id, reason: 'once more' }));
    expect([again.code, again.extensions['workflowState']]).to.deep.equal(['wrong-state', 'RETURN_CANCELLED']);
    const received = await problemOf(receiveReturn(world.deps, by('warehouse'), { returnId: request.id }));
    expect(received.code).to.equal('wrong-state');
  });

  it('is refused before the goods have arrived, and allowed when the shipment is completed', async () => {
    const { sku } = await aProduct(world, { returnWindowSeconds: 60 });
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    const shipment = await firstOf(world, sale.id);
    const early = await problemOf(aReturn(shipment, 1));
    expect([early.code, early.extensions['workflowState']]).to.deep.equal(['wrong-state', 'PICKING']);
    await ship(world, shipment);
    await deliver(world, shipment);
    await world.pass(120_000);
    await world.drain();
    expect((await firstOf(world, sale.id)).state).to.equal('COMPLETED');

    const request = await aReturn(shipment, 1, 'WRONG_ITEM');
    await inspect(request, 1, 1);

    expect((await statesOf(world, request.id)).at(-1)).to.equal('RETURN_COMPLETED');
    expect((await firstOf(world, sale.id)).state).to.equal('COMPLETED');
    expect(await lineOf(world, sale.id)).to.deep.equal({ ordered: 2, shipped: 2, delivered: 2, returned: 1 });
  });

  it('refuses an inspection that does not fit the return', async () => {
    const { shipment } = await delivered();
    const request = await aReturn(shipment, 2);
    await receiveReturn(world.deps, by('warehouse'), { returnId: request.id });
    const said = async (lines: readonly JsonObject[]): Promise<unknown> =>
      (await problemOf(completeAt(world, 'warehouse', request.processInstanceId, 'r_inspect', { lines }))).extensions['errors'];

    expect(await said([{ lineNo: 1, accepted: 3, good: 0 }])).to.have.deep.nested.property(
      '[0].pointer',
      '/variables/lines/0/accepted',
    );
    expect(await said([{ lineNo: 1, accepted: 1, good: 2 }])).to.have.deep.nested.property(
      '[0].pointer',
      '/variables/lines/0/good',
    );
    expect(await said([{ lineNo: 2, accepted: 1, good: 1 }])).to.have.deep.nested.property(
      '[0].pointer',
      '/variables/lines/0/lineNo',
    );
  });

  it('stands in the timeline of its sale', async () => {
    const { saleId, shipment } = await delivered();
    const request = await aReturn(shipment, 1);

    const { items } = await world.database.read((reader) => readTimeline(reader, saleId));

    const entries = (items as unknown as JsonObject[]).filter((entry) => entry['phase'] === 'return_request');
    expect(entries.map(({ number, to }) => [number, to])).to.deep.equal([
      [request.number, 'RETURN_REQUESTED'],
      [request.number, 'RETURN_AUTHORIZED'],
    ]);
  });
});
