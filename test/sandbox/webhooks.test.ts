import { expect } from 'chai';
import { verifyWebhook } from '../../src/support/webhook-signature.ts';
import { demoWebhookSecret } from '../../src/sandbox/config.ts';
import { booking, intent, startCustomer, startSandbox, until } from './world.ts';

describe('The sandbox delivers webhooks', () => {
  const open: { close(): Promise<unknown> }[] = [];
  const opened = <Thing extends { close(): Promise<unknown> }>(thing: Thing): Thing => {
    open.push(thing);
    return thing;
  };
  afterEach(() => Promise.all(open.splice(0).map((thing) => thing.close())));

  async function payingWorld(...statuses: number[]) {
    const customer = opened(await startCustomer(...statuses));
    const sandbox = opened(await startSandbox({ webhookUrl: customer.url }));
    await sandbox.post('/payments/intents', 'request', intent);
    const pay = (key: string) => sandbox.post('/payments/intents/S-000001/captures', key, { amountMinor: 4_000 });
    return { customer, sandbox, pay };
  }

  it('signed, to the provider of the event, saying what happened', async () => {
    const { customer, sandbox, pay } = await payingWorld();
    const { body: capture } = await pay('c-1');
    const { body: shipment } = await sandbox.post('/shipments', 'b-1', booking);
    await sandbox.post(`/shipments/${shipment.tracking}/delivered`, 'd-1');
    await sandbox.post(`/shipments/${shipment.tracking}/delivered`, 'd-2');
    await until(() => customer.deliveries.length === 2);
    for (const { headers, body } of customer.deliveries) {
      const verdict = verifyWebhook({ headers, body, secrets: [demoWebhookSecret], now: new Date() });
      expect(verdict).to.deep.equal({ genuine: true, id: headers['webhook-id'] });
    }
    const told = customer.deliveries.map(({ path, body }) => ({ path, ...(JSON.parse(body) as { type: string; data: object }) }));
    const paid = told.find(({ type }) => type === 'payment.captured');
    const arrived = told.find(({ type }) => type === 'carrier.delivered');
    expect(paid?.path).to.equal('/v1/provider-events/payments');
    expect(paid?.data).to.include({ reference: 'S-000001', captureReference: capture.id, amountMinor: 4_000, currency: 'EUR' });
    expect(arrived?.path).to.equal('/v1/provider-events/carrier');
    expect(arrived?.data).to.include({ reference: 'F-000001', tracking: shipment.tracking });
  });

  it('again and again until they are accepted, with the same id', async () => {
    const { customer, sandbox, pay } = await payingWorld(500, 404, 302);
    await pay('c-1');
    const row = async () => (await sandbox.ledger('?operation=payment.capture'))[0]?.webhook;
    await until(async () => (await row())?.accepted === 1);
    expect(await row()).to.include({ type: 'payment.captured', copies: 1, deliveries: 4, accepted: 1 });
    expect(new Set(customer.deliveries.map(({ headers }) => headers['webhook-id'])).size).to.equal(1);
  });

  it('more often than needed when told to repeat them', async () => {
    const { customer, sandbox, pay } = await payingWorld();
    await sandbox.put('/control', { only: { operation: 'payment.capture' }, repeatWebhooks: 2 });
    await pay('c-1');
    await until(() => customer.deliveries.length === 3);
    expect(new Set(customer.deliveries.map(({ headers, body }) => headers['webhook-id'] + body)).size).to.equal(1);
    expect((await sandbox.ledger('?operation=payment.capture'))[0]?.webhook).to.include({
      copies: 3,
      deliveries: 3,
      accepted: 3,
    });
  });

  it('once for a capture that was asked for twice', async () => {
    const { customer, pay } = await payingWorld();
    await pay('c-1');
    await pay('c-1');
    await pay('c-2');
    await until(() => customer.deliveries.length >= 2);
    expect(new Set(customer.deliveries.map(({ headers }) => headers['webhook-id'])).size).to.equal(2);
  });

  it('of a payment that is declined later', async () => {
    const { customer, sandbox, pay } = await payingWorld();
    await sandbox.put('/control', { declineNext: 1 });
    await pay('c-1');
    await until(() => customer.deliveries.length === 1);
    expect(JSON.parse(customer.deliveries[0]?.body ?? '')).to.deep.include({ type: 'payment.declined' });
  });

  it('before the request is answered, when that answer never comes', async () => {
    const { customer, sandbox } = await payingWorld();
    await sandbox.put('/control', { only: { operation: 'payment.request' }, timeoutNext: 1 });
    const unanswered = sandbox
      .post('/payments/intents', 'request-2', { ...intent, reference: 'S-000002' })
      .catch(() => 'never answered');
    await until(async () => (await sandbox.get('/payments/intents/S-000002')).status === 200);
    await sandbox.post('/payments/intents/S-000002/captures', 'c-1', { amountMinor: 10_000 });
    await until(() => customer.deliveries.length === 1);
    await sandbox.close();
    open.splice(open.indexOf(sandbox), 1);
    expect(await unanswered).to.equal('never answered');
  });

  it('as soon as it knows where to, and gives up on a customer who is never there', async () => {
    const sandbox = opened(await startSandbox({ retry: { firstMs: 1, maxMs: 2, attempts: 3 } }));
    await sandbox.post('/payments/intents', 'request', intent);
    await sandbox.post('/payments/intents/S-000001/captures', 'c-1', { amountMinor: 4_000 });
    const row = async () => (await sandbox.ledger('?operation=payment.capture'))[0]?.webhook;
    expect(await row()).to.include({ deliveries: 0, accepted: 0 });

    const gone = await startCustomer();
    await gone.close();
    await sandbox.put('/webhook-endpoint', { url: gone.url });
    await until(async () => (await row())?.deliveries === 3);

    const customer = opened(await startCustomer());
    await until(async () => {
      await sandbox.put('/webhook-endpoint', { url: customer.url });
      return (await row())?.accepted === 1;
    });
    expect(customer.deliveries).to.have.lengthOf(1);
  });
});
