import { expect } from 'chai';
import * as b from '../helpers/bpmn-builder.ts';
import { openLab, type Lab } from '../starts/lab.ts';
import { serve, type Client } from './client.ts';

const diagram = b.bpmnNamed(
  'watch',
  b.message('begin', '=key'),
  b.signal('rain'),
  b.start('w_start', b.onMessage('begin')),
  b.start('w_signal', b.onSignal('flood')),
  b.signal('flood'),
  b.start('w_daily', b.cycle('0 0 9 * * *'), b.properties({ timeZone: 'Europe/Berlin', catchUp: 'none' })),
  b.xor('w_join'),
  b.caught('w_rain', b.onSignal('rain'), b.properties({ sla: 'P1D' })),
  b.caught('w_time', b.duration('PT1H')),
  b.end('w_end'),
  b.flow('w_start', 'w_join', 'w_rain', 'w_time', 'w_end'),
  b.flow('w_signal', 'w_join'),
  b.flow('w_daily', 'w_join'),
);

describe('messages, signals and timers over HTTP', () => {
  let lab: Lab;
  let client: Client;
  before(async () => {
    lab = await openLab();
    await lab.deploy({ watch: diagram }, { key: { type: 'string', default: '' } });
    client = await serve(lab.deps);
  });
  after(async () => {
    await client.close();
    await lab.close();
  });
  const call = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    client.call(method, path, { as: 'operator', headers, ...(body !== undefined && { body }) });

  it('a message starts an instance, a signal ends its wait, and its timer is read, changed under its ETag, and not under an old one', async () => {
    const begun = await call('POST', '/v1/messages', { name: 'begin', correlationKey: 'K', variables: { key: 'K' } });
    expect([begun.status, begun.body['result']]).to.deep.equal([200, 'delivered']);
    const { id } = begun.body['processInstance'] as { id: string };

    const { body: listening } = await call('GET', `/v1/process-instances/${id}/waits`);
    expect((listening['items'] as object[])[0]).to.include({ kind: 'signal', signalName: 'rain' });
    const rain = await call('POST', '/v1/signals', { name: 'rain' });
    expect(rain.status).to.equal(200);
    expect(rain.body).to.include({ name: 'rain', waits: 1, starts: 0 });
    await lab.correlate();

    const { body: waits } = await call('GET', `/v1/process-instances/${id}/waits`);
    const [{ id: timerId }] = waits['items'] as [{ id: string }];
    const timer = await call('GET', `/v1/timers/${timerId}`);
    expect(timer.body).to.include({ id: timerId, elementId: 'w_time', status: 'open', revision: 1, businessKey: 'K' });

    const change = { dueAt: '2099-01-01T00:00:00+01:00', reason: 'nobody is there' };
    const preview = await call('PATCH', `/v1/timers/${timerId}?dryRun=true`, change);
    expect(preview.body['dryRun']).to.equal(true);
    const changed = await call('PATCH', `/v1/timers/${timerId}`, change, { 'If-Match': '"1"' });
    expect([changed.status, changed.headers.get('etag'), changed.body['dueAt']]).to.deep.equal([
      200,
      '"2"',
      '2098-12-31T23:00:00.000Z',
    ]);
    const stale = await call('PATCH', `/v1/timers/${timerId}`, change, { 'If-Match': '"1"' });
    expect([stale.status, stale.body['code']]).to.deep.equal([412, 'revision-mismatch']);

    const { body: steps } = await call('GET', `/v1/process-instances/${id}/transitions`);
    const last = (steps['items'] as { trigger: string; actor: string; elementId: string; reason: string }[]).at(-1);
    expect(last).to.include({ trigger: 'timer-changed', actor: 'operator', elementId: 'w_time' });
  });

  it('what does not fit is refused with the place', async () => {
    for (const [method, path, body, status, code] of [
      [
        'PATCH',
        '/v1/timers/0192f0a4-0000-7000-8000-000000000000',
        { dueAt: '2099-01-01T00:00:00Z', reason: 'x' },
        404,
        'not-found',
      ],
      ['PATCH', '/v1/timers/0192f0a4-0000-7000-8000-000000000000', { dueAt: 'tomorrow', reason: 'x' }, 422, 'validation-failed'],
      ['PATCH', '/v1/timers/0192f0a4-0000-7000-8000-000000000000', { dueAt: '2099-01-01T00:00:00Z' }, 422, 'validation-failed'],
      ['POST', '/v1/signals', { name: '' }, 422, 'validation-failed'],
      ['POST', '/v1/messages', { name: 'begin', timeToLive: 1000 }, 422, 'validation-failed'],
      ['POST', '/v1/messages', { name: 'nobody', correlationKey: 'K' }, 404, 'nobody-waits'],
    ] as const) {
      const answer = await call(method, path, body);
      expect([answer.status, answer.body['code']], `${method} ${path} ${JSON.stringify(body)}`).to.deep.equal([status, code]);
    }
    expect((await client.call('POST', '/v1/signals', { as: 'buyer', body: { name: 'rain' } })).status).to.equal(403);
  });

  it('what starts instances by itself is listed, with what is due next', async () => {
    const { body } = await call('GET', '/v1/start-events');
    const items = body['items'] as Record<string, unknown>[];
    expect(items.map(({ elementId, kind }) => [elementId, kind])).to.deep.equal([
      ['w_daily', 'timer'],
      ['w_signal', 'signal'],
      ['w_start', 'message'],
    ]);
    expect(items[0]).to.include({
      timer: '0 0 9 * * *',
      timeZone: 'Europe/Berlin',
      catchUp: 'none',
      repetitionsLeft: -1,
      firings: 0,
    });
    expect(items[0]?.['dueAt']).to.match(/T0[78]:00:00\.000Z$/);
    expect(items[2]).to.include({ name: 'begin', waiting: 0 });
  });

  it('a calendar in a time zone is made once, and changed', async () => {
    const as = { as: 'analyst' };
    const calendar = { id: 'berlin', name: 'Branch Berlin', weekendDays: [6, 7], timeZone: 'Europe/Berlin' };
    const made = await client.call('POST', '/v1/calendars', { ...as, body: calendar });
    expect([made.status, made.headers.get('location')]).to.deep.equal([201, '/v1/calendars/berlin']);
    expect(made.body).to.deep.include(calendar);
    expect((await client.call('POST', '/v1/calendars', { ...as, body: calendar })).status).to.equal(409);
    const { id: _id, ...settings } = calendar;
    const wrong = await client.call('PUT', '/v1/calendars/berlin', { ...as, body: { ...settings, timeZone: 'Berlin' } });
    expect([wrong.status, wrong.body['code']]).to.deep.equal([422, 'validation-failed']);
    const { body } = await client.call('GET', '/v1/calendars', as);
    expect((body['items'] as { id: string }[]).map(({ id }) => id)).to.deep.equal(['berlin', 'company']);
  });
});
