import { expect } from 'chai';
import { createHttpPaymentProvider } from '../../src/jobs/providers/payment-http.ts';
import { ProviderUnavailable } from '../../src/jobs/providers/port.ts';
import { intent, startCustomer, startSandbox, until } from './world.ts';

describe('The sandbox holds money on a card', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  const payments = () => createHttpPaymentProvider({ url: sandbox.url, timeoutMs: 2_000 });
  const authorize = async (key = 'auth-1') => {
    const answer = await payments().requestPayment({ ...intent, take: 'authorize', idempotencyKey: key });
    if (answer.status !== 'accepted') throw new Error(answer.message);
    return answer.providerReference;
  };

  it('of which parts are taken, several, and never more than there is', async () => {
    const paymentReference = await authorize();
    const take = (amountMinor: number, idempotencyKey: string) =>
      payments().capturePayment({ paymentReference, amountMinor, idempotencyKey });
    expect(await take(4_000, 'c-1')).to.include({ status: 'accepted' });
    expect(await take(4_000, 'c-1')).to.include({ status: 'accepted' });
    expect(await take(6_001, 'c-2')).to.include({ status: 'declined', code: 'capture-exceeds-authorization' });
    expect(await take(6_000, 'c-3')).to.include({ status: 'accepted' });
    expect((await payments().findPayment('S-000001'))?.captures.map(({ amountMinor }) => amountMinor)).to.deep.equal([
      4_000, 6_000,
    ]);
  });

  it('and lets it go when it is voided: nothing is taken after that', async () => {
    const paymentReference = await authorize();
    await payments().voidPayment({ paymentReference, idempotencyKey: 'v-1' });
    expect(await payments().capturePayment({ paymentReference, amountMinor: 1, idempotencyKey: 'c-1' })).to.include({
      status: 'declined',
      code: 'authorization-voided',
    });
    expect(await payments().capturePayment({ paymentReference: 'pi_nobody', amountMinor: 1, idempotencyKey: 'c-2' })).to.include({
      status: 'declined',
      code: 'no-such-intent',
    });
  });

  it('a refused capture leaves the authorisation as it was, and tells nobody else', async () => {
    const paymentReference = await authorize();
    await sandbox.put('/control', { only: { operation: 'payment.capture' }, declineNext: 1 });
    const take = (idempotencyKey: string) => payments().capturePayment({ paymentReference, amountMinor: 10_000, idempotencyKey });
    expect(await take('c-1')).to.include({ status: 'declined', code: 'payment-declined' });
    expect(await take('c-1')).to.include({ status: 'declined' });
    expect(await take('c-2')).to.include({ status: 'accepted' });
    expect((await sandbox.ledger()).filter(({ webhook }) => webhook !== null)).to.have.lengthOf(1);
  });

  it('tells by its key what became of a request, after any answer was lost', async () => {
    const request = { ...intent, take: 'authorize' as const };
    expect(await payments().findOutcome('auth-1')).to.equal(undefined);
    await sandbox.put('/control', [{ failNext: 1 }, { failBeforeNext: 0 }]);
    const lost = await payments()
      .requestPayment({ ...request, idempotencyKey: 'auth-1' })
      .catch((error: unknown) => error);
    expect(lost).to.be.instanceOf(ProviderUnavailable);
    const found = await payments().findPayment('S-000001');
    expect(await payments().findOutcome('auth-1')).to.deep.equal({
      status: 'accepted',
      providerReference: found?.providerReference,
    });
    await sandbox.put('/control', { declineNext: 1 });
    await payments().requestPayment({ ...request, idempotencyKey: 'auth-2' });
    expect(await payments().findOutcome('auth-2')).to.include({ status: 'declined', code: 'payment-declined' });
  });

  it('tells of captures, refunds, late refusals and chargebacks, each with the key that it came from', async () => {
    const customer = await startCustomer();
    await sandbox.put('/webhook-endpoint', { url: customer.url });
    const paymentReference = await authorize();
    await payments().capturePayment({ paymentReference, amountMinor: 9_000, idempotencyKey: 'c-1' });
    const [capture] = (await payments().findPayment('S-000001'))?.captures ?? [];
    const captureReference = capture?.captureReference ?? '';
    const refund = { reference: 'S-000001', amountMinor: 2_000, currency: 'EUR', captureReference };
    await payments().refund({ ...refund, idempotencyKey: 'r-1' });
    await sandbox.post(`/payments/captures/${captureReference}/reversal`, 'b-1', { amountMinor: 3_000 });
    await sandbox.post(`/payments/captures/${captureReference}/reversal`, 'b-2', {});
    expect(await payments().refund({ ...refund, idempotencyKey: 'r-2' })).to.include({
      status: 'declined',
      code: 'refund-exceeds-captures',
    });
    expect((await sandbox.post(`/payments/captures/${captureReference}/reversal`, 'b-3', {})).status).to.equal(409);
    await sandbox.post(`/payments/intents/${paymentReference}/decline`, 'd-1', {});
    await until(() => customer.deliveries.length === 5);
    const told = customer.deliveries
      .map(({ body }) => JSON.parse(body) as { type: string; data: { idempotencyKey: string; amountMinor: number } })
      .map(({ type, data }) => `${type} ${data.amountMinor} ${data.idempotencyKey}`);
    expect(told).to.have.members([
      'payment.captured 9000 c-1',
      'payment.refunded 2000 r-1',
      'payment.reversed 3000 b-1',
      'payment.reversed 4000 b-2',
      'payment.declined 10000 d-1',
    ]);
    await customer.close();
  });
});
