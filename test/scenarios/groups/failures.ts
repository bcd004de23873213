import { expect } from 'chai';
import { acceptOffer, askForOrder, order, quote, stateOf } from '../acts.ts';
import { decide } from '../credit.ts';
import { listenForEvents } from '../event-listener.ts';
import { killAtEachState } from '../kill-at-each-state.ts';
import { capture, doneOutside, moneyOf, payAtProvider } from '../money.ts';
import { withProcesses } from '../processes.ts';
import type { Scenario } from '../scenario.ts';
import { startScenarioService } from '../service.ts';
import { createStage } from '../stage.ts';
import { deliver, ship, shipmentOf } from '../shipping.ts';
import { fireAfterDowntime } from '../timers-after-downtime.ts';

/** Timers of scenario 62; 10,000 in the full run. */
const timers = Number(process.env['SCENARIO_TIMERS'] ?? 400);

export const failureScenarios: readonly Scenario[] = [
  {
    number: '33',
    title: 'service restarted at every wait of a sale with override, payment and shipment',
    paths: [
      'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>AWAITING_PAYMENT>CLEARED>COMPLETED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
    ],
    playAlone: async () => {
      const service = await startScenarioService();
      try {
        const stage = createStage(service);
        const customer = await stage.customer({ limitMinor: 3_800 });
        const sale = await order(stage, { customer: customer.id, method: 'DEPOSIT' });
        await service.restart();
        await decide(stage, 'credit', sale, 'approval');
        await service.restart();
        await capture(stage, sale, 1_000);
        await service.restart();
        const fulfilment = await shipmentOf(stage, sale);
        await ship(stage, fulfilment);
        await service.restart();
        await deliver(stage, fulfilment);
        await service.restart();
        await stage.pass({ minutes: 2 });
        return await Promise.all([sale, fulfilment].map((each) => stage.path(each)));
      } finally {
        await service.close();
      }
    },
  },
  {
    number: '49',
    title: 'worker dies after the call to the provider, before the commit; the job is done again: one charge, one capture row',
    paths: ['OPEN>RESERVING>CLEARED', 'ALLOCATING>PICKING>PACKING>SHIPPED'],
    playAlone: () =>
      withProcesses(async (stage, { workers: [worker] }) => {
        const sale = await order(stage, { method: 'CARD' });
        const fulfilment = await shipmentOf(stage, sale);
        await stage.outside.misbehave({ only: { operation: 'payment.capture' }, timeoutNext: 1 });
        await stage.as('warehouse').post(`/v1/fulfilments/${fulfilment.id}/shipments`);
        const charges = async (): Promise<number> =>
          (await doneOutside(stage, sale)).filter((done) => done === 'payment.capture done').length;
        await stage.until('the provider has charged', async () => ((await charges()) > 0 ? true : undefined));
        await worker?.kill();
        await stage.until('another worker has come to its end', async () =>
          (await moneyOf(stage, sale)).captured > 0 ? true : undefined,
        );
        await stage.settled();
        expect(await charges()).to.equal(1);
        expect(await moneyOf(stage, sale)).to.deep.equal({ captured: 5_000, unapplied: 0, refunded: 0 });
        const { payments } = await stage.sale(sale.id);
        expect(payments.filter(({ kind }) => kind === 'CAPTURE')).to.have.length(1);
        return Promise.all([sale, fulfilment].map((each) => stage.path(each)));
      }),
  },
  {
    number: '50',
    title: 'provider times out: payment UNKNOWN, sale AWAITING_PAYMENT, the reconciler settles it; never FAILED and then paid',
    paths: ['OPEN>RESERVING>AWAITING_PAYMENT>CLEARED'],
    apart: true,
    play: async (stage) => {
      const sku = await stage.product({ listPriceMinor: 5_150 });
      await stage.outside.misbehave({ only: { operation: 'payment.request', amountMinor: 5_150 }, timeoutNext: 1 });
      const sale = await askForOrder(stage, { method: 'PREPAY', lines: [{ sku, quantity: 1 }] });
      const statusOf = async (): Promise<string | undefined> =>
        (await stage.sale(sale.id)).payments.find(({ kind }) => kind === 'INTENT')?.status;
      await stage.until('the outcome is unknown', async () => ((await statusOf()) === 'UNKNOWN' ? true : undefined));
      await stage.settled();
      expect(await stateOf(stage, sale)).to.equal('AWAITING_PAYMENT');
      await stage.pass({ minutes: 30 });
      await stage.until('the reconciler has asked', async () => ((await statusOf()) === 'SUCCEEDED' ? true : undefined));
      await payAtProvider(stage, sale, 5_150);
      expect(await doneOutside(stage, sale)).to.deep.equal(['payment.request done', 'payment.capture done']);
      return [await stage.path(sale)];
    },
  },
  {
    number: '62',
    title: `${timers} timers due at once after downtime: fired once each, in due order, a few at a time`,
    paths: [`${timers} fired once, in due order`],
    playAlone: () => fireAfterDowntime(timers),
  },
  {
    number: '64',
    title: 'publisher crashes in the middle of a batch: every event at least once, in order for each aggregate',
    paths: ['DRAFT>SENT>APPROVED', 'OPEN>CREDIT_CHECK>RESERVING>CLEARED'],
    playAlone: () =>
      withProcesses(async (stage, { workers: [worker] }) => {
        const listener = await listenForEvents();
        try {
          await listener.register(stage);
          listener.keepSilent();
          const quotation = await quote(stage);
          const sale = await acceptOffer(stage, quotation);
          await stage.until('a batch is on its way', () => Promise.resolve(listener.batches() > 0 ? true : undefined));
          await worker?.kill();
          listener.answer();
          await stage.as('operator').post('/v1/clock', { forwardMs: 60_000 }); // nobody waits for the dead one's answer any more
          await listener.expectAll(stage);
          return Promise.all([quotation, sale].map((each) => stage.path(each)));
        } finally {
          await listener.close();
        }
      }),
  },
  {
    number: '65',
    title: 'full restart (kill -9) at each state of the happy path, on the embedded database',
    paths: [
      'DRAFT>SENT>APPROVED',
      'OPEN>CREDIT_CHECK>RESERVING>CLEARED>COMPLETED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
    ],
    playAlone: killAtEachState,
  },
];
