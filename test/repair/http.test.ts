import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { serve, type Client } from '../http/client.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { anErrand, deployErrand, placesOf } from './errand.ts';

describe('repair over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    await deployErrand(world);
    client = await serve(world.deps);
  });
  after(async () => {
    await client.close();
    await world.close();
  });
  const post = (path: string, body: JsonObject, headers = {}, as = 'operator') =>
    client.call('POST', path, { as, body, headers });
  const get = (path: string) => client.call('GET', path, { as: 'operator' });

  it('an operator looks why an instance stands, tries a move, and makes it once, at the revision that was seen', async () => {
    const { id } = await anErrand(world);
    const path = `/v1/process-instances/${id}`;
    const explanation = await get(`${path}/explanation`);
    expect(explanation.status).to.equal(200);
    const waits = explanation.body['waits'] as JsonObject[];
    expect(waits.map(({ elementId, needs }) => [elementId, needs])).to.deep.equal([
      ['pick', 'An external worker for errand.pick.'],
      [
        'weigh',
        `Somebody with the role operator completes it: POST /v1/user-tasks/${waits[1]?.['waitId'] as string}/completion.`,
      ],
    ]);
    expect(explanation.body['cameBy']).to.deep.include({
      revision: 1,
      trigger: 'create',
      path: ['begin', 'split', 'pick', 'weigh'],
    });

    const wish = { fromWaitId: (await placesOf(world, id))['pick'] ?? '', toElementId: 'check', reason: 'the shelf is empty' };
    const tried = await post(`${path}/moves?dryRun=true`, wish);
    expect(tried.status).to.equal(200);
    expect(tried.body).to.include({ dryRun: true });
    const seen = (await get(path)).headers.get('etag') ?? '';
    const once = { 'If-Match': seen, 'Idempotency-Key': 'move-1' };
    const moved = await post(`${path}/moves`, wish, once);
    expect(moved.status).to.equal(200);
    expect((moved.body['warnings'] as JsonObject[]).map(({ code }) => code)).to.deep.equal(['effects-skipped']);
    expect((await post(`${path}/moves`, wish, once)).text, 'asked twice, done once').to.equal(moved.text);
    expect((await post(`${path}/moves`, { ...wish, reason: 'again' }, { 'If-Match': seen })).status).to.equal(412);
    const steps = (await get(`${path}/transitions`)).body['items'] as JsonObject[];
    expect(steps.map(({ trigger, reason }) => [trigger, reason])).to.deep.equal([
      ['create', null],
      ['move', 'the shelf is empty'],
    ]);
  });

  it('variables are changed for the instance and for one scope, and read the same way', async () => {
    const { id } = await anErrand(world, { remark: 'ring twice' });
    const path = `/v1/process-instances/${id}/variables`;
    await post(`/v1/process-instances/${id}/moves`, {
      fromWaitId: (await placesOf(world, id))['pick'] ?? '',
      toElementId: 'address',
      reason: 'x',
    });
    const patch = (body: JsonObject) => client.call('PATCH', path, { as: 'operator', body });
    expect((await patch({ variables: { remark: 'do not ring' }, reason: 'a baby sleeps' })).status).to.equal(200);
    expect((await patch({ variables: { note: 'knock' }, scope: 'sending', reason: 'a baby sleeps' })).status).to.equal(200);
    expect((await get(path)).body).to.deep.equal({ urgent: false, remark: 'do not ring', note: null });
    expect((await get(`${path}?scope=sending`)).body).to.deep.equal({ note: 'knock' });
    expect((await patch({ variables: { remark: 7 }, reason: 'x' })).status).to.equal(422);
  });

  it('every repair needs a reason and the role of an operator', async () => {
    const { id } = await anErrand(world);
    const waitId = (await placesOf(world, id))['pick'] ?? '';
    const repairs: readonly (readonly [string, string, JsonObject])[] = [
      ['POST', `/v1/process-instances/${id}/moves`, { toElementId: 'check' }],
      ['POST', `/v1/process-instances/${id}/drops`, { waitId }],
      ['PATCH', `/v1/process-instances/${id}/variables`, { variables: {} }],
      ['POST', `/v1/jobs/${waitId}/retries`, { retries: 3 }],
      ['POST', `/v1/jobs/${waitId}/lease-withdrawal`, {}],
      ['POST', '/v1/job-types/errand.pick/suspension', {}],
      ['POST', '/v1/processes/errand/suspension', {}],
    ];
    for (const [method, path, body] of repairs) {
      expect((await client.call(method, path, { as: 'operator', body })).status, `${path} without a reason`).to.equal(422);
      const reasoned = { ...body, reason: 'x' };
      expect((await client.call(method, path, { as: 'sales', body: reasoned })).status, `${path} by sales`).to.equal(403);
    }
  });

  it('a job type and a process are suspended and resumed by name, and everybody sees it', async () => {
    const suspended = await post('/v1/job-types/errand.pack/suspension', { reason: 'no boxes' });
    expect(suspended.status).to.equal(200);
    const process = await post('/v1/processes/errand/suspension', { reason: 'holiday' });
    expect(process.body).to.include({ kind: 'process', ref: 'errand' });
    const listed = (await client.call('GET', '/v1/suspensions', { as: 'sales' })).body['items'] as JsonObject[];
    expect(listed.map(({ kind, ref }) => `${kind as string} ${ref as string}`)).to.deep.equal([
      'process errand',
      'job-type errand.pack',
    ]);
    const start = await post('/v1/process-instances', { processId: 'errand', businessKey: 'E-late', variables: {} });
    expect(start.status).to.equal(423);
    expect((await post('/v1/processes/errand/resumption', { reason: 'back' })).status).to.equal(200);
    expect((await post('/v1/job-types/errand.pack/resumption', { reason: 'boxes came' })).status).to.equal(200);
    expect((await get('/v1/suspensions')).body['items']).to.deep.equal([]);
  });

  it('incidents are searched by cause, and all of one cause are resolved by a batch that can be watched', async () => {
    await world.database.query(
      `insert into orderflow.incident (id, instance_id, wait_id, kind, element_id, message, opened_at)
       select gen_random_uuid(), w.instance_id, w.id, 'job-failed', w.element_id, 'no shelf ' || row_number() over (), orderflow.now()
         from orderflow.wait w where w.status = 'open' and w.element_id = 'pick'`,
    );
    await world.database.query(
      `update orderflow.outbox set next_at = 'infinity' where wait_id in (select wait_id from orderflow.incident)`,
    );
    const found = await post('/v1/incidents/search', { filter: { kind: 'job-failed' }, facets: ['cause'], page: { limit: 1 } });
    expect(found.status).to.equal(200);
    const [cause] = (found.body['facets'] as { cause: JsonObject[] }).cause;
    expect(cause).to.include({ count: (found.body['page'] as JsonObject)['totalItems'] });
    expect((await post('/v1/incidents/search', { facets: ['colour'] })).status).to.equal(422);

    const batch = await post('/v1/incident-batches', { cause: cause?.['value'] ?? '', reason: 'shelves are back' });
    expect(batch.status).to.equal(201);
    const watched = await get(batch.headers.get('location') ?? '');
    expect(watched.body).to.include({ status: 'running', total: cause?.['count'], askedBy: 'operator' });
    expect((await post('/v1/incident-batches', { cause: 'x', reason: 'y' })).status).to.equal(422);
  });
});
