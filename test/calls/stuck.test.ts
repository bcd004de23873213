import { expect } from 'chai';
import { cancelInstance } from '../../src/commands/cancel-instance.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { around, callActivity, childOf, deployed, files, incidentOf, instance, look, run } from './programs.ts';

describe('a called instance that cannot even be cancelled', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ mayViolate: true }); // the state that is made up here is no step's
  });
  after(() => world.close());

  it('is an incident of its own, once, and is cancelled when that is tried again after the repair', async () => {
    await deployed(
      world,
      files({
        outer: { parts: around(callActivity('o_call', { processId: 'inner' }), 'o_call') },
        inner: { parts: around(look('i_look'), 'i_look') },
      }),
    );
    const id = await run(world, 'outer');
    await world.drain();
    const child = await childOf(world, id);
    const { database } = world;
    const [row] = await database.query<{ hash: string; definition: string }>(
      'select state_hash as hash, process_definition_id as definition from orderflow.process_instance where id = $1',
      [child.id],
    );
    const put = (hash: string) =>
      database.query('update orderflow.process_instance set state_hash = $2, revision = revision + 1 where id = $1', [
        child.id,
        hash,
      ]);
    await database.query('insert into orderflow.engine_state (process_definition_id, hash, state) values ($1, $2, $3)', [
      row!.definition,
      'unreadable',
      '{"format": 99}',
    ]);
    await put('unreadable');
    await cancelInstance(world.deps, by('operator'), { instanceId: id, reason: 'not wanted' });

    for (let attempt = 0; attempt < 12; attempt++) {
      await world.drain();
      await world.pass(6_000);
    }

    const { id: incidentId, kind } = await incidentOf(world, child.id);
    expect([kind, (await instance(world, child.id)).status]).to.deep.equal(['call-failed', 'running']);
    await put(row!.hash);
    await resolveIncident(world.deps, by('operator'), incidentId);
    await world.drain();

    expect((await instance(world, child.id)).status).to.equal('cancelled');
    expect(
      await world.database.query('select 1 from orderflow.incident where instance_id = $1 and resolved_at is null', [child.id]),
    ).to.deep.equal([]);
  });
});
