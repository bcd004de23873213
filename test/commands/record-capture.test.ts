import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { moveClock } from '../../src/commands/move-clock.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { withdrawQuotation } from '../../src/commands/withdraw-quotation.ts';
import type { Json } from '../../src/support/json.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

/** Each of these was once possible. */
describe('captures, and other ways to get around a rule', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  const capture = (saleOrderId: string, amountMinor: number, reference: string) =>
    recordCapture(world.deps, by('finance'), { saleOrderId, amountMinor, currency: 'EUR', reference });

  it('money for a sale that is over is unapplied, and an incident says that it has to go back', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'not needed any more' });
    await world.drain();
    const { body } = await capture(sale.id, 500, 'late');
    expect([body['captured'], body['unapplied']]).to.deep.equal([
      { amountMinor: 0, currency: 'EUR' },
      { amountMinor: 500, currency: 'EUR' },
    ]);
    const [incident] = await world.database.query<{ id: string; kind: string }>(
      'select id, kind from orderflow.incident where instance_id = $1',
      [sale.processInstanceId],
    );
    expect(incident?.kind).to.equal('late-money');
    expect((await problemOf(resolveIncident(world.deps, by('operator'), incident!.id))).code).to.equal('wrong-state');
  });

  it('amounts whose sum could not be counted exactly are refused, and the sale goes on', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await capture(sale.id, Number.MAX_SAFE_INTEGER, 'as much as there is');
    const problem = await problemOf(capture(sale.id, Number.MAX_SAFE_INTEGER, 'and once more'));
    expect(problem.code).to.equal('validation-failed');
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
  });

  it('one reference for six orders at once is one capture and five refusals', async () => {
    const sales = await Promise.all(Array.from({ length: 6 }, () => aSaleOrder(world, { paymentMethod: 'PREPAY' })));
    const results = await Promise.allSettled(sales.map((sale) => capture(sale.id, 100, 'six at once')));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : []));
    expect(refused).to.deep.equal(Array.from({ length: 5 }, () => 'reference-reused'));
  });

  it('an event with an amount that is none is malformed, and a carrier captures nothing', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    const event = (amountMinor: Json, eventId: string, provider: 'payments' | 'carrier' = 'payments') =>
      takeProviderEvent(world.deps, {
        provider,
        eventId,
        type: 'payment.captured',
        data: { reference: sale.number, amountMinor, currency: 'EUR', captureReference: eventId },
      });
    for (const [index, amount] of [-5, 0, 1.5, '12', true, [7], null, {}, 2 ** 53].entries()) {
      expect((await problemOf(event(amount, `bad ${index}`))).code).to.equal('malformed-request');
    }
    expect((await event(100, 'by the carrier', 'carrier')).body).to.deep.equal({ result: 'ignored' });
    expect(await world.database.query('select 1 from orderflow.payment where sale_order_id = $1', [sale.id])).to.deep.equal([]);
  });

  it('a quotation that the customer has accepted cannot be withdrawn, although its job has not run yet', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    expect((await problemOf(withdrawQuotation(world.deps, by('sales'), { quotationId: quotation.id }))).code).to.equal(
      'wrong-state',
    );
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('APPROVED');
  });

  it('a direct sale is made at list prices: discounts are decided on quotations', async () => {
    const customer = await aCustomer(world);
    const { sku } = await aProduct(world);
    for (const line of [{ discountBp: 1 }, { unitPriceMinor: 999 }]) {
      const problem = await problemOf(
        createSaleOrder(world.deps, by('sales'), {
          customerId: customer.id,
          currency: 'EUR',
          lines: [{ sku, quantity: 1, ...line }],
        }),
      );
      expect(problem.extensions['errors']).to.have.nested.property('[0].pointer', '/lines/0');
    }
  });

  it('the clock stays where times can be written', async () => {
    const problem = await problemOf(moveClock(world.deps, by('operator'), { forwardMs: 8000 * 365 * 86_400_000 }));
    expect(problem.code).to.equal('validation-failed');
  });
});
