import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { publishEvents } from '../../src/outbox/publisher.ts';
import { aQuotation, aSaleOrder, completeAt } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from './client.ts';

interface Event {
  readonly type: string;
  readonly position: string;
  readonly dataschema: string;
  readonly data: Record<string, unknown>;
}

describe('events, calendars and suspension over HTTP', () => {
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

  it('a reader pages through events, and each fits the schema that it names', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await aSaleOrder(world);
    await world.drain();
    while ((await publishEvents(world.database)) > 0);

    const events: Event[] = [];
    for (;;) {
      const after = events.at(-1)?.position ?? '0';
      const page = await client.call('GET', `/v1/events?after=${after}&limit=10`, { as: 'worker' });
      expect(page.headers.get('content-type')).to.equal('application/cloudevents-batch+json; charset=utf-8');
      const batch = page.body as unknown as Event[];
      if (batch.length === 0) break;
      events.push(...batch);
    }

    expect(events.length).to.be.greaterThan(20);
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    for (const { type, dataschema, data } of events) {
      expect(dataschema).to.equal(`http://orderflow.test/v1/event-types/${type}`);
      const { status, body } = await client.call('GET', `/v1/event-types/${type}`);
      expect(status).to.equal(200);
      const validate = ajv.getSchema(body['$id'] as string) ?? ajv.compile(body);
      expect(validate(data), `${type}: ${ajv.errorsText(validate.errors)}`).to.equal(true);
    }
    const { body } = await client.call('GET', '/v1/event-types');
    expect((body['items'] as { type: string }[]).map((item) => item.type)).to.include.members([
      ...new Set(events.map((event) => event.type)),
    ]);
    expect((await client.call('GET', '/v1/event-types/orders.sale.exploded.v1')).status).to.equal(404);
  });

  it('only some may read events; a limit or place that is none is refused', async () => {
    expect((await client.call('GET', '/v1/events', { as: 'sales' })).status).to.equal(403);
    expect((await client.call('GET', '/v1/events')).status).to.equal(401);
    for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=1001', 'from=1']) {
      expect((await client.call('GET', `/v1/events?${query}`, { as: 'worker' })).status, query).to.equal(400);
    }
  });

  it('a consumer is registered, acknowledges, is listed and removed', async () => {
    const registered = await client.call('POST', '/v1/event-consumers', {
      as: 'operator',
      body: { name: 'billing', url: 'https://billing.example/events' },
    });
    expect(registered.status).to.equal(201);
    expect(registered.body['secret']).to.match(/^whsec_/);
    const acknowledged = await client.call('POST', '/v1/event-consumers/billing/acknowledgement', {
      as: 'worker',
      body: { position: 3 },
    });
    expect([acknowledged.status, acknowledged.body['position']]).to.deep.equal([200, 3]);
    const listed = await client.call('GET', '/v1/event-consumers', { as: 'auditor' });
    expect(listed.body['items']).to.have.length(1);
    expect(JSON.stringify(listed.body)).not.to.include('whsec_');
    expect((await client.call('DELETE', '/v1/event-consumers/billing', { as: 'operator' })).status).to.equal(200);
    expect((await client.call('GET', '/v1/event-consumers/billing', { as: 'operator' })).status).to.equal(404);
    for (const body of [{ name: 'Billing' }, { name: 'b', url: 'file:///etc/passwd' }, { name: 'b', url: 'ftp://example.org' }]) {
      expect((await client.call('POST', '/v1/event-consumers', { as: 'operator', body })).status, JSON.stringify(body)).to.equal(
        422,
      );
    }
  });

  it('analysts look after the calendar and the periods', async () => {
    const before = await client.call('GET', '/v1/calendars/company', { as: 'sales' });
    expect(before.body).to.deep.include({ id: 'company', weekendDays: [6, 7], holidays: [], revision: 1 });
    const body = { date: '2031-12-25', name: 'Christmas' };
    const added = await client.call('POST', '/v1/calendars/company/holidays', {
      as: 'analyst',
      body,
      headers: { 'If-Match': '"1"' },
    });
    expect(added.body).to.deep.include({ holidays: [body], revision: 2 });
    expect(added.headers.get('etag')).to.equal('"2"');
    expect(
      (await client.call('PUT', '/v1/calendars/company', { as: 'analyst', body: { name: 'C', weekendDays: [7] } })).body,
    ).to.deep.include({
      weekendDays: [7],
      revision: 3,
    });
    expect(
      (await client.call('DELETE', '/v1/calendars/company/holidays/2031-12-25', { as: 'analyst' })).body['holidays'],
    ).to.deep.equal([]);
    const period = await client.call('PUT', '/v1/commercial-periods/payment-due', { as: 'analyst', body: { workingHours: 48 } });
    expect(period.body).to.include({ name: 'payment-due', workingHours: 48, revision: 2 });
    expect((await client.call('GET', '/v1/commercial-periods', { as: 'sales' })).body['items']).to.have.length(4);
    for (const wrong of [
      { name: 'C', weekendDays: [1, 1] },
      { name: 'C', weekendDays: [1, 2, 3, 4, 5, 6, 7] },
      { name: 'C', weekendDays: [0] },
    ]) {
      expect((await client.call('PUT', '/v1/calendars/company', { as: 'analyst', body: wrong })).status).to.equal(422);
    }
    expect((await client.call('POST', '/v1/calendars/company/holidays', { as: 'sales', body })).status).to.equal(403);
    expect(
      (await client.call('POST', '/v1/calendars/company/holidays', { as: 'analyst', body: { ...body, date: '2031-02-30' } }))
        .status,
    ).to.equal(422);
  });

  it('a suspended instance answers 423 to commands on it until it is resumed', async () => {
    const quotation = await aQuotation(world);
    const path = `/v1/process-instances/${quotation.processInstanceId}`;
    const suspended = await client.call('POST', `${path}/suspension`, {
      as: 'operator',
      body: { reason: 'the customer thinks' },
    });
    expect([suspended.status, suspended.body['suspensionReason']]).to.deep.equal([200, 'the customer thinks']);
    const withdraw = () =>
      client.call('POST', `/v1/quotations/${quotation.id}/withdrawal`, { as: 'sales', body: { reason: 'no more' } });
    const refused = await withdraw();
    expect([refused.status, refused.body['code'], refused.body['instanceId']]).to.deep.equal([
      423,
      'suspended',
      quotation.processInstanceId,
    ]);
    expect((await client.call('POST', `${path}/resumption`, { as: 'sales', body: { reason: 'x' } })).status).to.equal(403);
    expect(
      (await client.call('POST', `${path}/resumption`, { as: 'operator', body: { reason: 'sure' } })).body['suspendedAt'],
    ).to.equal(null);
    expect((await withdraw()).status).to.equal(200);
  });
});
