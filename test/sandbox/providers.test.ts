import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpCarrier } from '../../src/jobs/providers/carrier-http.ts';
import { createHttpPaymentProvider } from '../../src/jobs/providers/payment-http.ts';
import { ProviderFault, ProviderUnavailable } from '../../src/jobs/providers/port.ts';
import { booking, intent, startSandbox } from './world.ts';

/** What was thrown, or undefined. */
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('The provider adapters', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  const payments = (timeoutMs = 2_000) => createHttpPaymentProvider({ url: `${sandbox.url}/`, timeoutMs });
  const carrier = (timeoutMs = 2_000) => createHttpCarrier({ url: sandbox.url, timeoutMs });
  const request = { idempotencyKey: 'job-1', ...intent };

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  it('request, void, refund and find a payment', async () => {
    const accepted = await payments().requestPayment(request);
    const paid = await sandbox.post('/payments/intents/S-000001/captures', 'c-1', { amountMinor: 4_000 });
    const found = await payments().findPayment('S-000001');
    expect(accepted).to.deep.equal({ status: 'accepted', providerReference: found?.providerReference });
    expect(found).to.deep.include({ status: 'open', currency: 'EUR' });
    expect(found?.captures.map(({ captureReference, amountMinor }) => [captureReference, amountMinor])).to.deep.equal([
      [paid.body.id, 4_000],
    ]);

    const refund = { reference: 'S-000001', amountMinor: 4_000, currency: 'EUR', captureReference: paid.body.id };
    expect(await payments().refund({ idempotencyKey: 'job-2', ...refund })).to.include({ status: 'accepted' });
    expect(await payments().refund({ idempotencyKey: 'job-3', ...refund })).to.include({
      status: 'declined',
      code: 'refund-exceeds-captures',
    });
    expect(await payments().voidPayment({ idempotencyKey: 'job-4', paymentReference: 'S-000001' })).to.include({
      status: 'voided',
    });
    expect(await payments().voidPayment({ idempotencyKey: 'job-5', paymentReference: 'S-9' })).to.deep.equal({
      status: 'absent',
    });
    expect(await payments().findPayment('S-9')).to.equal(undefined);
  });

  it('report a business refusal as an outcome, with its reason', async () => {
    await sandbox.put('/control', { declineNext: 2 });
    const declined = await payments().requestPayment(request);
    expect(declined).to.deep.equal({
      status: 'declined',
      code: 'payment-declined',
      message: 'The payment of S-000001 by CARD was declined; try another method',
    });
    const rejected = await carrier().book({ idempotencyKey: 'job-2', ...booking });
    expect(rejected).to.include({ status: 'rejected', code: 'address-not-served' });
  });

  it('book a carrier', async () => {
    const booked = await carrier().book({ idempotencyKey: 'job-1', ...booking, address: { city: 'Ulm', country: 'DE' } });
    expect(booked).to.include({ status: 'booked', carrier: 'Sandbox Parcel' });
    expect(booked)
      .to.have.property('tracking')
      .that.matches(/^SBX-[0-9A-F]{12}$/);
  });

  it('void, trace and bring back a shipment, each of them once', async () => {
    const booked = await carrier().book({ idempotencyKey: 'job-1', ...booking });
    const tracking = booked.status === 'booked' ? booked.tracking : '';
    expect(await carrier().trace({ idempotencyKey: 'job-2', tracking })).to.deep.equal({ status: 'done' });
    await sandbox.post(`/shipments/${tracking}/exception`, 'x-1', { reason: 'NOBODY_HOME' });
    expect(await carrier().void({ idempotencyKey: 'job-3', tracking })).to.include({
      status: 'rejected',
      code: 'shipment-moved-on',
    });
    expect(await carrier().returnToSender({ idempotencyKey: 'job-4', tracking })).to.deep.equal({ status: 'done' });
    expect(await carrier().returnToSender({ idempotencyKey: 'job-5', tracking })).to.deep.equal({ status: 'done' });
    expect(await carrier().void({ idempotencyKey: 'job-6', tracking: 'SBX-9' })).to.deep.equal({ status: 'absent' });

    const second = await carrier().book({ idempotencyKey: 'job-7', ...booking });
    const label = second.status === 'booked' ? second.tracking : '';
    expect(await carrier().void({ idempotencyKey: 'job-8', tracking: label })).to.deep.equal({ status: 'done' });
    expect(await carrier().void({ idempotencyKey: 'job-9', tracking: label })).to.deep.equal({ status: 'done' });
    expect((await sandbox.post(`/shipments/${label}/delivered`, 'd-1', {})).status).to.equal(409);
  });

  it('49: a retry with the same key after a lost answer charges once', async () => {
    await sandbox.put('/control', { failNext: 2 });
    const lost = [await failure(payments().requestPayment(request)), await failure(payments().requestPayment(request))];
    for (const error of lost) {
      expect(error).to.be.instanceOf(ProviderUnavailable);
      expect((error as Error).message).to.equal('POST /payments/intents at payments: answered 503, so the outcome is unknown');
    }
    expect(await payments().requestPayment(request)).to.include({ status: 'accepted' });
    const effects = await sandbox.ledger();
    expect(effects.map(({ idempotencyKey, outcome, requests }) => [idempotencyKey, outcome, requests])).to.deep.equal([
      ['job-1', 'done', 3],
    ]);
  });

  it('50: a time-out leaves the outcome unknown; asking settles it', async () => {
    await sandbox.put('/control', { timeoutNext: 1 });
    const error = await failure(payments(50).requestPayment(request));
    expect(error).to.be.instanceOf(ProviderUnavailable);
    expect((error as Error).message).to.include('no answer within 50 ms, so the outcome is unknown');
    const found = await payments().findPayment('S-000001');
    expect(await payments().requestPayment(request)).to.deep.equal({
      status: 'accepted',
      providerReference: found?.providerReference,
    });
    expect(await sandbox.ledger()).to.have.lengthOf(1);
  });

  it('a slow provider does it after we gave up; the retry finds it', async () => {
    await sandbox.put('/control', { delayMs: 120 });
    expect(await failure(carrier(30).book({ idempotencyKey: 'job-1', ...booking }))).to.be.instanceOf(ProviderUnavailable);
    expect(await carrier().book({ idempotencyKey: 'job-1', ...booking })).to.include({ status: 'booked' });
    expect((await sandbox.ledger()).map(({ requests }) => requests)).to.deep.equal([2]);
  });

  it('nobody there: the outcome is unknown, and the reason is told', async () => {
    const { url } = sandbox;
    await sandbox.close();
    const error = await failure(createHttpCarrier({ url }).book({ idempotencyKey: 'job-1', ...booking }));
    expect(error).to.be.instanceOf(ProviderUnavailable);
    expect((error as Error).message).to.include('ECONNREFUSED');
    sandbox = await startSandbox();
  });

  it('our own mistakes and strange answers are faults, never declines', async () => {
    await payments().requestPayment(request);
    const reused = await failure(payments().requestPayment({ ...request, amountMinor: 1 }));
    expect(reused).to.be.instanceOf(ProviderFault);
    expect((reused as Error).message)
      .to.include('answered 422')
      .and.to.include('key-reused');
    const elsewhere = await failure(createHttpPaymentProvider({ url: `${sandbox.url}/elsewhere` }).findPayment('S-000001'));
    expect(elsewhere).to.be.instanceOf(ProviderFault);

    const answers: [number, Record<string, string>, string][] = [
      [201, {}, '{"unexpected": true}'],
      [402, {}, 'no reason'],
      [302, { location: 'http://127.0.0.1:9/' }, ''],
      [429, { 'retry-after': '7' }, ''],
    ];
    const strange = createServer((_request, response) => {
      const [status, headers, text] = answers.shift() ?? [500, {}, ''];
      response.writeHead(status, headers).end(text);
    });
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const there = createHttpPaymentProvider({ url: `http://127.0.0.1:${(strange.address() as AddressInfo).port}` });
    for (const status of [201, 402, 302]) {
      const error = await failure(there.requestPayment(request));
      expect(error, String(status)).to.be.instanceOf(ProviderFault);
      expect((error as Error).message).to.include(`answered ${status}`);
    }
    expect(await failure(there.requestPayment(request)))
      .to.be.instanceOf(ProviderUnavailable)
      .and.to.include({ retryAfterMs: 7_000 });
    strange.closeAllConnections();
    await new Promise((resolve) => strange.close(resolve));
  });
});
