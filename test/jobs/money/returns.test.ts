import { expect } from 'chai';
import { recordCapture } from '../../../src/commands/record-capture.ts';
import { recordDelivery } from '../../../src/commands/record-delivery.ts';
import { receiveReturn } from '../../../src/commands/receive-return.ts';
import { requestReturn } from '../../../src/commands/request-return.ts';
import { aCustomer, aSaleOrder, completeAt, statesOf } from '../../helpers/builders.ts';
import { listenToProvider, type ProviderSide } from '../../helpers/provider.ts';
import { by, openWorld, type World } from '../../helpers/world.ts';
import { auditOf, incidentsOf, invoicesOf, moneyOf, paymentsOf, profileOf, ship } from './world.ts';

describe('Returned goods give their money back', () => {
  let world: World;
  let provider: ProviderSide;
  beforeEach(async () => {
    world = await openWorld();
    provider = await listenToProvider(world);
  });
  afterEach(async () => {
    expect(await auditOf(world)).to.deep.equal([]);
    await provider.close();
    await world.close();
  });

  type Method = 'TERMS' | 'CARD' | 'PREPAY';
  /** Five pieces of 10.00 were delivered, two of them come back. */
  const returned = async (paymentMethod: Method, transfer?: string) => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id, paymentMethod });
    await world.drain();
    if (transfer !== undefined) {
      const money = { saleOrderId: sale.id, amountMinor: 5000, currency: 'EUR', reference: transfer };
      await recordCapture(world.deps, by('finance'), money);
      await world.drain();
    } else if (paymentMethod === 'PREPAY') {
      await provider.pay(sale.number, 5000);
      await world.drain();
    }
    const [fulfilmentId = ''] = await ship(world, sale.id);
    await recordDelivery(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
    const wanted = { fulfilmentId, lines: [{ lineNo: 1, quantity: 2 }], reason: 'CHANGED_MIND' as const };
    const { body } = await requestReturn(world.deps, by('buyer'), wanted);
    await world.drain();
    await receiveReturn(world.deps, by('warehouse'), { returnId: body['id'] as string });
    await world.drain();
    return { customer, sale, returnId: body['id'] as string, instanceId: body['processInstanceId'] as string };
  };
  const inspect = async (instanceId: string): Promise<void> => {
    await completeAt(world, 'warehouse', instanceId, 'r_inspect', { lines: [{ lineNo: 1, accepted: 2, good: 1 }] });
    await world.drain();
    await provider.told();
  };
  const stateOf = async (returnId: string): Promise<string | undefined> => (await statesOf(world, returnId)).at(-1);

  it('to the card, as much as they were worth', async () => {
    const { sale, returnId, instanceId } = await returned('CARD');
    await inspect(instanceId);
    expect(await stateOf(returnId)).to.equal('RETURN_COMPLETED');
    expect(await moneyOf(world, sale.id)).to.include({ captured: 5000, refunded: 2000 });
    expect((await provider.effects('payment.refund')).map(({ amountMinor }) => amountMinor)).to.deep.equal([2000]);
  });

  it('as a credit note where they were invoiced', async () => {
    const { customer, sale, returnId, instanceId } = await returned('TERMS');
    await inspect(instanceId);
    expect(await stateOf(returnId)).to.equal('RETURN_COMPLETED');
    const [invoice] = await invoicesOf(world, sale.id);
    expect(invoice).to.include({ amount: 5000, open: 3000 });
    expect(await profileOf(world, customer.id)).to.include({ unpaid: 3000 });
    expect(await provider.effects('payment.refund')).to.deep.equal([]);
  });

  it('29: by hand when the provider refuses', async () => {
    const { sale, returnId, instanceId } = await returned('PREPAY');
    await provider.control({ only: { operation: 'payment.refund' }, declineNext: 1 });
    await inspect(instanceId);
    expect(await stateOf(returnId)).to.equal('REFUND_MANUAL');
    expect(await moneyOf(world, sale.id)).to.include({ refunded: 0 });
    await completeAt(world, 'finance', instanceId, 'r_manual', { manualReference: 'bank-77' });
    await world.drain();
    expect(await stateOf(returnId)).to.equal('RETURN_COMPLETED');
    expect(await moneyOf(world, sale.id)).to.include({ refunded: 2000 });
    expect(await paymentsOf(world, sale.id)).to.include.members(['REFUND FAILED 2000', 'REFUND SUCCEEDED 2000']);
  });

  it('by hand when it came by hand', async () => {
    const { sale, returnId, instanceId } = await returned('PREPAY', 'transfer-1');
    await inspect(instanceId);
    expect(await stateOf(returnId)).to.equal('REFUND_MANUAL');
    expect(await incidentsOf(world, sale.id)).to.deep.equal(['late-money']);
    await completeAt(world, 'finance', instanceId, 'r_manual', { manualReference: 'bank-78' });
    await world.drain();
    expect(await stateOf(returnId)).to.equal('RETURN_COMPLETED');
    expect(await moneyOf(world, sale.id)).to.include({ refunded: 2000 });
    expect(await incidentsOf(world, sale.id)).to.deep.equal([]);
  });

  it('once, although no answer came: the return is closed and the reconciler finds out', async () => {
    const { sale, returnId, instanceId } = await returned('PREPAY');
    await provider.control({ only: { operation: 'payment.refund' }, failNext: 1 });
    await inspect(instanceId);
    expect(await stateOf(returnId)).to.equal('RETURN_COMPLETED');
    await world.pass(60_000);
    await world.drain();
    expect(await moneyOf(world, sale.id)).to.include({ refunded: 2000 });
    expect(await provider.effects('payment.refund')).to.have.length(1);
  });
});
