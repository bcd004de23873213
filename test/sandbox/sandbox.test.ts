import { expect } from 'chai';
import { booking, intent, startSandbox } from './world.ts';

describe('The sandbox', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  describe('keeps its promise of idempotency', () => {
    it('answers the same key and body with the same answer, once done', async () => {
      const first = await sandbox.post('/payments/intents', 'k-1', intent);
      const second = await sandbox.post('/payments/intents', 'k-1', { ...intent });
      expect(first.status).to.equal(201);
      expect(second).to.deep.equal(first);
      expect(await sandbox.ledger()).to.have.lengthOf(1);
      expect((await sandbox.ledger())[0]).to.include({
        operation: 'payment.request',
        outcome: 'done',
        idempotencyKey: 'k-1',
        requests: 2,
      });
    });

    it('does it once when 30 requests with one key come at the same time, also while it is slow', async () => {
      await sandbox.put('/control', { delayMs: 30 });
      const answers = await Promise.all(Array.from({ length: 30 }, () => sandbox.post('/shipments', 'k-1', booking)));
      expect(new Set(answers.map(({ body }) => body.tracking)).size).to.equal(1);
      expect(await sandbox.ledger()).to.have.lengthOf(1);
    });

    it('refuses the same key with another body or for another operation: 422', async () => {
      await sandbox.post('/payments/intents', 'k-1', intent);
      const otherBody = await sandbox.post('/payments/intents', 'k-1', { ...intent, amountMinor: 9_999 });
      const otherOperation = await sandbox.post('/shipments', 'k-1', booking);
      expect([otherBody.status, otherBody.body.code]).to.deep.equal([422, 'key-reused']);
      expect([otherOperation.status, otherOperation.body.code]).to.deep.equal([422, 'key-reused']);
      expect(otherBody.body.detail).to.match(/k-1 was used at .* \(payment\.request\); take a new key/);
    });

    it('refuses what has an effect and no key: 400', async () => {
      const { body: made } = await sandbox.post('/payments/intents', 'k-1', intent);
      const paths = [
        '/payments/intents',
        `/payments/intents/${made.id}/captures`,
        `/payments/intents/${made.id}/void`,
        '/payments/refunds',
        '/shipments',
      ];
      for (const path of paths) {
        const { status, body } = await sandbox.post(path, undefined, intent);
        expect([path, status, body.code]).to.deep.equal([path, 400, 'key-missing']);
      }
    });

    it('stays with a decline: a retry is declined too, a new key is not', async () => {
      await sandbox.put('/control', { declineNext: 1 });
      const declined = await sandbox.post('/payments/intents', 'k-1', intent);
      expect([declined.status, declined.body.code]).to.deep.equal([402, 'payment-declined']);
      expect(await sandbox.post('/payments/intents', 'k-1', intent)).to.deep.equal(declined);
      expect((await sandbox.post('/payments/intents', 'k-2', intent)).status).to.equal(201);
      expect((await sandbox.ledger()).map(({ outcome }) => outcome)).to.deep.equal(['declined', 'done']);
    });
  });

  describe('misbehaves on request', () => {
    it('fails after the effect; the retry finds it done', async () => {
      await sandbox.put('/control', { failNext: 1 });
      expect((await sandbox.post('/shipments', 'k-1', booking)).status).to.equal(503);
      expect(await sandbox.ledger()).to.have.lengthOf(1);
      expect((await sandbox.post('/shipments', 'k-1', booking)).status).to.equal(201);
      expect((await sandbox.ledger()).map(({ requests }) => requests)).to.deep.equal([2]);
    });

    it('fails before the effect; nothing is done', async () => {
      await sandbox.put('/control', { failBeforeNext: 1 });
      expect((await sandbox.post('/shipments', 'k-1', booking)).status).to.equal(503);
      expect(await sandbox.ledger()).to.deep.equal([]);
    });

    it('disturbs only what the rule names, and the others keep their own rules', async () => {
      await sandbox.put('/control', [
        { only: { operation: 'payment.request', reference: 'S-000002' }, declineNext: 1 },
        { only: { amountMinor: 777 }, failBeforeNext: 1 },
      ]);
      const status = async (key: string, body: object) => (await sandbox.post('/payments/intents', key, body)).status;
      expect(await status('a', intent)).to.equal(201);
      expect(await status('b', { ...intent, amountMinor: 777 })).to.equal(503);
      expect(await status('c', { ...intent, reference: 'S-000002' })).to.equal(402);
      expect(await status('d', { ...intent, reference: 'S-000002' })).to.equal(201);
    });

    it('says what it does not understand', async () => {
      const { status, body } = await sandbox.put('/control', { declineNxt: 1 });
      expect([status, body.code]).to.deep.equal([422, 'invalid']);
      expect(body.detail).to.include('declineNxt');
    });
  });

  describe('as a payment provider', () => {
    const pay = (key: string, amountMinor: number) => sandbox.post('/payments/intents/S-000001/captures', key, { amountMinor });
    const refund = (key: string, amountMinor: number, more: object = {}) =>
      sandbox.post('/payments/refunds', key, { reference: 'S-000001', amountMinor, currency: 'EUR', ...more });

    beforeEach(() => sandbox.post('/payments/intents', 'request', intent));

    it('accumulates captures, and takes more than was asked for', async () => {
      await pay('c-1', 4_000);
      await pay('c-2', 4_000);
      await pay('c-3', 4_000);
      const { body } = await sandbox.get('/payments/intents/S-000001');
      expect([body.status, body.capturedMinor, body.captures.length]).to.deep.equal(['open', 12_000, 3]);
    });

    it('refunds the oldest captures first, and never more than was captured', async () => {
      await pay('c-1', 4_000);
      await pay('c-2', 4_000);
      expect((await refund('r-1', 5_000)).status).to.equal(201);
      const tooMuch = await refund('r-2', 3_001);
      expect([tooMuch.status, tooMuch.body.code]).to.deep.equal([409, 'refund-exceeds-captures']);
      expect(tooMuch.body.detail).to.include('only 3000 EUR');
      expect((await refund('r-3', 3_000)).status).to.equal(201);
      expect((await sandbox.get('/payments/intents/S-000001')).body.refundedMinor).to.equal(8_000);
    });

    it('refunds one capture when it is named, and only in its currency', async () => {
      const { body: first } = await pay('c-1', 4_000);
      await pay('c-2', 4_000);
      expect((await refund('r-1', 4_001, { captureReference: first.id })).status).to.equal(409);
      expect((await refund('r-2', 4_000, { captureReference: first.id, currency: 'USD' })).status).to.equal(409);
      expect((await refund('r-3', 4_000, { captureReference: first.id })).status).to.equal(201);
      expect((await refund('r-4', 1, { captureReference: first.id })).status).to.equal(409);
    });

    it('voids once; money that is under way still arrives', async () => {
      expect((await sandbox.post('/payments/intents/S-000001/void', 'v-1')).body.status).to.equal('voided');
      expect((await sandbox.post('/payments/intents/S-000001/void', 'v-2')).body.status).to.equal('voided');
      expect((await pay('c-1', 10_000)).status).to.equal(201);
      const voids = await sandbox.ledger('?operation=payment.void');
      expect(voids.map(({ outcome }) => outcome)).to.deep.equal(['done', 'unchanged']);
    });

    it('declines what a person pays, which closes the intent', async () => {
      await sandbox.put('/control', { only: { operation: 'payment.capture' }, declineNext: 1 });
      expect((await pay('c-1', 10_000)).status).to.equal(402);
      const again = await pay('c-2', 10_000);
      expect([again.status, again.body.code]).to.deep.equal([409, 'intent-declined']);
    });

    it('names what it does not know and what does not fit', async () => {
      expect((await sandbox.get('/payments/intents/S-9')).body.code).to.equal('no-such-intent');
      expect((await sandbox.get('/shipments/S-9')).body.code).to.equal('no-such-shipment');
      expect((await sandbox.get('/elsewhere')).body.code).to.equal('unknown-address');
      expect((await sandbox.put('/ledger', {})).body.code).to.equal('unknown-method');
      const { status, body } = await sandbox.post('/payments/intents', 'k', { ...intent, amountMinor: 0.5, currency: 'eur' });
      expect(status).to.equal(422);
      expect(body.detail).to.include('amountMinor').and.to.include('currency');
      expect((await sandbox.get('/ledger?key=k')).status).to.equal(422);
      expect((await sandbox.post('/shipments', 'k', { ...booking, reference: 'x'.repeat(200_000) })).status).to.equal(413);
    });
  });
});
