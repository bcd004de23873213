import { expect } from 'chai';
import { Quotation } from '../../src/contract/quotation.ts';
import { aCustomer, aProduct, aQuotation, openTask } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from './client.ts';

describe('commands over HTTP', () => {
  let world: World;
  let client: Client;
  let body: { customerId: string; currency: string; lines: { sku: string; quantity: number }[]; note?: string };
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
    const [{ code: customerId }, { sku }] = [await aCustomer(world), await aProduct(world)];
    body = { customerId, currency: 'EUR', lines: [{ sku, quantity: 2 }] };
  });
  after(async () => {
    await client.close();
    await world.close();
  });
  const create = (options: Partial<Parameters<Client['call']>[2]> = {}) =>
    client.call('POST', '/v1/quotations', { as: 'sales', body, ...options });
  const count = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.quotation');
    return row?.n ?? 0;
  };

  it('what was created is answered with its address and revision, and found at once', async () => {
    const created = await create();
    expect(created.status).to.equal(201);
    expect(Quotation.parse(created.body)).to.deep.equal(created.body);
    expect(created.headers.get('etag')).to.equal(`"${created.body['revision'] as number}"`);
    expect(created.headers.get('idempotency-key')).to.match(/^[0-9a-f-]{36}$/);
    expect(created.headers.get('idempotency-replayed')).to.equal(null);
    const read = await client.call('GET', created.headers.get('location') ?? '', { as: 'sales' });
    expect(read.body).to.deep.equal(created.body);
    expect(read.headers.get('etag')).to.equal(created.headers.get('etag'));
    const found = await client.call('GET', `/v1/quotations?number=${created.body['number'] as string}`, { as: 'sales' });
    expect(found.body).to.have.nested.property('items[0].id', created.body['id']);
  });

  it('50 identical requests at once with one key: one quotation, 49 replays with the same body (scenario 56)', async () => {
    const before = await count();
    const headers = { 'Idempotency-Key': 'fifty at once' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => create({ headers })));
    expect((await count()) - before).to.equal(1);
    const [first] = answers;
    expect(first?.status).to.equal(201);
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('etag'), headers.get('location')]).to.deep.equal([
        201,
        first?.headers.get('etag'),
        `/v1/quotations/${first?.body['id'] as string}`,
      ]);
      expect(body).to.deep.equal(first?.body);
    }
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).to.have.length(49);
    for (const answer of answers) expect(answer.headers.get('idempotency-key')).to.equal('fifty at once');
  });

  it('a key that was used with another body is 422', async () => {
    const headers = { 'Idempotency-Key': 'one key' };
    expect((await create({ headers })).status).to.equal(201);
    const answer = await create({ headers, body: { ...body, note: 'another' } });
    expect([answer.status, answer.body['code']]).to.deep.equal([422, 'idempotency-key-reused']);
  });

  it('If-Match: 412 when it has changed, done when it has not', async () => {
    const { id } = await aQuotation(world);
    const change = (etag: string, note: string) =>
      client.call('PATCH', `/v1/quotations/${id}`, { as: 'sales', body: { note }, headers: { 'If-Match': etag } });
    const { headers } = await client.call('GET', `/v1/quotations/${id}`, { as: 'sales' });
    const etag = headers.get('etag') ?? '';
    expect((await change(etag, 'first')).status).to.equal(200);
    const late = await change(etag, 'second');
    expect([late.status, late.body['code']]).to.deep.equal([412, 'revision-mismatch']);
    expect((await change(`"${late.body['revision'] as number}"`, 'third')).body['note']).to.equal('third');
    expect((await change('*', 'fourth')).body['note']).to.equal('fourth');
  });

  it('a role that does not suffice is 403, in commands and in reading', async () => {
    const made = await create({ as: 'warehouse' });
    expect([made.status, made.body['requiredRoles']]).to.deep.equal([403, ['sales_rep']]);
    const withdrawn = await client.call('POST', '/v1/quotations/Q-000001/withdrawal', { as: 'buyer' });
    expect([withdrawn.status, withdrawn.body['code']]).to.deep.equal([403, 'forbidden']);
    const path = `/v1/customers/${body.customerId}/credit-profile`;
    expect((await client.call('GET', path, { as: 'sales' })).status).to.equal(403);
    expect((await client.call('GET', path, { as: 'credit' })).status).to.equal(200);
    expect((await client.call('GET', `/v1/customers/${body.customerId}/sales-aggregates`, { as: 'sales' })).status).to.equal(200);
  });

  it('20 completions of one task with 20 keys at once: one 200, nineteen 409 that name the winner (scenario 38)', async () => {
    const { processInstanceId } = await aQuotation(world);
    const task = await openTask(world, processInstanceId, 'q_draft');
    const people = ['sales', 'sales-2'];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        client.call('POST', `/v1/user-tasks/${task}/completion`, { as: people[n % 2] ?? '', body: {} }),
      ),
    );
    const won = answers.filter((answer) => answer.status === 200);
    expect(won).to.have.length(1);
    expect(won[0]?.headers.get('etag')).to.equal('"2"');
    const { body: closed } = await client.call('GET', `/v1/user-tasks/${task}`, { as: 'sales' });
    for (const lost of answers.filter((answer) => answer.status !== 200)) {
      expect([lost.status, lost.body['code'], lost.body['closedBy']]).to.deep.equal([409, 'task-not-open', closed['closedBy']]);
    }
  });

  it('a dry run tells what would happen, and nothing does', async () => {
    const before = await count();
    const answer = await client.call('POST', '/v1/quotations?dryRun=true', { as: 'sales', body });
    expect([answer.status, answer.body['dryRun']]).to.deep.equal([200, true]);
    expect(answer.body).to.have.nested.property('steps[0].opens');
    expect(await count()).to.equal(before);
    expect((await client.call('POST', '/v1/quotations?dryRun=true', { as: 'warehouse', body })).status).to.equal(403);
  });

  it('traceparent is kept with the step; an invalid one is ignored', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const [sent, kept] of [
      [traceparent, traceparent],
      ['00-zz-b7ad6b7169203331-01', null],
    ] as const) {
      const created = await create({ headers: { traceparent: sent } });
      const [step] = await world.database.query<{ traceparent: string | null }>(
        'select traceparent from orderflow.step where instance_id = $1',
        [created.body['processInstanceId']],
      );
      expect(step?.traceparent).to.equal(kept);
    }
  });

  it('D11: any text that passes the border can be stored and comes back as it was', async () => {
    const note = 'ünïcødé 🚢 \u2028 \ufffe \ufeff \u0001 \u{10ffff} "\\" %00 \u202e';
    const created = await create({ body: { ...body, note } });
    expect([created.status, created.body['note']]).to.deep.equal([201, note]);
  });
});
