import { expect } from 'chai';
import { askForOrder, cancel, chooseMethod, order, reservedBy, stateOf } from '../acts.ts';
import { addHolidays } from '../lab.ts';
import { capture, doneOutside, moneyOf, payAtProvider, providerEvent } from '../money.ts';
import type { Answer } from '../client.ts';
import type { Scenario } from '../scenario.ts';

export const paymentScenarios: readonly Scenario[] = [
  {
    number: '02',
    title: 'prepay: three partial captures accumulate, then the sale clears',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CLEARED'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      for (const amount of [2_000, 2_000, 1_000]) await capture(stage, sale, amount);
      return [await stage.path(sale)];
    },
  },
  {
    number: '03',
    title: 'double capture webhook (same event id) is counted once',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      const data = { reference: sale.number, amountMinor: 2_000, currency: 'EUR', captureReference: `cap ${sale.number}` };
      const send = (event: string): Promise<Answer> => providerEvent(stage, `${event} ${sale.number}`, 'payment.captured', data);
      const answers = await Promise.all([send('event'), send('event'), send('event')]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      // the same money under another event id is the same money
      expect((await send('another event')).body).to.deep.equal({ result: 'known' });
      await stage.settled();
      expect(await moneyOf(stage, sale)).to.deep.equal({ captured: 2_000, unapplied: 0, refunded: 0 });
      return [await stage.path(sale)];
    },
  },
  {
    number: '04',
    title: 'two different captures race past the total: the excess is unapplied, never lost',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CLEARED'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      await Promise.all([payAtProvider(stage, sale, 4_000), payAtProvider(stage, sale, 4_000)]);
      await stage.settled();
      expect(await moneyOf(stage, sale)).to.deep.equal({ captured: 5_000, unapplied: 3_000, refunded: 0 });
      return [await stage.path(sale)];
    },
  },
  {
    number: '05',
    title: 'capture arrives before the wait is armed (the webhook beats the job)',
    paths: ['OPEN>RESERVING>CLEARED'],
    play: async (stage) => {
      const sku = await stage.product({ listPriceMinor: 5_105 });
      // the provider takes the request and is slow to answer: the customer is quicker
      await stage.outside.misbehave({ only: { operation: 'payment.request', amountMinor: 5_105 }, delayMs: 400 });
      const sale = await askForOrder(stage, { method: 'PREPAY', lines: [{ sku, quantity: 1 }] });
      const transfer = { amountMinor: 5_105, currency: 'EUR', reference: `before the wait of ${sale.number}` };
      await stage.as('finance').post(`/v1/sale-orders/${sale.id}/captures`, transfer);
      await stage.settled();
      return [await stage.path(sale)];
    },
  },
  {
    number: '06',
    title: 'declined twice, method changed, third decline rejects and undoes',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT_METHOD>RESERVING>AWAITING_PAYMENT_METHOD>RESERVING>CANCELLING>REJECTED'],
    play: async (stage) => {
      const sku = await stage.product({ listPriceMinor: 5_106 });
      await stage.outside.misbehave({ only: { amountMinor: 5_106 }, declineNext: 3 });
      const sale = await order(stage, { method: 'PREPAY', lines: [{ sku, quantity: 1 }] });
      await chooseMethod(stage, sale, 'CARD');
      await chooseMethod(stage, sale, 'PREPAY');
      expect(await reservedBy(stage, sale)).to.equal(0);
      return [await stage.path(sale)];
    },
  },
  {
    number: '07',
    title: 'no payment method: AWAITING_PAYMENT_METHOD, abandoned after 7 days',
    paths: ['OPEN>AWAITING_PAYMENT_METHOD>CANCELLING>CANCELLED'],
    apart: true,
    play: async (stage) => {
      const { id: customer } = await stage.customer({ paymentMethod: null });
      const sale = await order(stage, { customer });
      await stage.pass({ days: 6, hours: 23 });
      expect((await stage.sale(sale.id)).workflowState).to.equal('AWAITING_PAYMENT_METHOD');
      await stage.pass({ hours: 2 });
      return [await stage.path(sale)];
    },
  },
  {
    number: '08',
    title: 'payment overdue while reserved: the stock is released',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CANCELLING>CANCELLED'],
    apart: true,
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      expect(await reservedBy(stage, sale)).to.equal(5);
      await stage.pass({ days: 15 }); // longer than the term of payment, whatever holidays there are
      expect(await reservedBy(stage, sale)).to.equal(0);
      return [await stage.path(sale)];
    },
  },
  {
    number: '09',
    title: 'cancel after reserve while awaiting payment',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>AWAITING_PAYMENT>CANCELLING>CANCELLED'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'DEPOSIT' });
      await cancel(stage, sale);
      expect(await reservedBy(stage, sale)).to.equal(0);
      expect(await doneOutside(stage, sale)).to.deep.equal(['payment.request done', 'payment.void done']);
      return [await stage.path(sale)];
    },
  },
  {
    number: '11',
    title: 'money arrives after the cancellation: refunded automatically',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CANCELLING>CANCELLED'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      await cancel(stage, sale);
      await payAtProvider(stage, sale, 5_000); // the transfer was on its way
      const { captured, unapplied, refunded } = await moneyOf(stage, sale);
      expect(captured - refunded + unapplied, 'money that is kept').to.equal(0);
      expect(await doneOutside(stage, sale)).to.include('payment.refund done');
      return [await stage.path(sale)];
    },
  },
  {
    number: '40',
    title: 'reservation lost between payment and clearing: re-reserves instead of clearing an empty sale',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>RESERVING>CLEARED'],
    apart: true,
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      await payAtProvider(stage, sale, 4_000);
      // holidays give them more time to pay, and goods are not kept for longer than a week
      await addHolidays(stage, 6);
      await stage.pass({ days: 7, hours: 1 });
      await stage.until('the reservation has expired', async () => ((await reservedBy(stage, sale)) === 0 ? true : undefined));
      expect(await stateOf(stage, sale)).to.equal('AWAITING_PAYMENT');
      await payAtProvider(stage, sale, 1_000);
      expect(await reservedBy(stage, sale)).to.equal(5);
      return [await stage.path(sale)];
    },
  },
  {
    number: '58',
    title: 'two refunds race for the last 10.00: one succeeds, the other is stopped',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CLEARED'],
    play: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      await payAtProvider(stage, sale, 5_000);
      const refund = (amountMinor: number): Promise<Answer> =>
        stage.as('finance').ask('POST', `/v1/sale-orders/${sale.id}/refunds`, {
          body: { amountMinor, reason: 'A part was not what they had ordered' },
        });
      expect((await refund(4_000)).status).to.equal(201);
      const answers = await Promise.all([refund(1_000), refund(1_000)]);
      expect(answers.map(({ status }) => status)).to.have.members([201, 409]);
      expect(answers.find(({ status }) => status === 409)?.body['code']).to.equal('refund-cap');
      await stage.settled();
      expect(await moneyOf(stage, sale)).to.deep.equal({ captured: 5_000, unapplied: 0, refunded: 5_000 });
      return [await stage.path(sale)];
    },
  },
];
