import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForOrder, complete, order, receive, reservedBy, stateOf } from '../acts.ts';
import { creditOf, decide, overrideStatus } from '../credit.ts';
import { hold, keepSafe } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { fulfilmentsOf, shipAndDeliver, shipmentOf } from '../shipping.ts';

export const stockScenarios: readonly Scenario[] = [
  {
    number: '10',
    title: 'cancel while the reserve job is in flight: the late result is fenced',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>CANCELLING>CANCELLED'],
    play: async (stage) => {
      const sku = await stage.product();
      const release = await hold(stage, 'select 1 from orderflow.stock_level where sku = $1 for update', [sku]);
      const sale = await askForOrder(stage, { lines: [{ sku, quantity: 5 }] });
      await stage.until('it reserves', async () => ((await stateOf(stage, sale)) === 'RESERVING' ? true : undefined));
      await sleep(100); // the job has come as far as the lock
      const cancelling = stage.as('sales').post(`/v1/sale-orders/${sale.id}/cancellation`, { reason: 'They changed their mind' });
      await sleep(100);
      await release();
      await cancelling;
      await stage.settled();
      expect(await reservedBy(stage, sale)).to.equal(0);
      return [await stage.path(sale)];
    },
  },
  {
    number: '19',
    title: 'out of stock, backorder policy: split into two fulfilments, the second BACKORDERED, stock arrives, both complete',
    paths: [
      'OPEN>CREDIT_CHECK>RESERVING>CLEARED>COMPLETED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
      'ALLOCATING>BACKORDERED>ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
    ],
    apart: true,
    play: async (stage) => {
      const sku = await stage.product({ stock: 3 });
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const [first, second] = await fulfilmentsOf(stage, sale);
      if (!first || !second) throw new Error('it was not split');
      expect(await stateOf(stage, second)).to.equal('BACKORDERED');
      await receive(stage, sku, 10);
      for (const each of [first, second]) await shipAndDeliver(stage, each);
      await stage.pass({ minutes: 2 });
      return Promise.all([sale, first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '20',
    title: 'two backorders, stock for one: FIFO by commitment',
    paths: ['ALLOCATING>BACKORDERED>ALLOCATING>PICKING', 'ALLOCATING>BACKORDERED'],
    play: async (stage) => {
      const sku = await stage.product({ stock: 0 });
      const lines = [{ sku, quantity: 5 }];
      const first = await shipmentOf(stage, await order(stage, { lines }));
      const second = await shipmentOf(stage, await order(stage, { lines }));
      await receive(stage, sku, 5);
      return Promise.all([first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '21',
    title: 'safety stock released by a STOCK override',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_STOCK_OVERRIDE>RESERVING>CLEARED'],
    play: async (stage) => {
      const { id: customer } = await stage.customer({ tier: 'GOLD' });
      const sku = await stage.product({ stock: 5, linePolicy: 'NO_BACKORDER' });
      await keepSafe(stage, sku, 4);
      const sale = await order(stage, { customer, lines: [{ sku, quantity: 3 }] });
      expect(await reservedBy(stage, sale)).to.equal(0);
      const request = await decide(stage, 'warehouse', sale, 'approval');
      expect(await overrideStatus(stage, request)).to.equal('CONSUMED');
      expect(await reservedBy(stage, sale)).to.equal(3);
      return [await stage.path(sale)];
    },
  },
  {
    number: '22',
    title: 'shortage: the customer reduces the quantity, total and credit hold shrink',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_CUSTOMER_DECISION>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ stock: 3, linePolicy: 'NO_BACKORDER' });
      const sale = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 5 }] });
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(5_000);
      await complete(stage, 'buyer', sale, { choice: { answer: 'REDUCE' } });
      expect((await stage.sale(sale.id)).total.amountMinor).to.equal(3_000);
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(3_000);
      return [await stage.path(sale)];
    },
  },
  {
    number: '35',
    title: 'backorder review: the customer gives up, CANCELLED, credit released, the sale ends',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>CLEARED>COMPLETED', 'ALLOCATING>BACKORDERED>BACKORDER_REVIEW>CANCELLING>CANCELLED'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ stock: 0 });
      const sale = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 5 }] });
      const fulfilment = await shipmentOf(stage, sale);
      await stage.pass({ days: 20 }); // ten working days, whatever holidays there are
      expect(await stateOf(stage, fulfilment)).to.equal('BACKORDER_REVIEW');
      await complete(stage, 'buyer', fulfilment, { backorder: { choice: 'CANCEL' } });
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(0);
      return Promise.all([sale, fulfilment].map((each) => stage.path(each)));
    },
  },
  {
    number: '42',
    title: 'fulfilment cancelled while picking: its stock serves the backorder of another order',
    paths: ['ALLOCATING>PICKING>CANCELLING>CANCELLED', 'ALLOCATING>BACKORDERED>ALLOCATING>PICKING'],
    play: async (stage) => {
      const sku = await stage.product({ stock: 5 });
      const lines = [{ sku, quantity: 5 }];
      const first = await shipmentOf(stage, await order(stage, { lines }));
      const second = await shipmentOf(stage, await order(stage, { lines }));
      await stage.as('sales').post(`/v1/fulfilments/${first.id}/cancellation`, { reason: 'The address does not exist' });
      await stage.settled();
      return Promise.all([first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '43',
    title: 'the customer never answers the shortage question: abandoned after 5 days, credit released',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_CUSTOMER_DECISION>CANCELLING>CANCELLED'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer();
      const sku = await stage.product({ stock: 3, linePolicy: 'NO_BACKORDER' });
      const sale = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 5 }] });
      await stage.pass({ days: 4 });
      expect(await stateOf(stage, sale)).to.equal('AWAITING_CUSTOMER_DECISION');
      await stage.pass({ days: 10 });
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(0);
      return [await stage.path(sale)];
    },
  },
  {
    number: '54',
    title: 'stock count finds less than is reserved: the youngest reservations become backorder demand',
    paths: ['ALLOCATING>PICKING', 'ALLOCATING>PICKING>ALLOCATING>BACKORDERED'],
    play: async (stage) => {
      const sku = await stage.product({ stock: 10 });
      const lines = [{ sku, quantity: 5 }];
      const older = await shipmentOf(stage, await order(stage, { lines }));
      const younger = await shipmentOf(stage, await order(stage, { lines }));
      await stage.as('warehouse').post(`/v1/stock/${sku}/counts`, { location: 'MAIN', onHand: 7, reference: `count of ${sku}` });
      await stage.settled();
      return Promise.all([older, younger].map((each) => stage.path(each)));
    },
  },
];
