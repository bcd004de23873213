import { expect } from 'chai';
import { Invoice, InvoiceItem } from '../../src/contract/invoice.ts';
import { SaleOrder } from '../../src/contract/sale-order.ts';
import { aCustomer, aSaleOrder } from '../helpers/builders.ts';
import { listenToProvider } from '../helpers/provider.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { ship } from '../jobs/money/world.ts';
import { serve, type Client } from './client.ts';

describe('money over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
  });
  after(async () => {
    await client.close();
    await world.close();
  });

  it('an invoice is found, read and paid by finance, and by nobody else', async () => {
    const customer = await aCustomer(world);
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    await ship(world, sale.id);

    const found = await client.call('POST', '/v1/invoices/search', { as: 'finance', body: { filter: { saleOrderId: sale.id } } });
    const [item] = found.body['items'] as unknown[];
    expect(InvoiceItem.parse(item)).to.deep.include({ kind: 'SHIPMENT', status: 'OPEN', customerCode: customer.code });
    const { number } = InvoiceItem.parse(item);
    expect((await client.call('GET', `/v1/invoices?number=${number}`, { as: 'sales' })).status).to.equal(403);
    expect((await client.call('GET', `/v1/invoices/${number}`, { as: 'sales' })).status).to.equal(403);

    const body = { amountMinor: 1500, reference: 'wire-9' };
    expect((await client.call('POST', `/v1/invoices/${number}/payments`, { as: 'sales', body })).status).to.equal(403);
    const paid = await client.call('POST', `/v1/invoices/${number}/payments`, { as: 'finance', body });
    expect([paid.status, paid.headers.get('etag')]).to.deep.equal([201, `"${paid.body['revision'] as number}"`]);
    const invoice = Invoice.parse(paid.body);
    expect(invoice.open.amountMinor).to.equal(3500);
    expect(invoice.entries.map(({ kind }) => kind)).to.deep.equal(['ISSUED', 'PAID']);
    expect((await client.call('POST', `/v1/invoices/${number}/payments`, { as: 'finance', body })).status).to.equal(200);
    const other = { ...body, amountMinor: 1 };
    const reused = await client.call('POST', `/v1/invoices/${number}/payments`, { as: 'finance', body: other });
    expect([reused.status, reused.body['code']]).to.deep.equal([409, 'reference-reused']);
    expect((await client.call('GET', '/v1/invoices/I-999999', { as: 'finance' })).status).to.equal(404);

    const profile = await client.call('GET', `/v1/customers/${customer.code}/credit-profile`, { as: 'credit' });
    expect(profile.body).to.have.nested.property('items[0].unpaidInvoices.amountMinor', 3500);
    expect(profile.body).to.have.nested.property('items[0].available.amountMinor', 996_500);
  });

  it('a refund is shown with the payments of its sale; more than came is 409 and names refund_cap', async () => {
    const provider = await listenToProvider(world);
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    await provider.pay(sale.number, 5000);
    const refund = (amountMinor: number, as = 'finance') =>
      client.call('POST', `/v1/sale-orders/${sale.number}/refunds`, { as, body: { amountMinor, reason: 'a gesture' } });
    expect((await refund(1, 'sales')).status).to.equal(403);
    const made = await refund(4000);
    expect(made.status).to.equal(201);
    const shown = SaleOrder.parse(made.body).payments.map(
      ({ kind, status, amount }) => `${kind} ${status} ${amount.amountMinor}`,
    );
    expect(shown).to.deep.equal(['INTENT SUCCEEDED 5000', 'CAPTURE SUCCEEDED 5000', 'REFUND REQUESTED 4000']);
    const tooMuch = await refund(1001);
    expect([tooMuch.status, tooMuch.body['code'], tooMuch.body['constraint']]).to.deep.equal([409, 'refund-cap', 'refund_cap']);
    expect((await refund(0)).status).to.equal(422);
    await world.drain();
    const read = await client.call('GET', `/v1/sale-orders/${sale.number}`, { as: 'finance' });
    const shownNow = SaleOrder.parse(read.body);
    expect(shownNow.refunded.amountMinor).to.equal(4000);
    expect(shownNow._actions.map(({ name }) => name)).to.include('refund');
    await provider.close();
  });
});
