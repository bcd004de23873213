import { expect } from 'chai';
import { problemAdvice } from '../../src/contract/problem-advice.ts';
import { problemTypes } from '../../src/contract/problem-types.ts';
import { serve, withoutDatabase, type Answer, type Client } from './client.ts';

describe('HTTP problems', () => {
  let client: Client;
  before(async () => {
    client = await serve(withoutDatabase);
  });
  after(() => client.close());

  const expectProblem = (answer: Answer, status: number, code: string): void => {
    expect([answer.status, answer.body['code'], answer.body['status']]).to.deep.equal([status, code, status]);
    expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(answer.body['type']).to.equal(`/docs/problems#${code}`);
    expect(answer.body['requestId']).to.equal(answer.headers.get('x-request-id'));
    expect(answer.body).to.include.keys('title', 'detail', 'instance');
  };

  it('says who may come in: no token, a wrong one, and unknown addresses without one are 401 with a challenge', async () => {
    for (const options of [{}, { as: 'nobody' }, { headers: { Authorization: 'Basic ZGVtby1zYWxlczo=' } }]) {
      const answer = await client.call('GET', '/v1/quotations', options);
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).to.match(/^Bearer realm="orderflow"/);
    }
    for (const path of ['/nowhere', '/V1/quotations', '/v1/provider-events/payments/more', '/health']) {
      expectProblem(await client.call('GET', path), 401, 'unauthenticated');
    }
  });

  it('an unknown address is 404, a method it does not have is 405 with Allow', async () => {
    for (const path of ['/v1/nothing', '/V1/quotations', '/v1/quotations/']) {
      expectProblem(await client.call('GET', path, { as: 'sales' }), 404, 'not-found');
    }
    const answer = await client.call('DELETE', '/v1/quotations', { as: 'sales' });
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')?.split(', ').sort()).to.deep.equal(['GET', 'HEAD', 'POST']);
  });

  it('a fault of ours is 500 without a word of its text', async () => {
    const answer = await client.call('GET', '/v1/customers', { as: 'sales' });
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.to.match(/secret|database| at \//);
  });

  it('a body that does not fit is 422 with a pointer to every place', async () => {
    const body = { customerId: 'C', currency: 'euro', lines: [{ sku: 'S', quantity: 0, 'a/b~c': 1 }], total: 3 };
    const answer = await client.call('POST', '/v1/quotations', { as: 'sales', body });
    expectProblem(answer, 422, 'validation-failed');
    const pointers = (answer.body['errors'] as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers.sort()).to.deep.equal(['/currency', '/lines/0/a~1b~0c', '/lines/0/quantity', '/total']);
    const empty = await client.call('POST', '/v1/quotations', { as: 'sales' });
    expect(empty.body['errors']).to.deep.equal([{ pointer: '', message: 'is required' }]);
  });

  it('an address part that does not fit is 400', async () => {
    for (const [method, path] of [
      ['GET', '/v1/user-tasks/17'],
      ['GET', '/v1/user-tasks?limit=0'],
      ['POST', '/v1/quotations?dryrun=true'],
      ['POST', '/v1/quotations?dryRun=yes'],
      ['GET', '/v1/customers?sort=name'],
      ['GET', '/v1/quotations/Q%00'],
    ] as const) {
      expectProblem(
        await client.call(method, path, { as: 'sales', ...(method === 'POST' && { body: {} }) }),
        400,
        'malformed-request',
      );
    }
  });

  it('Idempotency-Key and If-Match are read strictly', async () => {
    const body = { note: 'x' };
    const headers = { 'Idempotency-Key': 'k'.repeat(256) };
    expectProblem(await client.call('PATCH', '/v1/quotations/Q-1', { as: 'sales', body, headers }), 400, 'malformed-request');
    for (const etag of ['3', 'W/"3"', '"0"', '"1", "2"', '"x"']) {
      const answer = await client.call('PATCH', '/v1/quotations/Q-1', { as: 'sales', body, headers: { 'If-Match': etag } });
      expectProblem(answer, 400, 'malformed-request');
    }
    const receipt = { quantity: 1, reference: 'r' };
    const ignored = await client.call('POST', '/v1/stock/S/receipts', {
      as: 'warehouse',
      body: receipt,
      headers: { 'If-Match': '"1"' },
    });
    expectProblem(ignored, 400, 'malformed-request');
  });

  it('every answer forbids sniffing, framing and keeping, and names its request', async () => {
    for (const path of ['/', '/openapi.json', '/v1/nothing']) {
      const { headers } = await client.call('GET', path, { headers: { 'X-Request-Id': 'of-the-caller' } });
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('content-security-policy')).to.contain(`frame-ancestors 'none'`);
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('x-request-id')).to.equal('of-the-caller');
    }
  });

  it('the page that `type` points to has a section for every code', async () => {
    const { text } = await client.call('GET', '/docs/problems');
    for (const code of Object.keys(problemTypes)) expect(text).to.contain(`<section id="${code}">`);
    expect(Object.keys(problemAdvice).sort()).to.deep.equal(Object.keys(problemTypes).sort());
  });
});
