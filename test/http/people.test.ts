import { expect } from 'chai';
import { aCustomer, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Answer, type CallOptions, type Client } from './client.ts';

describe('people, their roles and who acts for them, over HTTP', () => {
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

  const call = (method: string, path: string, options: CallOptions = {}): Promise<Answer> => client.call(method, path, options);
  const roles = (id: string, names: readonly string[], as = 'admin') =>
    call('PUT', `/v1/people/${id}`, { as, body: { roles: names } });
  const actingFor = (principal: string) => ({ headers: { 'On-Behalf-Of': principal } });
  const until = (ms: number): string => new Date(Date.now() + ms).toISOString();
  /** The override request of a sale over its limit. */
  const waiting = async (): Promise<{ saleId: string; href: string }> => {
    const customer = await aCustomer(world, { limitMinor: 5000 });
    const sale = await aSaleOrder(world, { customer: customer.id, quantity: 6 });
    await world.drain();
    const { body } = await call('GET', `/v1/override-requests?subjectId=${sale.id}`, { as: 'credit' });
    return { saleId: sale.id, href: `/v1/override-requests/${(body['items'] as { id: string }[])[0]?.id}` };
  };
  const approve = (href: string, as: string, headers = {}) =>
    call('POST', `${href}/approval`, { as, body: { reason: 'looked at it' }, ...headers });

  it('a role that was taken away between opening a request and approving it is gone: 403, and the request is PENDING (scenario 59)', async () => {
    const { href } = await waiting();
    const opened = await call('GET', href, { as: 'credit' });
    expect((opened.body['_actions'] as { name: string }[]).map(({ name }) => name)).to.include('approve');
    expect((await roles('credit', ['credit_manager'])).body).to.deep.include({ id: 'credit', roles: ['credit_manager'] });
    const refused = await approve(href, 'credit');
    expect([refused.status, refused.body['code']]).to.deep.equal([403, 'forbidden']);
    expect((await call('GET', href, { as: 'credit' })).body['status']).to.equal('PENDING');
    await roles('credit', ['credit_analyst', 'credit_manager']);
    expect((await approve(href, 'credit')).status).to.equal(200);
  });

  it('a new person is made by their roles, and known by them from then on', async () => {
    expect((await call('GET', '/v1/customers', { as: 'newcomer' })).status).to.equal(401);
    const made = await roles('newcomer', ['finance', 'finance']);
    expect([made.status, made.body['roles'], made.headers.get('etag')]).to.deep.equal([201, ['finance'], '"1"']);
    expect((await call('GET', '/v1/customers', { as: 'newcomer' })).status).to.equal(200);
    const { body } = await call('GET', '/v1/people', { as: 'auditor' });
    expect((body['items'] as { id: string }[]).map(({ id }) => id)).to.include('newcomer');
  });

  it('nobody changes their own roles; others only with the role for it, to roles that there are, from what they have seen', async () => {
    expect((await roles('admin', ['operator'])).body['code']).to.equal('four-eyes');
    expect((await roles('sales', ['order_admin'], 'operator')).body['code']).to.equal('forbidden');
    const unknown = await roles('sales', ['sales_rep', 'king']);
    expect([unknown.status, (unknown.body['errors'] as { pointer: string }[])[0]?.pointer]).to.deep.equal([422, '/roles/1']);
    const stale = await call('PUT', '/v1/people/sales', {
      as: 'admin',
      body: { roles: ['sales_rep'] },
      headers: { 'If-Match': '"7"' },
    });
    expect(stale.status).to.equal(412);
  });

  it('a delegate acts with the roles of the principal, and both are in the logs', async () => {
    const { saleId, href } = await waiting();
    expect((await approve(href, 'analyst', actingFor('credit'))).body['code'], 'without a delegation').to.equal('forbidden');
    const made = await call('POST', '/v1/delegations', {
      as: 'credit',
      body: { delegate: 'analyst', validUntil: until(86_400_000) },
    });
    expect([made.status, made.body['principal'], made.body['isValid']]).to.deep.equal([201, 'credit', true]);
    expect((await approve(href, 'analyst')).status, 'for themselves').to.equal(403);
    const approved = await approve(href, 'analyst', actingFor('credit'));
    expect(approved.status).to.equal(200);
    expect((approved.body['decisions'] as object[])[0]).to.include({ actor: 'analyst', onBehalfOf: 'credit' });
    await world.drain();
    expect((await statesOf(world, saleId)).at(-1)).to.equal('CLEARED');
    const { body } = await call('GET', `/v1/sale-orders/${saleId}/timeline`, { as: 'auditor' });
    expect(
      (body['items'] as object[]).filter((item) => (item as { onBehalfOf?: string }).onBehalfOf === 'credit'),
    ).not.to.have.length(0);
  });

  it("the requester's delegate is refused: four eyes count the principal (scenario 60)", async () => {
    await roles('credit-2', ['credit_analyst', 'sales_rep', 'credit_manager', 'finance_director']);
    await call('POST', '/v1/delegations', { as: 'credit-2', body: { delegate: 'auditor', validUntil: until(86_400_000) } });
    const customer = await aCustomer(world, { limitMinor: 5000 });
    const [{ sku } = { sku: '' }] = await world.database.query<{ sku: string }>('select sku from orderflow.product limit 1');
    const made = await call('POST', '/v1/sale-orders', {
      as: 'credit-2',
      body: { customerId: customer.id, currency: 'EUR', lines: [{ sku, quantity: 7 }] },
    });
    await world.drain();
    const { body } = await call('GET', `/v1/override-requests?subjectId=${made.body['id'] as string}`, { as: 'credit' });
    const [request] = body['items'] as { id: string; requestedBy: string }[];
    expect(request?.requestedBy).to.equal('credit-2');
    const href = `/v1/override-requests/${request?.id}`;
    for (const [as, headers] of [
      ['credit-2', {}],
      ['auditor', actingFor('credit-2')],
    ] as const) {
      const refused = await approve(href, as, headers);
      expect([refused.status, refused.body['code']]).to.deep.equal([403, 'four-eyes']);
      const seen = await call('GET', href, { as, ...headers });
      expect(seen.body['_actions']).to.deep.equal([]);
    }
    expect((await call('GET', href, { as: 'credit' })).body['status']).to.equal('PENDING');
  });

  it('nobody has their own request decided through a delegation that they made for others', async () => {
    await roles('sales', ['sales_rep', 'order_admin']);
    const { href } = await waiting();
    const give = (as: string) =>
      call('POST', '/v1/delegations', {
        as,
        body: { principal: 'credit-2', delegate: 'operator', validUntil: until(86_400_000) },
      });
    expect((await give('sales')).status).to.equal(201);
    const refused = await approve(href, 'operator', actingFor('credit-2'));
    expect([refused.status, refused.body['code']]).to.deep.equal([403, 'four-eyes']);
    await give('credit-2');
    expect((await approve(href, 'operator', actingFor('credit-2'))).status).to.equal(200);
    await roles('sales', ['sales_rep']);
  });

  it('nobody can be called like the service itself', async () => {
    for (const name of ['timer', 'message', 'migration', 'reconciler']) {
      const refused = await roles(name, ['sales_rep']);
      expect([refused.status, (refused.body['errors'] as { pointer: string }[])[0]?.pointer]).to.deep.equal([422, '/id']);
    }
  });

  it('a delegation ends by its time or by a word, is no delegation for a third, and is made for others by an order_admin only', async () => {
    const give = (as: string, body: object, headers = {}) => call('POST', '/v1/delegations', { as, body, ...headers });
    const made = await give('finance', { delegate: 'worker', validUntil: until(86_400_000) });
    const asFinance = () => call('GET', '/v1/customers', { as: 'worker', ...actingFor('finance') });
    expect((await asFinance()).status).to.equal(200);
    const passedOn = await give(
      'worker',
      { principal: 'finance', delegate: 'analyst', validUntil: until(1000) },
      actingFor('finance'),
    );
    expect(passedOn.body['code']).to.equal('forbidden');
    expect((await give('sales', { principal: 'finance', delegate: 'sales', validUntil: until(1000) })).body['code']).to.equal(
      'forbidden',
    );
    const taken = await give('admin', { principal: 'credit', delegate: 'admin', validUntil: until(1000) });
    expect(taken.body['code'], "an order_admin takes nobody's place by themselves").to.equal('four-eyes');
    const ended = await call('DELETE', `/v1/delegations/${made.body['id'] as string}`, { as: 'finance' });
    expect([ended.status, ended.body['isValid'], ended.body['revokedBy']]).to.deep.equal([200, false, 'finance']);
    expect((await asFinance()).status).to.equal(403);
    await give('admin', { principal: 'finance', delegate: 'worker', validUntil: until(3_600_000) });
    expect((await asFinance()).status).to.equal(200);
    await world.pass(3_700_000);
    expect((await asFinance()).status, 'its time is over').to.equal(403);
    for (const body of [
      { delegate: 'finance', validUntil: until(86_400_000) },
      { delegate: 'worker', validUntil: '2020-01-01T00:00:00Z' },
    ])
      expect((await give('finance', body)).status).to.equal(422);
    expect((await give('finance', { delegate: 'nobody', validUntil: until(86_400_000) })).status).to.equal(404);
    const listed = await call('GET', '/v1/delegations', { as: 'auditor' });
    expect((listed.body['items'] as { delegate: string }[]).filter((each) => each.delegate === 'worker')).to.have.length(2);
  });

  it('one key in the name of two people is two requests', async () => {
    await call('POST', '/v1/delegations', { as: 'sales', body: { delegate: 'buyer', validUntil: until(86_400_000 * 2) } });
    const customer = await aCustomer(world);
    const [{ sku } = { sku: '' }] = await world.database.query<{ sku: string }>('select sku from orderflow.product limit 1');
    const body = { customerId: customer.id, currency: 'EUR', lines: [{ sku, quantity: 1 }] };
    const make = (headers: Record<string, string>) =>
      call('POST', '/v1/quotations', { as: 'buyer', body, headers: { 'Idempotency-Key': 'one key', ...headers } });
    const made = await make({ 'On-Behalf-Of': 'sales' });
    expect([made.status, made.body['createdBy']]).to.deep.equal([201, 'buyer']);
    expect((await make({})).body['code']).to.equal('idempotency-key-reused');
    expect((await make({ 'On-Behalf-Of': 'sales' })).headers.get('idempotency-replayed')).to.equal('true');
    await world.drain();
  });
});
