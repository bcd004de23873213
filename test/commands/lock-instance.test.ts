import { expect } from 'chai';
import { lockInstance } from '../../src/commands/instance.ts';
import { aQuotation } from '../helpers/builders.ts';
import { until } from '../helpers/promises.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe('locking an instance', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ mayViolate: true }); // the state that is made up here stays
  });
  after(() => world.close());

  it('whoever has waited for the lock sees the state that the one before left behind', async () => {
    const { processInstanceId: id } = await aQuotation(world);
    const { database } = world;
    const isWaiting = async (): Promise<boolean> =>
      (await database.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .length > 0;

    const second = await database.transaction(async (tx) => {
      const { processDefinitionId, revision } = await lockInstance(tx, id);
      const waiting = database.transaction(async (other) => (await lockInstance(other, id)).state);
      await until(isWaiting);
      const state = [processDefinitionId, 'hash of a later state', '{"later": true}'];
      await tx.execute('insert into orderflow.engine_state (process_definition_id, hash, state) values ($1, $2, $3)', state);
      await tx.execute('update orderflow.process_instance set revision = $2, state_hash = $3 where id = $1', [
        id,
        revision + 1,
        state[1],
      ]);
      return { waiting };
    });

    expect(await second.waiting).to.equal('{"later": true}');
  });
});
