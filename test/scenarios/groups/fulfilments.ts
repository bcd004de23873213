import { expect } from 'chai';
import { cancel, complete, order, receive, stateOf, taskOf } from '../acts.ts';
import { creditOf, setCredit } from '../credit.ts';
import { hold } from '../lab.ts';
import { providerEvent } from '../money.ts';
import type { Scenario } from '../scenario.ts';
import { deliver, fulfilmentsOf, pick, ship, shipAndDeliver, shipmentOf } from '../shipping.ts';

export const fulfilmentScenarios: readonly Scenario[] = [
  {
    number: '23',
    title: 'short pick: child backorder fulfilment, counts stay consistent',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED', 'ALLOCATING>PICKING'],
    play: async (stage) => {
      const sale = await order(stage);
      const fulfilment = await shipmentOf(stage, sale);
      await pick(stage, fulfilment, { 1: 3 });
      await complete(stage, 'warehouse', fulfilment);
      const [first, second] = await fulfilmentsOf(stage, sale);
      if (!first || !second) throw new Error('it was not split');
      const { lines, backorderOfId } = await stage.fulfilment(second.id);
      expect([lines.map(({ quantity }) => quantity), backorderOfId]).to.deep.equal([[2], first.id]);
      expect((await stage.fulfilment(first.id)).lines.map(({ quantity }) => quantity)).to.deep.equal([3]);
      return Promise.all([first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '24',
    title: 'credit hold placed between clearing and release: ON_HOLD, released later',
    paths: ['ALLOCATING>BACKORDERED>ALLOCATING>ON_HOLD>PICKING'],
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ stock: 0 });
      const fulfilment = await shipmentOf(stage, await order(stage, { customer: customer.id, lines: [{ sku, quantity: 5 }] }));
      await setCredit(stage, customer.code, { hold: 'HOLD' });
      await receive(stage, sku, 5);
      expect(await stateOf(stage, fulfilment)).to.equal('ON_HOLD');
      await setCredit(stage, customer.code, { hold: 'NONE' });
      return [await stage.path(fulfilment)];
    },
  },
  {
    number: '25',
    title: 'capture on shipment fails: goods already gone, so receivable and account hold; delivery continues',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED'],
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ listPriceMinor: 5_125 });
      const sale = await order(stage, { customer: customer.id, method: 'CARD', lines: [{ sku, quantity: 1 }] });
      await stage.outside.misbehave({ only: { amountMinor: 5_125 }, declineNext: 1 });
      const fulfilment = await shipmentOf(stage, sale);
      await shipAndDeliver(stage, fulfilment);
      const { hold, unpaidInvoices } = await creditOf(stage, customer.code);
      expect([hold, unpaidInvoices.amountMinor]).to.deep.equal(['HOLD', 5_125]);
      return [await stage.path(fulfilment)];
    },
  },
  {
    number: '26',
    title: 'cancel when one of two shipments has gone: only the open one is cancelled, the sale completes',
    paths: [
      'OPEN>CREDIT_CHECK>RESERVING>CLEARED>CANCELLING>CLEARED>COMPLETED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
      'ALLOCATING>BACKORDERED>CANCELLING>CANCELLED',
    ],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ stock: 3 });
      const sale = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 5 }] });
      const [first, second] = await fulfilmentsOf(stage, sale);
      if (!first || !second) throw new Error('it was not split');
      await ship(stage, first);
      await cancel(stage, sale);
      await deliver(stage, first);
      await stage.pass({ minutes: 2 });
      const { openOrders, unpaidInvoices } = await creditOf(stage, customer.code);
      expect([openOrders.amountMinor, unpaidInvoices.amountMinor]).to.deep.equal([0, 3_000]);
      return Promise.all([sale, first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '34',
    title: 'carrier rejects the address, fixed, shipped; carrier exception; lost',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPING_EXCEPTION>SHIPPED>DELIVERY_EXCEPTION>LOST'],
    play: async (stage) => {
      const sale = await order(stage);
      const fulfilment = await shipmentOf(stage, sale);
      await stage.outside.misbehave({ only: { operation: 'carrier.book', reference: fulfilment.number }, declineNext: 1 });
      await ship(stage, fulfilment);
      expect(await stateOf(stage, fulfilment)).to.equal('SHIPPING_EXCEPTION');
      await complete(stage, 'warehouse', fulfilment);
      await stage.outside.parcel(fulfilment.number, 'exception', { reason: 'The parcel is not found' });
      await stage.settled();
      await complete(stage, 'warehouse', fulfilment, { exception: { resolution: 'LOST' } });
      return [await stage.path(fulfilment)];
    },
  },
  {
    number: '37',
    title: 'carrier.delivered arrives before goods issue (the webhook beats us): buffered, then applied',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED'],
    play: async (stage) => {
      const sku = await stage.product();
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const fulfilment = await shipmentOf(stage, sale);
      const release = await hold(stage, 'select 1 from orderflow.stock_level where sku = $1 for update', [sku]);
      try {
        await stage.as('warehouse').post(`/v1/fulfilments/${fulfilment.id}/shipments`);
        await stage.until('the carrier has the parcel', async () =>
          (await stage.outside.ledger(fulfilment.number)).length > 0 ? true : undefined,
        );
        await stage.outside.parcel(fulfilment.number, 'delivered');
        expect(await stateOf(stage, fulfilment)).to.equal('PACKING');
      } finally {
        await release();
      }
      await stage.settled();
      return [await stage.path(fulfilment)];
    },
  },
  {
    number: '38',
    title: 'two people complete the same task: the second gets 409, one transition',
    paths: ['ALLOCATING>PICKING>PACKING'],
    play: async (stage) => {
      const fulfilment = await shipmentOf(stage, await order(stage));
      const task = `/v1/user-tasks/${await taskOf(stage, fulfilment)}/completion`;
      const answers = await Promise.all([1, 2, 3].map(() => stage.as('warehouse').ask('POST', task)));
      expect(answers.map(({ status }) => status)).to.have.members([200, 409, 409]);
      await stage.settled();
      return [await stage.path(fulfilment)];
    },
  },
  {
    number: '39',
    title: 'cancel twice, and cancel after completion',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CANCELLING>CANCELLED', 'OPEN>CREDIT_CHECK>RESERVING>CLEARED>COMPLETED'],
    apart: true,
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      const ask = async (id: string): Promise<readonly unknown[]> => {
        const { status, body } = await stage
          .as('sales')
          .ask('POST', `/v1/sale-orders/${id}/cancellation`, { body: { reason: 'no' } });
        return status === 200 ? [200] : [status, body['code']];
      };
      const twice = await Promise.all([ask(sale.id), ask(sale.id)]);
      expect(twice.map(([status]) => status))
        .to.include(200)
        .and.satisfy((all: unknown[]) => all.every((status) => status === 200 || status === 409));
      await stage.settled();
      const other = await order(stage);
      await shipAndDeliver(stage, await shipmentOf(stage, other));
      await stage.pass({ minutes: 2 });
      for (const { id } of [sale, other]) expect(await ask(id)).to.deep.equal([409, 'wrong-state']);
      return Promise.all([sale, other].map((each) => stage.path(each)));
    },
  },
  {
    number: '61',
    title: 'message for a terminal instance (late carrier scan, second cancel): ignored, no transition, no error',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED'],
    apart: true,
    play: async (stage) => {
      const fulfilment = await shipmentOf(stage, await order(stage));
      await shipAndDeliver(stage, fulfilment);
      await stage.pass({ minutes: 2 });
      const { revision } = await stage.fulfilment(fulfilment.id);
      for (const type of ['carrier.delivered', 'carrier.exception']) {
        const scan = { reference: fulfilment.number, reason: 'A scan from yesterday' };
        const { status, body } = await providerEvent(stage, `late ${type} ${fulfilment.number}`, type, scan, 'carrier');
        expect([status, body]).to.deep.equal([200, { result: 'ignored' }]);
      }
      await stage.settled();
      expect((await stage.fulfilment(fulfilment.id)).revision).to.equal(revision);
      return [await stage.path(fulfilment)];
    },
  },
];
