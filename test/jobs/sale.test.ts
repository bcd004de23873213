import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { changeCreditProfile } from '../../src/commands/change-credit-profile.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { revokeApproval } from '../../src/commands/revoke-approval.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { aCustomer, aProduct, aSaleOrder, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('sales', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const rowOf = async (id: string): Promise<Record<string, unknown>> =>
    (await world.database.query('select * from orderflow.sale_order where id = $1', [id]))[0] ?? {};
  const linesOf = (id: string) =>
    world.database.query<{ ordered: number; cancelled: number; reserved: number; backordered: number }>(
      'select ordered, cancelled, reserved, backordered from orderflow.sale_line where sale_order_id = $1 order by line_no',
      [id],
    );
  const overridesOf = (id: string) =>
    world.database.query<{ id: string; kind: string; status: string; role: string; scope: JsonObject; amount: number }>(
      `select id, kind, status, required_role as role, scope, scope_amount_minor as amount from orderflow.override_request
        where subject_id = $1 order by requested_at, id`,
      [id],
    );
  const holdsOf = (id: string) =>
    world.database.query<{ status: string; amount: number }>(
      'select status, amount_minor as amount from orderflow.credit_hold where sale_order_id = $1 order by created_at, id',
      [id],
    );
  const decide = (overrideRequestId: string, person: string, decision: 'APPROVE' | 'REJECT' = 'APPROVE') =>
    decideOverride(world.deps, by(person), { overrideRequestId, decision, reason: 'looked at it' });
  const lastState = async (id: string): Promise<string | undefined> => (await statesOf(world, id)).at(-1);
  const opened = async (...given: Parameters<typeof aSaleOrder> extends [World, (infer Given)?] ? [Given?] : never) => {
    const sale = await aSaleOrder(world, ...given);
    await world.drain();
    return sale;
  };
  const inStock = async (sku: string, pieces: Readonly<Record<string, number>>, safety = 0): Promise<void> => {
    for (const [location, quantity] of Object.entries(pieces))
      await receiveStock(world.deps, by('warehouse'), { sku, quantity, location, reference: randomUUID() });
    await world.database.query('update orderflow.stock_level set safety = $2 where sku = $1', [sku, safety]);
  };

  it('an account that is overdue is looked at by whom credit-check names, however little the order is over the limit', async () => {
    const customer = await aCustomer(world);
    await world.database.query('update orderflow.credit_profile set max_overdue_days = 45 where customer_id = $1', [customer.id]);
    const sale = await opened({ customer: customer.id });
    expect(await lastState(sale.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
    const [asked] = await overridesOf(sale.id);
    expect(asked).to.deep.include({ kind: 'CREDIT', role: 'credit_manager', amount: 0 });
  });

  describe('admission', () => {
    it('a blocked customer may order, and an administrator decides; the approval is used up by letting the sale in (scenario 18)', async () => {
      const customer = await aCustomer(world, { status: 'BLOCKED' });
      const sale = await opened({ customer: customer.id });
      expect(await lastState(sale.id)).to.equal('AWAITING_ADMIN_OVERRIDE');
      const [asked] = await overridesOf(sale.id);
      expect(asked).to.deep.include({ kind: 'ADMIN', status: 'PENDING', role: 'order_admin', amount: 5000 });
      expect(asked?.scope).to.deep.equal({ reasons: ['CUSTOMER_BLOCKED'], totalMinor: 5000 });
      await decide(asked?.id ?? '', 'admin');
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CLEARED');
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['CONSUMED']);
    });

    it('a rejection ends the sale, and nothing is held', async () => {
      const customer = await aCustomer(world, { status: 'BLOCKED' });
      const sale = await opened({ customer: customer.id });
      await decide((await overridesOf(sale.id))[0]?.id ?? '', 'admin', 'REJECT');
      await world.drain();
      expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'AWAITING_ADMIN_OVERRIDE', 'CANCELLING', 'REJECTED']);
    });

    it('an approval that is revoked lets nobody in: the sale is looked at anew (OVERRIDE_VOID)', async () => {
      const customer = await aCustomer(world, { status: 'BLOCKED' });
      const sale = await opened({ customer: customer.id });
      const id = (await overridesOf(sale.id))[0]?.id ?? '';
      await decide(id, 'admin');
      await revokeApproval(world.deps, by('admin-2'), { overrideRequestId: id, reason: 'not this one' });
      await world.drain();
      expect(await statesOf(world, sale.id)).to.deep.equal([
        'OPEN',
        'AWAITING_ADMIN_OVERRIDE',
        'OPEN',
        'AWAITING_ADMIN_OVERRIDE',
      ]);
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['REVOKED', 'PENDING']);
    });

    it('restricted goods and a large first order ask for an administrator, the next order does not; a closed customer is refused', async () => {
      const reasonOf = async (id: string) => (await overridesOf(id))[0]?.scope['reasons'];
      const { sku } = await aProduct(world, { restricted: true });
      expect(await reasonOf((await opened({ product: sku })).id)).to.deep.equal(['RESTRICTED_GOODS']);
      const dear = await aProduct(world, { listPriceMinor: 1_000_000 });
      const customer = await aCustomer(world, { limitMinor: 100_000_000 });
      const first = await opened({ customer: customer.id, product: dear.sku, quantity: 3 });
      expect(await reasonOf(first.id)).to.deep.equal(['LARGE_FIRST_ORDER']);
      await decide((await overridesOf(first.id))[0]?.id ?? '', 'admin');
      await world.drain();
      expect(await lastState((await opened({ customer: customer.id, product: dear.sku, quantity: 3 })).id)).to.equal('CLEARED');
      const closed = await aCustomer(world, { status: 'CLOSED' });
      expect(await lastState((await opened({ customer: closed.id })).id)).to.equal('REJECTED');
    });
  });

  describe('stock', () => {
    it('takes a line from several locations, in the order of their levels', async () => {
      const { sku } = await aProduct(world, { stock: 0 });
      await inStock(sku, { MAIN: 3, NORTH: 4 });
      const sale = await opened({ product: sku, quantity: 6 });
      const taken = await world.database.query<{ quantity: number; status: string }>(
        `select r.quantity, r.status from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
          where l.sale_order_id = $1 order by r.stock_level_id`,
        [sale.id],
      );
      expect(taken.reduce((sum, each) => sum + each.quantity, 0)).to.equal(6);
      expect(taken).to.have.length(2);
      expect(await lastState(sale.id)).to.equal('CLEARED');
    });

    it('reserves everything or nothing', async () => {
      const there = await aProduct(world, { stock: 10 });
      const short = await aProduct(world, { stock: 1, linePolicy: 'NO_BACKORDER' });
      const customer = await aCustomer(world);
      const { body } = await createSaleOrder(world.deps, by('sales'), {
        customerId: customer.id,
        currency: 'EUR',
        lines: [
          { sku: there.sku, quantity: 5 },
          { sku: short.sku, quantity: 3 },
        ],
      });
      await world.drain();
      const id = body['id'] as string;
      expect(await lastState(id)).to.equal('AWAITING_CUSTOMER_DECISION');
      expect((await linesOf(id)).map((line) => line.reserved)).to.deep.equal([0, 0]);
      const { workflow_context: context } = await rowOf(id);
      expect((context as { shortage: JsonObject }).shortage).to.include({ linePolicy: 'NO_BACKORDER', shortValueMinor: 2000 });
    });

    it('safety stock is let go by an override, as much as was granted, and once (scenario 21)', async () => {
      const { sku } = await aProduct(world, { stock: 0, linePolicy: 'NO_BACKORDER' });
      await inStock(sku, { MAIN: 5 }, 5);
      const customer = await aCustomer(world, { tier: 'GOLD' });
      const sale = await opened({ customer: customer.id, product: sku, quantity: 3 });
      expect(await lastState(sale.id)).to.equal('AWAITING_STOCK_OVERRIDE');
      const [asked] = await overridesOf(sale.id);
      expect(asked).to.deep.include({ kind: 'STOCK', amount: 3000, role: 'warehouse_manager' });
      expect(asked?.scope).to.have.nested.property('safety[0]').that.includes({ sku, location: 'MAIN', quantity: 3 });
      await decide(asked?.id ?? '', 'warehouse');
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CLEARED');
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['CONSUMED']);
      const [reservation] = await world.database.query(
        `select r.quantity, r.override_request_id as override from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
          where l.sale_order_id = $1`,
        [sale.id],
      );
      expect(reservation).to.deep.equal({ quantity: 3, override: asked?.id });
      const next = await opened({ customer: customer.id, product: sku, quantity: 1 });
      expect(await lastState(next.id), 'the next order needs its own').to.equal('AWAITING_STOCK_OVERRIDE');
    });

    it('an override that is not needed any more, because goods have come, is void and not used', async () => {
      const { sku } = await aProduct(world, { stock: 0, linePolicy: 'NO_BACKORDER' });
      await inStock(sku, { MAIN: 5 }, 5);
      const customer = await aCustomer(world, { tier: 'GOLD' });
      const sale = await opened({ customer: customer.id, product: sku, quantity: 3 });
      await inStock(sku, { MAIN: 10 }, 5);
      await decide((await overridesOf(sale.id))[0]?.id ?? '', 'warehouse');
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CLEARED');
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['SUPERSEDED']);
    });

    it('the customer takes what is there: lines, total and credit hold shrink (scenario 22)', async () => {
      const { sku } = await aProduct(world, { stock: 4, linePolicy: 'NO_BACKORDER' });
      const sale = await opened({ product: sku, quantity: 6 });
      const before = await rowOf(sale.id);
      expect(await holdsOf(sale.id)).to.deep.equal([{ status: 'HELD', amount: 6000 }]);
      await completeAt(world, 'buyer', sale.processInstanceId, 's_choice', { choice: { answer: 'REDUCE' } });
      await world.drain();
      expect(await statesOf(world, sale.id)).to.deep.equal([
        'OPEN',
        'CREDIT_CHECK',
        'RESERVING',
        'AWAITING_CUSTOMER_DECISION',
        'CREDIT_CHECK',
        'RESERVING',
        'CLEARED',
      ]);
      expect(await linesOf(sale.id)).to.deep.equal([{ ordered: 6, cancelled: 2, reserved: 4, backordered: 0 }]);
      const after = await rowOf(sale.id);
      expect([after['total_minor'], after['on_terms_minor']]).to.deep.equal([4000, 4000]);
      expect(after['fingerprint']).not.to.equal(before['fingerprint']);
      expect(await holdsOf(sale.id)).to.deep.equal([
        { status: 'RELEASED', amount: 6000 },
        { status: 'COMMITTED', amount: 4000 },
      ]);
    });

    it('when nothing is there to reduce to, the sale ends (NOTHING_LEFT)', async () => {
      const { sku } = await aProduct(world, { stock: 0, linePolicy: 'NO_BACKORDER' });
      const sale = await opened({ product: sku, quantity: 6 });
      await completeAt(world, 'buyer', sale.processInstanceId, 's_choice', { choice: { answer: 'REDUCE' } });
      await world.drain();
      expect(await lastState(sale.id)).to.equal('REJECTED');
    });

    it('the customer waits: what is there is reserved over all locations, the rest promised for later', async () => {
      const { sku } = await aProduct(world, { stock: 0, linePolicy: 'NO_BACKORDER' });
      await inStock(sku, { MAIN: 2, NORTH: 2 });
      const sale = await opened({ product: sku, quantity: 6 });
      await completeAt(world, 'buyer', sale.processInstanceId, 's_choice', { choice: { answer: 'BACKORDER' } });
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CLEARED');
      expect(await linesOf(sale.id)).to.deep.equal([{ ordered: 6, cancelled: 0, reserved: 4, backordered: 2 }]);
    });

    it('a reservation that was lost before clearing is made again (scenario 40)', async () => {
      const sale = await opened({ paymentMethod: 'PREPAY' });
      expect(await lastState(sale.id)).to.equal('AWAITING_PAYMENT');
      await world.pass(2 * 86_400_000);
      const rows = await world.database.query<{ id: string; level: string; line: string; quantity: number }>(
        `select r.id, r.stock_level_id as level, r.sale_line_id as line, r.quantity from orderflow.stock_reservation r
           join orderflow.sale_line l on l.id = r.sale_line_id where l.sale_order_id = $1`,
        [sale.id],
      );
      for (const { id, level, line, quantity } of rows) {
        // what the sweep of expired reservations does
        await world.database.transaction(async (tx) => {
          await tx.execute(`update orderflow.stock_reservation set status = 'EXPIRED', expires_at = null where id = $1`, [id]);
          await tx.execute('update orderflow.stock_level set reserved = reserved - $2 where id = $1', [level, quantity]);
          await tx.execute('update orderflow.sale_line set reserved = reserved - $2 where id = $1', [line, quantity]);
          await tx.execute(
            `insert into orderflow.stock_movement (id, stock_level_id, kind, quantity, reference, at) values (gen_random_uuid(), $1, 'RELEASED', $2, $3, orderflow.now())`,
            [level, -quantity, `expired:${id}`],
          );
        });
      }
      await recordCapture(world.deps, by('finance'), {
        saleOrderId: sale.id,
        amountMinor: 5000,
        currency: 'EUR',
        reference: randomUUID(),
      });
      await world.drain();
      expect((await statesOf(world, sale.id)).slice(-3)).to.deep.equal(['AWAITING_PAYMENT', 'RESERVING', 'CLEARED']);
      expect(await linesOf(sale.id)).to.deep.equal([{ ordered: 5, cancelled: 0, reserved: 5, backordered: 0 }]);
    });
  });

  describe('credit', () => {
    const profile = (customer: { id: string }, change: { limitMinor: number; hold?: 'NONE' | 'HOLD' | 'STOP' }) =>
      changeCreditProfile(world.deps, by('credit'), {
        customerId: customer.id,
        currency: 'EUR',
        hold: 'NONE',
        holdReason: change.hold === undefined ? null : 'a reason',
        riskClass: 'B',
        termsDays: 30,
        ...change,
      });

    it('an order that became smaller needs no second approval: its own hold does not count against it, and what was granted covers it', async () => {
      const customer = await aCustomer(world, { limitMinor: 5000 });
      const { sku } = await aProduct(world, { stock: 4, linePolicy: 'NO_BACKORDER', listPriceMinor: 1400 });
      const sale = await opened({ customer: customer.id, product: sku, quantity: 5 });
      expect(await lastState(sale.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
      await decide((await overridesOf(sale.id))[0]?.id ?? '', 'credit');
      await world.drain();
      expect(await lastState(sale.id)).to.equal('AWAITING_CUSTOMER_DECISION');
      await completeAt(world, 'buyer', sale.processInstanceId, 's_choice', { choice: { answer: 'REDUCE' } });
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CLEARED');
      expect(await holdsOf(sale.id)).to.deep.equal([
        { status: 'RELEASED', amount: 7000 },
        { status: 'COMMITTED', amount: 5600 },
      ]);
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['CONSUMED']);
    });

    it('over a limit that others have passed with approvals, an approval covers all of it, not only the order', async () => {
      const customer = await aCustomer(world, { limitMinor: 6000 });
      const first = await opened({ customer: customer.id, quantity: 7 });
      await decide((await overridesOf(first.id))[0]?.id ?? '', 'credit');
      await world.drain();
      expect(await lastState(first.id)).to.equal('CLEARED');
      const second = await opened({ customer: customer.id, quantity: 1 });
      const [asked] = await overridesOf(second.id);
      expect(asked?.amount).to.equal(2000);
      await decide(asked?.id ?? '', 'credit');
      await world.drain();
      expect(await lastState(second.id)).to.equal('CLEARED');
    });

    it('an account that is stopped between reserving and clearing takes the sale back to the credit check (scenario 41)', async () => {
      const customer = await aCustomer(world);
      const sale = await opened({ customer: customer.id, paymentMethod: 'DEPOSIT' });
      expect(await lastState(sale.id)).to.equal('AWAITING_PAYMENT');
      await profile(customer, { limitMinor: 1_000_000, hold: 'STOP' });
      await recordCapture(world.deps, by('finance'), {
        saleOrderId: sale.id,
        amountMinor: 1000,
        currency: 'EUR',
        reference: randomUUID(),
      });
      await world.drain();
      expect((await statesOf(world, sale.id)).slice(-4)).to.deep.equal([
        'AWAITING_PAYMENT',
        'CREDIT_CHECK',
        'CANCELLING',
        'REJECTED',
      ]);
      expect((await holdsOf(sale.id)).every((hold) => hold.status === 'RELEASED')).to.equal(true);
    });

    it('credit that another sale gives up wakes who waits for it, and the request that is open for it is void (scenario 15)', async () => {
      const customer = await aCustomer(world, { limitMinor: 8000 });
      const first = await opened({ customer: customer.id });
      const second = await opened({ customer: customer.id });
      expect(await lastState(second.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
      await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: first.id, reason: 'not needed' });
      await world.drain();
      expect([await lastState(first.id), await lastState(second.id)]).to.deep.equal(['CANCELLED', 'CLEARED']);
      expect((await overridesOf(second.id)).map(({ status }) => status)).to.deep.equal(['SUPERSEDED']);
    });
  });

  it('an answer that never comes gives everything back (scenario 43)', async () => {
    const { sku } = await aProduct(world, { stock: 1, linePolicy: 'NO_BACKORDER' });
    const sale = await opened({ product: sku, quantity: 6 });
    await openTask(world, sale.processInstanceId, 's_choice');
    await world.pass(6 * 86_400_000);
    await world.drain();
    expect(await lastState(sale.id)).to.equal('CANCELLED');
  });
});
