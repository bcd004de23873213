import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { aClaim, deployClaim, work } from '../migration/stage.ts';
import { serve, type Client } from './client.ts';

describe('migrations over HTTP', () => {
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

  const operator = { as: 'operator' };
  const read = async (path: string): Promise<JsonObject> => (await client.call('GET', path, { as: 'auditor' })).body;

  it('one instance: refused with what to do, looked at by a dry run, migrated, taken back; its log tells the versions', async () => {
    await deployClaim(world, 1);
    const id = await aClaim(world, 'review');
    const targetDefinitionId = await deployClaim(world, 2);
    const path = `/v1/process-instances/${id}/migration`;
    const body = { targetDefinitionId, reason: 'assessments are audited now' };

    const refused = await client.call('POST', path, { ...operator, body });
    expect([refused.status, refused.body['code']]).to.deep.equal([409, 'migration-refused']);
    expect((refused.body['obstacles'] as JsonObject[]).map(({ rule, elementId }) => [rule, elementId])).to.deep.equal([
      ['element-removed', 'review'],
    ]);
    const right = { ...body, mapping: { review: 'assess' } };
    expect((await client.call('POST', path, { as: 'sales', body: right })).status).to.equal(403);
    const seen = await client.call('POST', `${path}?dryRun=true`, { ...operator, body: right });
    expect([seen.status, seen.body['dryRun']]).to.deep.equal([200, true]);
    expect((await read(`/v1/process-instances/${id}`))['version']).to.equal(1);
    expect((await client.call('POST', path, { ...operator, body: right, headers: { 'If-Match': '"1"' } })).status).to.equal(412);
    const done = await client.call('POST', path, { ...operator, body: right, headers: { 'If-Match': '"3"' } });
    expect([done.status, done.headers.get('etag'), done.body['version']]).to.deep.equal([200, '"4"', 2]);

    const undone = await client.call('POST', `${path}/undo`, { ...operator, body: { reason: 'not yet' } });
    expect([undone.status, undone.body['version']]).to.deep.equal([200, 1]);
    const { items } = await read(`/v1/process-instances/${id}/transitions`);
    expect((items as JsonObject[]).slice(-2).map(({ trigger, version, reason }) => [trigger, version, reason])).to.deep.equal([
      ['migrate', 2, 'assessments are audited now'],
      ['undo-migration', 1, 'not yet'],
    ]);
  });

  it('many: planned with suggestions, executed, read by verdict, taken back', async () => {
    await deployClaim(world, 1);
    for (const place of ['review and check', 'archive', 'decide'] as const) await aClaim(world, place);
    const targetDefinitionId = await deployClaim(world, 2);
    const [latest] = await world.database.query<{ version: number }>(
      `select max(version) - 1 as version from orderflow.process_definition where process_id = 'claim'`,
    );
    const wish = { targetDefinitionId, filter: { versions: [latest?.version] }, reason: 'all of them' };
    const typo = await client.call('POST', '/v1/migrations', { ...operator, body: { ...wish, mapping: { reviev: 'assess' } } });
    expect([typo.status, typo.body['errors']]).to.deep.equal([
      422,
      [
        {
          pointer: '/mapping/reviev',
          message: `No version that instances come from (${latest?.version}) has an element reviev.`,
        },
      ],
    ]);
    const look = await client.call('POST', '/v1/migrations?dryRun=true', { ...operator, body: wish });
    const { elements } = look.body['result'] as { elements: { suggestions: JsonObject[] }[] };
    expect(elements[0]?.suggestions).to.deep.equal([{ from: 'review', to: 'assess', because: 'the same neighbours' }]);

    const planned = await client.call('POST', '/v1/migrations', {
      ...operator,
      body: { ...wish, mapping: { review: 'assess' } },
    });
    expect([planned.status, planned.body['status']]).to.deep.equal([201, 'planning']);
    const path = planned.headers.get('location') ?? '';
    await work(world);
    const plan = await client.call('GET', path, { as: 'auditor' });
    expect(plan.body['progress']).to.deep.equal({
      instances: 3,
      left: 0,
      verdicts: { migrates: 2, refused: 1 },
      outcomes: {},
      undone: {},
    });
    const found = await client.call('POST', `${path}/instances/search`, {
      as: 'auditor',
      body: { filter: { verdict: 'refused' } },
    });
    expect((found.body['items'] as JsonObject[])[0]?.['sentence']).to.match(/^Not to version \d+: a token is at decide/);

    const etag = plan.headers.get('etag') ?? '';
    expect((await client.call('POST', `${path}/execution`, { ...operator, headers: { 'If-Match': etag } })).status).to.equal(200);
    await work(world);
    expect((await read(path))['progress']).to.deep.include({ outcomes: { migrated: 2 } });
    expect((await client.call('POST', `${path}/undo`, { ...operator, body: { reason: 'not yet' } })).body['status']).to.equal(
      'undoing',
    );
    await work(world);
    expect(await read(path)).to.deep.include({ status: 'undone', undoReason: 'not yet' });
    const list = await read('/v1/migrations?status=undone');
    expect((list['items'] as JsonObject[]).map((each) => each['id'])).to.deep.equal([plan.body['id']]);
  });
});
