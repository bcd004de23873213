import { expect } from 'chai';
import { z } from 'zod';
import { cancel, chooseMethod, order, stateOf, taskOf } from '../acts.ts';
import { creditOf, decide, overrideStatus, pendingOverride, setCredit, tryToDecide } from '../credit.ts';
import { eventsOf } from '../lab.ts';
import { capture, moneyOf, payAtProvider } from '../money.ts';
import { said } from '../client.ts';
import type { Scenario } from '../scenario.ts';
import { fulfilmentsOf, shipAndDeliver, shipmentOf } from '../shipping.ts';

export const creditScenarios: readonly Scenario[] = [
  {
    number: '12',
    title: 'over limit: credit override approved by a second person, cleared, override consumed once',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 4_500 });
      const sale = await order(stage, { customer: customer.id });
      const direct = await stage.as('credit').ask('POST', `/v1/user-tasks/${await taskOf(stage, sale)}/completion`);
      expect([direct.status, direct.body['code']]).to.deep.equal([409, 'decide-the-override']);
      expect((await tryToDecide(stage, 'sales', await pendingOverride(stage, sale), 'approval')).status).to.equal(403);
      const request = await decide(stage, 'credit', sale, 'approval');
      expect(await overrideStatus(stage, request)).to.equal('CONSUMED');
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(5_000);
      return [await stage.path(sale)];
    },
  },
  {
    number: '13',
    title: 'two approvers needed, the same person cannot approve twice',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 40_000_000 });
      await order(stage, { customer: customer.id }); // a large first order would be another question
      const sku = await stage.product({ listPriceMinor: 46_000_000, costMinor: 30_000_000 });
      const sale = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 1 }] });
      const request = await decide(stage, 'credit-2', sale, 'approval');
      expect(await stateOf(stage, sale)).to.equal('AWAITING_CREDIT_OVERRIDE');
      const again = await tryToDecide(stage, 'credit-2', request, 'approval');
      expect(again.status, said(again, 'detail')).to.be.oneOf([403, 409]);
      await decide(stage, 'admin', sale, 'approval');
      expect(await overrideStatus(stage, request)).to.equal('CONSUMED');
      return [await stage.path(sale)];
    },
  },
  {
    number: '14',
    title: 'override expires, then someone tries to approve: 409, sale in CREDIT_HOLD, rejected in the end',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_HOLD>CANCELLING>REJECTED'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 4_500 });
      const sale = await order(stage, { customer: customer.id });
      const request = await pendingOverride(stage, sale);
      await stage.pass({ days: 5 });
      const late = await tryToDecide(stage, 'credit', request, 'approval');
      expect([late.status, late.body['code'], late.body['overrideStatus']]).to.deep.equal([
        409,
        'override-not-pending',
        'EXPIRED',
      ]);
      expect(await stateOf(stage, sale)).to.equal('CREDIT_HOLD');
      await stage.pass({ days: 15 });
      return [await stage.path(sale)];
    },
  },
  {
    number: '15',
    title: 'credit freed by another order cancelling: the waiting sale clears, its override is superseded',
    paths: [
      'OPEN>CREDIT_CHECK>RESERVING>CLEARED>CANCELLING>CANCELLED',
      'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>CLEARED',
    ],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 8_000 });
      const sku = await stage.product();
      const first = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 6 }] });
      const second = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 4 }] });
      const request = await pendingOverride(stage, second);
      await cancel(stage, first);
      expect(await overrideStatus(stage, request)).to.equal('SUPERSEDED');
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(4_000);
      return Promise.all([first, second].map((each) => stage.path(each)));
    },
  },
  {
    number: '16',
    title: 'customer 60+ days overdue: PREPAY forced, pays, cleared',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_PAYMENT_METHOD>RESERVING>AWAITING_PAYMENT>CLEARED'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer();
      const earlier = await order(stage, { customer: customer.id });
      await shipAndDeliver(stage, await shipmentOf(stage, earlier));
      await stage.pass({ days: 110 }); // 30 days of terms, and more than 60 beyond
      await stage.until('the invoice is overdue', async () =>
        (await creditOf(stage, customer.code)).maxOverdueDays > 60 ? true : undefined,
      );
      const sale = await order(stage, { customer: customer.id });
      await chooseMethod(stage, sale, 'PREPAY');
      await capture(stage, sale, 5_000);
      return [await stage.path(sale)];
    },
  },
  {
    number: '17',
    title: 'account STOP: refused',
    paths: ['OPEN>CREDIT_CHECK>CANCELLING>REJECTED'],
    play: async (stage) => {
      const customer = await stage.customer();
      await setCredit(stage, customer.code, { hold: 'STOP' });
      return [await stage.path(await order(stage, { customer: customer.id }))];
    },
  },
  {
    number: '41',
    title: 'account goes to STOP between reserve and clear: back to credit check, refused, all undone',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_PAYMENT>CREDIT_CHECK>CANCELLING>REJECTED'],
    play: async (stage) => {
      const customer = await stage.customer();
      const sale = await order(stage, { customer: customer.id, method: 'DEPOSIT' });
      await setCredit(stage, customer.code, { hold: 'STOP' });
      await payAtProvider(stage, sale, 1_000);
      const { captured, unapplied, refunded } = await moneyOf(stage, sale);
      expect(captured - refunded + unapplied, 'money that is kept').to.equal(0);
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor).to.equal(0);
      return [await stage.path(sale)];
    },
  },
  {
    number: '52',
    title: 'order paused, others placed, then resumed: the paused one keeps its hold',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_PAYMENT>CLEARED', 'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE'],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 6_000 });
      const sku = await stage.product();
      const paused = await order(stage, { customer: customer.id, method: 'DEPOSIT', lines: [{ sku, quantity: 5 }] });
      const instance = (await stage.sale(paused.id)).processInstanceId;
      await stage
        .as('operator')
        .post(`/v1/process-instances/${instance}/suspension`, { reason: 'The customer asked us to wait' });
      const other = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 3 }] });
      expect((await creditOf(stage, customer.code)).openOrders.amountMinor, 'the hold of the paused order').to.equal(4_000);
      await stage.as('operator').post(`/v1/process-instances/${instance}/resumption`, { reason: 'They are ready' });
      await capture(stage, paused, 1_000);
      return Promise.all([paused, other].map((each) => stage.path(each)));
    },
  },
  {
    number: '53',
    title: 'limit cut below exposure: existing holds stay, new orders are reviewed, the change is told',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>CLEARED', 'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE'],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 10_000 });
      const sku = await stage.product();
      const held = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 8 }] });
      await setCredit(stage, customer.code, { limitMinor: 7_000 });
      const next = await order(stage, { customer: customer.id, lines: [{ sku, quantity: 1 }] });
      const { openOrders, exposure } = await creditOf(stage, customer.code);
      expect([openOrders.amountMinor, exposure.amountMinor]).to.deep.equal([8_000, 8_000]);
      expect(await fulfilmentsOf(stage, held)).to.have.length(1);
      await stage.until('the change is told', async () =>
        (await eventsOf(stage, 'credit.limit-changed', { customerId: customer.id })).length > 0 ? true : undefined,
      );
      return Promise.all([held, next].map((each) => stage.path(each)));
    },
  },
  {
    number: '55',
    title: 'chargeback after COMPLETED: payment reversed, receivable raised, account on HOLD, the sale stays COMPLETED',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CLEARED>COMPLETED'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer();
      const sale = await order(stage, { customer: customer.id, method: 'PREPAY' });
      const taken = await stage.outside.pay(sale.number, 5_000);
      await stage.settled();
      await shipAndDeliver(stage, await shipmentOf(stage, sale));
      await stage.pass({ minutes: 2 });
      expect(await stateOf(stage, sale)).to.equal('COMPLETED');
      await stage.outside.chargeBack(sale.number, z.string().parse(taken['id']), 5_000);
      await stage.settled();
      const { hold, unpaidInvoices } = await creditOf(stage, customer.code);
      expect([hold, unpaidInvoices.amountMinor]).to.deep.equal(['HOLD', 5_000]);
      return [await stage.path(sale)];
    },
  },
];
