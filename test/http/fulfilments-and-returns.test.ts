import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { aCustomer, aProduct, completeAt } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Answer, type Client } from './client.ts';

describe('fulfilments, returns and stock over HTTP', () => {
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

  const post = (as: string, path: string, body?: unknown): Promise<Answer> => client.call('POST', path, { as, body });
  const actionsOf = (answer: Answer): string[] => (answer.body['_actions'] as { name: string }[]).map((action) => action.name);

  async function aFulfilment(quantity = 3): Promise<{ sku: string; saleId: string; path: string }> {
    const customer = await aCustomer(world);
    const { sku } = await aProduct(world, { stock: 10, returnWindowSeconds: 86_400 });
    const sale = await post('sales', '/v1/sale-orders', { customerId: customer.id, currency: 'EUR', lines: [{ sku, quantity }] });
    await world.drain();
    const found = await client.call('GET', `/v1/fulfilments?saleOrderId=${sale.body['id'] as string}`, { as: 'sales' });
    const [first] = found.body['items'] as unknown as { number: string }[];
    return { sku, saleId: sale.body['id'] as string, path: `/v1/fulfilments/${first?.number}` };
  }

  async function delivered(quantity = 3): ReturnType<typeof aFulfilment> {
    const fulfilment = await aFulfilment(quantity);
    await post('warehouse', `${fulfilment.path}/shipments`);
    await world.drain();
    await post('warehouse', `${fulfilment.path}/deliveries`);
    await world.drain();
    return fulfilment;
  }

  it('cancels a fulfilment, for those who may, as long as it has not left', async () => {
    const { path } = await aFulfilment();
    expect(actionsOf(await client.call('GET', path, { as: 'sales' }))).to.include('cancel');
    expect((await post('buyer', `${path}/cancellation`, { reason: 'no' })).status).to.equal(403);

    const preview = await post('sales', `${path}/cancellation?dryRun=true`, { reason: 'no longer needed' });
    expect(preview.body['dryRun']).to.equal(true);
    const cancelled = await post('sales', `${path}/cancellation`, { reason: 'no longer needed' });
    await world.drain();

    expect(cancelled.status).to.equal(200);
    const after = await client.call('GET', path, { as: 'sales' });
    expect(after.body).to.include({ workflowState: 'CANCELLED', cancelReason: 'no longer needed' });
    expect(actionsOf(after)).not.to.include('cancel');
    expect((await post('sales', `${path}/cancellation`, { reason: 'once more' })).status).to.equal(409);
  });

  it('takes a return from the request to its end, and offers at each moment what can be done', async () => {
    const { path, saleId } = await delivered();
    expect(actionsOf(await client.call('GET', path, { as: 'buyer' }))).to.include('request-return');

    const asked = await post('buyer', `${path}/returns`, { lines: [{ lineNo: 1, quantity: 2 }], reason: 'CHANGED_MIND' });
    expect(asked.status).to.equal(201);
    expect(asked.headers.get('location')).to.equal(`/v1/returns/${asked.body['id'] as string}`);
    await world.drain();
    const returnPath = `/v1/returns/${asked.body['number'] as string}`;
    const authorized = await client.call('GET', returnPath, { as: 'warehouse' });
    expect(authorized.body).to.include({ workflowState: 'RETURN_AUTHORIZED' });
    expect(actionsOf(authorized)).to.have.members(['receive', 'cancel']);
    expect((await post('buyer', `${returnPath}/receipt`)).status).to.equal(403);
    expect((await post('warehouse', `${returnPath}/receipt`)).status).to.equal(200);
    await completeAt(world, 'warehouse', asked.body['processInstanceId'] as string, 'r_inspect', {
      lines: [{ lineNo: 1, accepted: 2, good: 2 }],
    });
    await world.drain();

    const done = await client.call('GET', returnPath, { as: 'buyer' });
    expect(done.body).to.deep.include({ workflowState: 'RETURN_COMPLETED', refund: { amountMinor: 2000, currency: 'EUR' } });
    const found = await post('sales', '/v1/returns/search', { filter: { saleOrderId: saleId, reason: 'CHANGED_MIND' } });
    expect((found.body['items'] as JsonObject[]).map((item) => item['number'])).to.deep.equal([asked.body['number']]);
    const fulfilment = await client.call('GET', path, { as: 'buyer' });
    expect(fulfilment.body['lines']).to.deep.equal([
      {
        lineNo: 1,
        sku: (fulfilment.body['lines'] as JsonObject[])[0]?.['sku'],
        quantity: 3,
        picked: 3,
        allocated: 3,
        returnable: 1,
      },
    ]);
    const late = await post('buyer', `${returnPath}/cancellation`, { reason: 'too late' });
    expect([late.status, late.body['workflowState']]).to.deep.equal([409, 'RETURN_COMPLETED']);
  });

  it('says which line of a return does not fit', async () => {
    const { path } = await delivered();
    const refused = await post('buyer', `${path}/returns`, {
      lines: [
        { lineNo: 1, quantity: 4 },
        { lineNo: 9, quantity: 1 },
      ],
      reason: 'DEFECT',
    });
    expect(refused.status).to.equal(422);
    expect((refused.body['errors'] as unknown as { pointer: string }[]).map((each) => each.pointer)).to.deep.equal([
      '/lines/0/quantity',
      '/lines/1/lineNo',
    ]);
    expect((await post('buyer', `${path}/returns`, { lines: [], reason: 'DEFECT' })).status).to.equal(422);
    expect((await post('buyer', `${path}/returns`, { lines: [{ lineNo: 1, quantity: 1 }], reason: 'BORED' })).status).to.equal(
      422,
    );
  });

  it('receives and counts stock at a location', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const received = await post('warehouse', `/v1/stock/${sku}/receipts`, {
      quantity: 5,
      location: 'EAST',
      reference: randomUUID(),
    });
    expect(received.status).to.equal(201);

    const counted = await post('warehouse', `/v1/stock/${sku}/counts`, { location: 'EAST', onHand: 3, reference: 'sheet-http' });

    expect(counted.status).to.equal(201);
    expect((counted.body['levels'] as JsonObject[]).map(({ location, onHand }) => [location, onHand])).to.deep.equal([
      ['EAST', 3],
    ]);
    expect((await post('sales', `/v1/stock/${sku}/counts`, { location: 'EAST', onHand: 1, reference: 'x' })).status).to.equal(
      403,
    );
    expect(
      (await post('warehouse', `/v1/stock/${sku}/counts`, { location: 'EAST', onHand: -1, reference: 'x' })).status,
    ).to.equal(422);
    expect(
      (await post('warehouse', '/v1/stock/NOTHING/counts', { location: 'EAST', onHand: 1, reference: 'x' })).status,
    ).to.equal(404);
  });
});
