import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { recordDelivery } from '../../src/commands/record-delivery.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { withdrawQuotation } from '../../src/commands/withdraw-quotation.ts';
import { printAudit, runAudit, type AuditOptions } from '../../src/cli/audit/index.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { clientOf } from '../sandbox/world.ts';

/** The audit against the real service: what its commands write is what the audit was written for. */
describe('audit of what the commands write', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const findings = async (options: AuditOptions = {}): Promise<string> =>
    printAudit(await world.database.read((tx) => runAudit(tx, { drained: true, ledgerUrl: world.sandboxUrl, ...options })));
  const clean = async (options: AuditOptions = {}): Promise<void> => {
    expect(await findings(options)).to.match(/^\d+ checks, 0 findings$/);
  };

  const fulfilmentsOf = (saleId: string) =>
    world.database.query<{ id: string }>('select id from orderflow.fulfilment where sale_order_id = $1 order by number', [
      saleId,
    ]);

  async function shipAndDeliver(fulfilmentId: string): Promise<void> {
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
    await recordDelivery(world.deps, by('warehouse'), { fulfilmentId });
    await world.drain();
  }

  /** Somebody pays at the sandbox, and its event comes in. */
  async function pay(number: string, amountMinor: number): Promise<void> {
    const sandbox = clientOf(world.sandboxUrl);
    const { body: intent } = await sandbox.get(`/payments/intents/${number}`);
    const { body: capture } = await sandbox.post(`/payments/intents/${intent.id}/captures`, `${number} pays ${amountMinor}`, {
      amountMinor,
    });
    const data = { reference: number, amountMinor, currency: 'EUR', captureReference: capture.id };
    await takeProviderEvent(world.deps, { provider: 'payments', eventId: `event ${capture.id}`, type: 'payment.captured', data });
    await world.drain();
  }

  it('a quotation that becomes a sale on terms and is shipped, delivered and closed', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await clean({ drained: false });
    await world.drain();
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    const [sale] = await world.database.query<{ id: string }>('select id from orderflow.sale_order where quotation_id = $1', [
      quotation.id,
    ]);
    const [fulfilment] = await fulfilmentsOf(sale?.id ?? '');
    await shipAndDeliver(fulfilment?.id ?? '');
    await clean();
    await world.pass(3600_000);
    await world.drain();
    expect((await statesOf(world, sale?.id ?? '')).at(-1)).to.equal('COMPLETED');
    await clean();
  });

  it('a prepaid sale that was paid too much and is cancelled', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await pay(sale.number, 1500);
    await clean();
    const paid = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await pay(paid.number, 6000);
    await clean();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'changed their mind' });
    await clean({ drained: false });
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    await clean();
  });

  it('a sale that nobody pays, and a quotation that is withdrawn', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    const quotation = await aQuotation(world);
    await withdrawQuotation(world.deps, by('sales'), { quotationId: quotation.id });
    await world.drain();
    await world.pass(8 * 86_400_000);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    await clean();
  });

  it('a sale over the limit, which somebody else lets pass and which ships in two parts', async () => {
    const customer = await aCustomer(world, { limitMinor: 4000 });
    const product = await aProduct(world, { stock: 3 });
    const sale = await aSaleOrder(world, { customer: customer.id, product: product.sku });
    await world.drain();
    const [request] = await world.database.query<{ id: string }>(
      'select id from orderflow.override_request where subject_id = $1',
      [sale.id],
    );
    await clean();
    await decideOverride(world.deps, by('credit'), {
      overrideRequestId: request?.id ?? '',
      decision: 'APPROVE',
      reason: 'an old customer of ours',
    });
    await world.drain();
    await clean();
    const [first, second] = await fulfilmentsOf(sale.id);
    await shipAndDeliver(first?.id ?? '');
    await clean();
    await receiveStock(world.deps, by('warehouse'), { sku: product.sku, quantity: 2, reference: 'more' });
    await world.drain();
    await shipAndDeliver(second?.id ?? '');
    await world.pass(3600_000);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('COMPLETED');
    await clean();
  });

  it('a sale over the limit that nobody lets pass', async () => {
    const customer = await aCustomer(world, { limitMinor: 4000 });
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    await world.pass(4 * 86_400_000);
    await world.drain();
    await clean();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'too long' });
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CANCELLED');
    await clean();
  });
});
