import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { changeSaleOrder } from '../../src/commands/change-sale-order.ts';
import { choosePaymentMethod } from '../../src/commands/choose-payment-method.ts';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import { newId } from '../../src/support/ids.ts';
import { aCustomer, aProduct, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('changing, paying otherwise and cancelling a sale', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  type Lines = readonly { readonly lineNo: number; readonly quantity: number }[];
  const change = (saleOrderId: string, lines: Lines, person = 'sales') =>
    changeSaleOrder(world.deps, by(person), { saleOrderId, lines, reason: 'the customer called' });
  const linesOf = (id: string) =>
    world.database.query<{ ordered: number; cancelled: number; reserved: number }>(
      'select ordered, cancelled, reserved from orderflow.sale_line where sale_order_id = $1 order by line_no',
      [id],
    );
  const saleOf = async (id: string): Promise<Record<string, unknown>> =>
    (await world.database.query('select * from orderflow.sale_order where id = $1', [id]))[0] ?? {};
  const overridesOf = (id: string) =>
    world.database.query<{ id: string; kind: string; status: string; parties: string[] }>(
      'select id, kind, status, parties from orderflow.override_request where subject_id = $1 order by requested_at, id',
      [id],
    );
  const lastState = async (id: string): Promise<string | undefined> => (await statesOf(world, id)).at(-1);
  const pointerOf = (problem: { extensions: Record<string, unknown> }): unknown =>
    (problem.extensions['errors'] as { pointer: string }[])[0]?.pointer;

  /** A sale over the credit limit: it waits for an override with nothing in the way of a change. */
  const waiting = async (quantity = 7): Promise<{ id: string; number: string }> => {
    const customer = await aCustomer(world, { limitMinor: 5000 });
    const sale = await aSaleOrder(world, { customer: customer.id, quantity });
    await world.drain();
    return sale;
  };

  describe('change', () => {
    it('a smaller order begins anew on its new total, and what was asked for the old one is void', async () => {
      const sale = await waiting();
      const old = await saleOf(sale.id);
      const { body } = await change(sale.id, [{ lineNo: 1, quantity: 4 }]);
      expect(body['total']).to.deep.equal({ amountMinor: 4000, currency: 'EUR' });
      await world.drain();
      expect(await statesOf(world, sale.id)).to.deep.equal([
        'OPEN',
        'CREDIT_CHECK',
        'AWAITING_CREDIT_OVERRIDE',
        'OPEN',
        'CREDIT_CHECK',
        'RESERVING',
        'CLEARED',
      ]);
      expect(await linesOf(sale.id)).to.deep.equal([{ ordered: 7, cancelled: 3, reserved: 4 }]);
      expect((await saleOf(sale.id))['fingerprint']).not.to.equal(old['fingerprint']);
      expect((await overridesOf(sale.id)).map(({ status }) => status)).to.deep.equal(['SUPERSEDED']);
    });

    it('a larger order needs its own approval: the one for the old lines is void although it was given (scenario 51)', async () => {
      const sale = await waiting(6);
      const [asked] = await overridesOf(sale.id);
      await decideOverride(world.deps, by('credit'), {
        overrideRequestId: asked?.id ?? '',
        decision: 'APPROVE',
        reason: 'a good customer',
      });
      await change(sale.id, [{ lineNo: 1, quantity: 7 }], 'admin');
      await world.drain();
      expect(await lastState(sale.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
      const [first, second] = await overridesOf(sale.id);
      expect([first?.status, second?.status]).to.deep.equal(['SUPERSEDED', 'PENDING']);
      expect(second?.parties, 'whoever changed the lines has a part in it').to.have.members(['sales', 'admin']);
    });

    it('what was held for the old lines is free in the same moment', async () => {
      const { sku } = await aProduct(world, { stock: 10, linePolicy: 'NO_BACKORDER' });
      const other = await aProduct(world, { stock: 0, linePolicy: 'NO_BACKORDER' });
      const customer = await aCustomer(world);
      const { body } = await createSaleOrder(world.deps, by('sales'), {
        customerId: customer.id,
        currency: 'EUR',
        lines: [
          { sku, quantity: 10 },
          { sku: other.sku, quantity: 1 },
        ],
      });
      const id = body['id'] as string;
      await world.drain();
      expect(await lastState(id)).to.equal('AWAITING_CUSTOMER_DECISION');
      await change(id, [{ lineNo: 2, quantity: 0 }]);
      expect(await world.database.query(`select status from orderflow.credit_hold where sale_order_id = $1`, [id])).to.deep.equal(
        [{ status: 'RELEASED' }],
      );
      await world.drain();
      expect(await lastState(id)).to.equal('CLEARED');
      expect(await linesOf(id)).to.deep.equal([
        { ordered: 10, cancelled: 0, reserved: 10 },
        { ordered: 1, cancelled: 1, reserved: 0 },
      ]);
    });

    it('more of what was quoted, or is below the list by now, is refused, saying what to do instead; less is not', async () => {
      const { sku } = await aProduct(world);
      const customer = await aCustomer(world, { limitMinor: 4500 });
      const { body } = await createQuotation(world.deps, by('sales'), {
        customerId: customer.id,
        currency: 'EUR',
        lines: [{ sku, quantity: 6 }],
      });
      await completeAt(world, 'sales', body['processInstanceId'] as string, 'q_draft');
      await world.drain();
      await completeAt(world, 'buyer', body['processInstanceId'] as string, 'q_customer', {
        customer: { answer: 'ACCEPT', reason: null },
      });
      await world.drain();
      const [sale] = await world.database.query<{ id: string }>('select id from orderflow.sale_order where quotation_id = $1', [
        body['id'],
      ]);
      const quoted = await problemOf(change(sale?.id ?? '', [{ lineNo: 1, quantity: 7 }]));
      expect([quoted.code, pointerOf(quoted)]).to.deep.equal(['validation-failed', '/lines/0/quantity']);
      expect(JSON.stringify(quoted.extensions)).to.include('make a quotation');
      await change(sale?.id ?? '', [{ lineNo: 1, quantity: 4 }]);
      await world.drain();
      expect(await lastState(sale?.id ?? '')).to.equal('CLEARED');

      const direct = await waiting();
      const [{ sku: cheap } = { sku: '' }] = await world.database.query<{ sku: string }>(
        'select sku from orderflow.sale_line where sale_order_id = $1',
        [direct.id],
      );
      await world.database.query(
        `insert into orderflow.price (id, sku, currency, unit_price_minor, valid_from) values ($1, $2, 'EUR', 1100, '2000-01-01')`,
        [newId(), cheap],
      );
      const dearer = await problemOf(change(direct.id, [{ lineNo: 1, quantity: 8 }]));
      expect(JSON.stringify(dearer.extensions)).to.include('a sale of their own');
    });

    it('a price for many is not to be had for a few: the line can be taken out, and less at the same list price is less', async () => {
      const { sku } = await aProduct(world);
      const { sku: other } = await aProduct(world);
      await world.database.query(
        `insert into orderflow.price (id, sku, currency, min_quantity, unit_price_minor, valid_from) values ($1, $2, 'EUR', 10, 500, '2000-01-01')`,
        [newId(), sku],
      );
      const customer = await aCustomer(world, { limitMinor: 5500 });
      const { body } = await createSaleOrder(world.deps, by('sales'), {
        customerId: customer.id,
        currency: 'EUR',
        lines: [
          { sku, quantity: 12 },
          { sku: other, quantity: 1 },
        ],
      });
      const id = body['id'] as string;
      await world.drain();
      expect((await saleOf(id))['total_minor']).to.equal(7000);
      const few = await problemOf(change(id, [{ lineNo: 1, quantity: 9 }]));
      expect([few.code, pointerOf(few)]).to.deep.equal(['validation-failed', '/lines/0/quantity']);
      expect(JSON.stringify(few.extensions)).to.include('cost more each');
      await change(id, [{ lineNo: 1, quantity: 10 }]);
      expect((await saleOf(id))['total_minor']).to.equal(6000);
      await world.drain();
      await change(id, [{ lineNo: 1, quantity: 0 }]);
      expect((await saleOf(id))['total_minor']).to.equal(1000);
    });

    it('refuses what is no change, lines that are not there, and an order of nothing', async () => {
      const sale = await waiting();
      for (const [lines, pointer] of [
        [[{ lineNo: 1, quantity: 7 }], '/lines'],
        [[{ lineNo: 2, quantity: 1 }], '/lines/0/lineNo'],
        [
          [
            { lineNo: 1, quantity: 3 },
            { lineNo: 1, quantity: 2 },
          ],
          '/lines/1/lineNo',
        ],
        [[{ lineNo: 1, quantity: 0 }], '/lines'],
      ] as const) {
        expect(pointerOf(await problemOf(change(sale.id, lines)))).to.equal(pointer);
      }
      expect((await problemOf(change(sale.id, [{ lineNo: 1, quantity: 3 }], 'warehouse'))).code).to.equal('forbidden');
      expect(await lastState(sale.id)).to.equal('AWAITING_CREDIT_OVERRIDE');
    });

    it('the lines stand once money is asked for, and once the sale is cleared', async () => {
      const prepaid = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
      await world.drain();
      const paying = await problemOf(change(prepaid.id, [{ lineNo: 1, quantity: 1 }]));
      expect([paying.code, paying.extensions['workflowState']]).to.deep.equal(['wrong-state', 'AWAITING_PAYMENT']);
      const cleared = await aSaleOrder(world);
      await world.drain();
      const late = await problemOf(change(cleared.id, [{ lineNo: 1, quantity: 1 }]));
      expect([late.code, late.extensions['workflowState']]).to.deep.equal(['wrong-state', 'CLEARED']);
      expect(await linesOf(cleared.id), 'the refusal leaves everything as it was').to.deep.equal([
        { ordered: 5, cancelled: 0, reserved: 5 },
      ]);
    });

    it('20 changes at once: each is made on what the one before left, and the total is that of the lines', async () => {
      const sale = await waiting(40);
      await Promise.allSettled(Array.from({ length: 20 }, (_, n) => change(sale.id, [{ lineNo: 1, quantity: 20 + n }])));
      await world.drain();
      const [line] = await linesOf(sale.id);
      expect((await saleOf(sale.id))['total_minor']).to.equal(((line?.ordered ?? 0) - (line?.cancelled ?? 0)) * 1000);
    });
  });

  describe('another payment method', () => {
    it('takes a sale that waits for credit off account', async () => {
      const customer = await aCustomer(world, { limitMinor: 1000 });
      const sale = await aSaleOrder(world, { customer: customer.id });
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CREDIT_HOLD');
      const refused = await problemOf(
        choosePaymentMethod(world.deps, by('warehouse'), { saleOrderId: sale.id, method: 'PREPAY' }),
      );
      expect(refused.code).to.equal('forbidden');
      await choosePaymentMethod(world.deps, by('buyer'), { saleOrderId: sale.id, method: 'PREPAY' });
      await world.drain();
      expect(await lastState(sale.id)).to.equal('AWAITING_PAYMENT');
      expect(await saleOf(sale.id)).to.include({ payment_method: 'PREPAY', on_terms_minor: 0, prepay_minor: 5000 });
    });

    it('is not asked for at any other time', async () => {
      const sale = await aSaleOrder(world);
      await world.drain();
      const problem = await problemOf(choosePaymentMethod(world.deps, by('buyer'), { saleOrderId: sale.id, method: 'PREPAY' }));
      expect([problem.code, problem.extensions['workflowState']]).to.deep.equal(['wrong-state', 'CLEARED']);
    });
  });

  describe('cancellation', () => {
    const cancel = (saleOrderId: string) => cancelSaleOrder(world.deps, by('sales'), { saleOrderId, reason: 'not needed' });
    const fulfilmentOf = async (id: string): Promise<string> =>
      (await world.database.query<{ id: string }>('select id from orderflow.fulfilment where sale_order_id = $1', [id]))[0]?.id ??
      '';

    it('of a cleared sale cancels what has not left, and gives everything back', async () => {
      const sale = await aSaleOrder(world);
      await world.drain();
      await cancel(sale.id);
      await world.drain();
      expect((await statesOf(world, sale.id)).slice(-3)).to.deep.equal(['CLEARED', 'CANCELLING', 'CANCELLED']);
      expect((await problemOf(cancel(sale.id))).code, 'twice').to.equal('wrong-state');
    });

    it('of a sale that has left altogether is refused: use a return', async () => {
      const sale = await aSaleOrder(world);
      await world.drain();
      await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: await fulfilmentOf(sale.id) });
      await world.drain();
      const problem = await problemOf(cancel(sale.id));
      expect([problem.code, problem.message]).to.satisfy(
        ([code, text]: [string, string]) => code === 'wrong-state' && text.includes('use a return'),
      );
    });

    it('in the moment of the hand-over is kept, and then done', async () => {
      const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
      await world.drain();
      const { handlers } = world;
      const handOver = handlers.get('phase.onSaleCleared');
      handlers.delete('phase.onSaleCleared');
      await recordCapture(world.deps, by('finance'), {
        saleOrderId: sale.id,
        amountMinor: 5000,
        currency: 'EUR',
        reference: randomUUID(),
      });
      const bells = async (): Promise<number> =>
        (
          await world.database.query(
            `select 1 from orderflow.wait where instance_id = $1 and status = 'open' and job_type = 'phase.onSaleCleared'`,
            [sale['processInstanceId']],
          )
        ).length;
      // without its handler the job rings and is left alone, so the draining is done by hand
      for (let rounds = 0; rounds < 20 && (await bells()) === 0; rounds++) {
        const open = await world.database.query<{ jobId: string; jobType: string; traceparent: string | null }>(
          `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox where done_at is null and cancelled_at is null`,
        );
        for (const bell of open) await answerBell(world.deps, handlers, world.providers, bell, 30_000);
      }
      expect(await bells()).to.equal(1);
      await cancel(sale.id);
      if (handOver) handlers.set('phase.onSaleCleared', handOver);
      await world.drain();
      expect(await lastState(sale.id)).to.equal('CANCELLED');
    });
  });
});
