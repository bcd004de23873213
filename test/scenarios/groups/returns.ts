import { expect } from 'chai';
import { complete, order, stateOf } from '../acts.ts';
import { onHand } from '../lab.ts';
import { moneyOf, payAtProvider } from '../money.ts';
import type { Scenario } from '../scenario.ts';
import { fulfilmentsOf, inspect, requestReturn, shipAndDeliver, shipmentOf } from '../shipping.ts';

const returned = 'RETURN_REQUESTED>RETURN_AUTHORIZED>RETURN_INSPECTION>REFUND_PENDING>RETURN_COMPLETED';
const month = { returnWindowSeconds: 60 * 86_400 };

export const returnScenarios: readonly Scenario[] = [
  {
    number: '27',
    title: 'partial shipment delivered, partial return, while the rest is backordered',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>RETURN_REQUESTED>DELIVERED', returned, 'ALLOCATING>BACKORDERED'],
    play: async (stage) => {
      const sku = await stage.product({ stock: 3, ...month });
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const [first, second] = await fulfilmentsOf(stage, sale);
      if (!first || !second) throw new Error('it was not split');
      await shipAndDeliver(stage, first);
      const back = await requestReturn(stage, first, { lines: { 1: 1 } });
      await inspect(stage, back, { 1: { accepted: 1, good: 0 } });
      return Promise.all([first, back, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '28',
    title: 'two returns open at once on one shipment, then all is returned',
    paths: ['ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>RETURN_REQUESTED>RETURNED', returned, returned],
    play: async (stage) => {
      const sku = await stage.product(month);
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const fulfilment = await shipmentOf(stage, sale);
      await shipAndDeliver(stage, fulfilment);
      const one = await requestReturn(stage, fulfilment, { lines: { 1: 2 } });
      const other = await requestReturn(stage, fulfilment, { lines: { 1: 3 } });
      await inspect(stage, one, { 1: { accepted: 2, good: 2 } });
      expect(await stateOf(stage, fulfilment)).to.equal('RETURN_REQUESTED');
      await inspect(stage, other, { 1: { accepted: 3, good: 3 } });
      expect(await stateOf(stage, sale)).to.equal('COMPLETED');
      return Promise.all([fulfilment, one, other].map((each) => stage.path(each)));
    },
  },
  {
    number: '29',
    title: 'refund fails at the provider: manual refund',
    paths: ['RETURN_REQUESTED>RETURN_AUTHORIZED>RETURN_INSPECTION>REFUND_PENDING>REFUND_MANUAL>RETURN_COMPLETED'],
    play: async (stage) => {
      const sku = await stage.product({ listPriceMinor: 5_129, ...month });
      const sale = await order(stage, { method: 'PREPAY', lines: [{ sku, quantity: 1 }] });
      await payAtProvider(stage, sale, 5_129);
      const fulfilment = await shipmentOf(stage, sale);
      await shipAndDeliver(stage, fulfilment);
      await stage.outside.misbehave({ only: { operation: 'payment.refund', reference: sale.number }, declineNext: 9 });
      const back = await requestReturn(stage, fulfilment, { lines: { 1: 1 } });
      await inspect(stage, back, { 1: { accepted: 1, good: 1 } });
      await complete(stage, 'finance', back, { manualReference: `bank transfer for ${back.number}` });
      expect((await moneyOf(stage, sale)).refunded).to.equal(5_129);
      return [await stage.path(back)];
    },
  },
  {
    number: '30',
    title: 'RMA whose goods never arrive expires; a return that comes too late is rejected',
    paths: [
      'RETURN_REQUESTED>RETURN_AUTHORIZED>RETURN_EXPIRED',
      'RETURN_REQUESTED>RETURN_REJECTED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>RETURN_REQUESTED>DELIVERED',
    ],
    apart: true,
    play: async (stage) => {
      const sku = await stage.product(month);
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const fulfilment = await shipmentOf(stage, sale);
      await shipAndDeliver(stage, fulfilment);
      const never = await requestReturn(stage, fulfilment, { lines: { 1: 5 } });
      await stage.pass({ days: 22 });
      await stage.pass({ days: 12 });
      const late = await requestReturn(stage, fulfilment, { lines: { 1: 2 } });
      return Promise.all([never, late, fulfilment].map((each) => stage.path(each)));
    },
  },
  {
    number: '44',
    title: 'nothing accepted at inspection: rejected, no refund, stock unchanged for damaged units',
    paths: ['RETURN_REQUESTED>RETURN_AUTHORIZED>RETURN_INSPECTION>RETURN_REJECTED'],
    play: async (stage) => {
      const sku = await stage.product(month);
      const sale = await order(stage, { lines: [{ sku, quantity: 5 }] });
      const fulfilment = await shipmentOf(stage, sale);
      await shipAndDeliver(stage, fulfilment);
      const before = await onHand(stage, sku);
      const back = await requestReturn(stage, fulfilment, { lines: { 1: 2 } });
      await inspect(stage, back, { 1: { accepted: 0, good: 0 } });
      expect(await onHand(stage, sku)).to.equal(before);
      return [await stage.path(back)];
    },
  },
];
