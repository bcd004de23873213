import { expect } from 'chai';
import { ProcessDefinition } from '../../src/contract/process-definition.ts';
import { aQuotation, aSaleOrder } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from './client.ts';

describe('reading over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
    for (let n = 0; n < 5; n++) await aQuotation(world, { quantity: n + 1 });
  });
  after(async () => {
    await client.close();
    await world.close();
  });
  const search = (noun: string, body: unknown) => client.call('POST', `/v1/${noun}/search`, { as: 'auditor', body });
  const numbers = (body: Readonly<Record<string, unknown>>): string[] =>
    (body['items'] as { number: string }[]).map((item) => item.number);

  it('lists page by page, newest first', async () => {
    const first = await client.call('GET', '/v1/quotations?limit=3', { as: 'auditor' });
    expect(first.body['page']).to.deep.equal({ totalItems: 5, endCursor: '3', hasMore: true });
    const behind = await client.call('GET', '/v1/quotations?limit=3&after=9', { as: 'auditor' });
    expect(behind.body['page']).to.deep.equal({ totalItems: 5, endCursor: null, hasMore: false });
    const second = await client.call('GET', '/v1/quotations?limit=3&after=3', { as: 'auditor' });
    expect([...numbers(first.body), ...numbers(second.body)]).to.deep.equal([
      'Q-000005',
      'Q-000004',
      'Q-000003',
      'Q-000002',
      'Q-000001',
    ]);
  });

  it('a timeline says on which facts credit was decided to those only who may read credit profiles', async () => {
    const sale = await aSaleOrder(world);
    await world.drain();
    const decided = async (as: string) => {
      const { body } = await client.call('GET', `/v1/sale-orders/${sale.id}/timeline`, { as });
      const items = body['items'] as { decisions?: { decisionId: string; inputs?: object; outcome: object }[] }[];
      return items.flatMap((item) => item.decisions ?? []).filter(({ decisionId }) => decisionId === 'credit-check');
    };
    const [seen] = await decided('credit');
    expect(seen?.inputs).to.include({ limitMinor: 1_000_000, riskClass: 'B' });
    for (const person of ['buyer', 'warehouse', 'sales']) {
      const [hidden, ...more] = await decided(person);
      expect(more).to.deep.equal([]);
      expect(hidden?.outcome, person).to.deep.equal(seen?.outcome);
      expect(Object.keys(hidden ?? {}), person).to.have.members(['decisionId', 'outcome']);
    }
  });

  it('searches by fields, operators and alternatives, sorted as asked', async () => {
    const { body } = await search('quotations', {
      filter: { workflowState: 'DRAFT', $or: [{ number: { $in: ['Q-000001', 'Q-000002'] } }, { number: { $like: '%4' } }] },
      sort: [{ field: 'number' }],
    });
    expect(numbers(body)).to.deep.equal(['Q-000001', 'Q-000002', 'Q-000004']);
    const twice = await client.call('GET', '/v1/quotations?number=Q-000001&number=Q-000003', { as: 'auditor' });
    expect(numbers(twice.body).sort()).to.deep.equal(['Q-000001', 'Q-000003']);
  });

  it('what a search cannot mean is 422 and says what can be', async () => {
    for (const filter of [
      { colour: 'red' },
      { number: { $near: 'Q' } },
      { $or: 'all' },
      { $or: [] },
      { $or: [{ $or: 'x' }] },
      { totalMinor: 'much' },
      { createdAt: { $gt: 'yesterday evening' } },
      { createdAt: { $like: '2%' } },
    ]) {
      const { status, body } = await search('quotations', { filter });
      expect([status, body['code']], JSON.stringify(filter)).to.deep.equal([422, 'validation-failed']);
    }
    const { body } = await search('quotations', { filter: { colour: 'red' } });
    expect(body['detail']).to.contain('workflowState');
    expect((await client.call('GET', '/v1/quotations?colour=red', { as: 'auditor' })).status).to.equal(422);
    expect((await client.call('GET', '/v1/quotations?$or=1', { as: 'auditor' })).status).to.equal(422);
  });

  it('what is not there is 404, whatever it is called', async () => {
    const unknown = '01890a5d-ac96-774b-bcce-b302099a8057';
    for (const path of [
      '/v1/quotations/Q-999999',
      '/v1/quotations/%E0%A4%A',
      `/v1/sale-orders/${unknown}`,
      '/v1/sale-orders/S-1/timeline',
      '/v1/fulfilments/F-1',
      `/v1/override-requests/${unknown}`,
      `/v1/user-tasks/${unknown}`,
      `/v1/incidents/${unknown}`,
      `/v1/process-instances/${unknown}`,
      `/v1/process-instances/${unknown}/waits`,
      `/v1/process-instances/${unknown}/transitions`,
      `/v1/process-instances/${unknown}/variables`,
      `/v1/process-definitions/${unknown}/xml`,
      '/v1/customers/NOBODY/credit-profile',
      '/v1/products/NOTHING',
      '/v1/stock/NOTHING',
    ]) {
      const { status, body } = await client.call('GET', path, { as: 'auditor' });
      expect([status, body['code']], path).to.deep.equal([404, 'not-found']);
    }
  });

  it('shows definitions and their diagrams', async () => {
    const { body } = await client.call('GET', '/v1/process-definitions', { as: 'analyst' });
    const items = body['items'] as { id: string; processId: string; latest: boolean }[];
    expect(items.map((item) => item.processId)).to.deep.equal(['fulfilment', 'quotation', 'return', 'sale']);
    for (const item of items) ProcessDefinition.parse(item);
    const xml = await client.call('GET', `/v1/process-definitions/${items[1]?.id}/xml`, { as: 'analyst' });
    expect(xml.headers.get('content-type')).to.match(/^application\/xml/);
    expect(xml.text).to.contain('<bpmn:definitions');
  });
});
