import { expect } from 'chai';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from './client.ts';

describe('flags over HTTP', () => {
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

  const put = (as: string, body: object, headers: Record<string, string> = {}) =>
    client.call('PUT', '/v1/flags/workflow.quotation', { as, body, headers });

  it('lists them, switches them for an operator, and refuses what is off with what to do', async () => {
    const { status, body } = await client.call('GET', '/v1/flags', { as: 'sales' });
    expect([status, (body['items'] as { name: string }[]).map(({ name }) => name)]).to.deep.equal([
      200,
      [
        'overrides.admin',
        'overrides.credit',
        'overrides.price',
        'overrides.stock',
        'workflow.fulfilment',
        'workflow.quotation',
        'workflow.sale',
      ],
    ]);
    expect((await put('sales', { enabled: false, reason: 'no' })).status).to.equal(403);
    expect((await put('operator', { enabled: false })).status).to.equal(422);
    expect((await put('operator', { enabled: false, reason: 'rollout' }, { 'If-Match': '"9"' })).status).to.equal(412);
    const off = await put('operator', { enabled: false, reason: 'rollout' }, { 'If-Match': '"1"' });
    expect([off.status, off.headers.get('etag'), off.body['enabled']]).to.deep.equal([200, '"2"', false]);

    const customerId = 'NOBODY';
    const quotation = { customerId, currency: 'EUR', lines: [{ sku: 'NOTHING', quantity: 1 }] };
    const refused = await client.call('POST', '/v1/quotations', { as: 'sales', body: quotation });
    expect([refused.status, refused.body['code'], refused.body['flag']]).to.deep.equal([409, 'flag-off', 'workflow.quotation']);
    expect(refused.body['detail']).to.match(/do it in the old system, or ask an operator to switch the flag on/);
    await put('admin', { enabled: true, reason: 'rollout, first slice' });
    expect((await client.call('POST', '/v1/quotations', { as: 'sales', body: quotation })).body['code']).to.equal('not-found');
  });
});
