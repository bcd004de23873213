import { expect } from 'chai';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { migrateInstance, undoInstanceMigration } from '../../src/commands/migration/migrate-instance.ts';
import { suspendInstance } from '../../src/commands/suspend-instance.ts';
import { readInstance, readSteps, readVariables } from '../../src/queries/process-instance.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { findingsOf } from '../helpers/audit.ts';
import { openTask } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aClaim, complete, confirm, deployClaim, doCheck, everythingOf, waitsOf } from './stage.ts';

describe('one instance is migrated', () => {
  let world: World;
  let second: string;
  beforeEach(async () => {
    world = await openWorld();
    await deployClaim(world, 1);
  });
  afterEach(() => world.close());

  /** A claim at a place of version 1, and version 2 is there. */
  const claimAt = async (place: Parameters<typeof aClaim>[1]): Promise<string> => {
    const id = await aClaim(world, place);
    second = await deployClaim(world, 2);
    return id;
  };
  const migrate = (instanceId: string, more: object = {}, dryRun = false) =>
    migrateInstance(
      world.deps,
      { ...by('operator'), dryRun },
      { instanceId, targetDefinitionId: second, mapping: { review: 'assess' }, reason: 'assessments are audited now', ...more },
    );
  const instance = (id: string): Promise<JsonObject> => world.database.read((tx) => readInstance(tx, id));
  const steps = (id: string): Promise<JsonObject[]> => world.database.read((tx) => readSteps(tx, id));

  it('its log says so, it waits where it waited, and it goes on by the new version to its end', async () => {
    const id = await claimAt('review and check');
    const task = await openTask(world, id, 'review');
    const { body } = await migrate(id);
    expect(body).to.deep.include({ version: 2, processDefinitionId: second, revision: 3 });
    expect(body['migration']).to.deep.equal({
      verdict: 'migrates',
      sentence:
        'Goes on in version 2 at check, late and assess, which was review; remind begins to wait. It gets the variables auditedBy.',
    });
    const variables = await world.database.read((tx) => readVariables(tx, id));
    expect(variables).to.deep.include({ auditedBy: 'nobody yet' });
    expect(await waitsOf(world, id)).to.deep.equal(['user assess', 'job check', 'timer late', 'timer remind']);
    expect(await openTask(world, id, 'assess'), 'the same task').to.equal(task);
    const last = (await steps(id)).at(-1);
    expect(last).to.deep.include({ trigger: 'migrate', actor: 'operator', reason: 'assessments are audited now', version: 2 });
    const [, renamed] = (last?.['trail'] ?? []) as JsonObject[];
    expect(renamed).to.include({ event: 'migrate', elementId: 'assess', from: 'review' });
    expect((await steps(id)).map(({ version }) => version)).to.deep.equal([1, 1, 2]);

    await completeUserTask(world.deps, by('warehouse'), { taskId: task, variables: {} });
    await doCheck(world, id);
    await confirm(world, (await instance(id))['businessKey'] as string);
    expect(await waitsOf(world, id)).to.deep.equal(['user audit']);
    await complete(world, id, 'audit');
    await complete(world, id, 'archive');
    expect(await instance(id)).to.include({ status: 'completed', version: 2 });
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('a dry run tells what would become of it, and nothing is written', async () => {
    const id = await claimAt('review');
    const before = await everythingOf(world, [id]);
    const { body } = await migrate(id, {}, true);
    expect(body).to.include({ dryRun: true });
    expect(body['steps']).to.deep.equal([
      { processInstanceId: id, path: [], closes: [], opens: [{ elementId: 'remind', kind: 'timer' }] },
    ]);
    expect(await everythingOf(world, [id])).to.deep.equal(before);
  });

  it('one that cannot go is refused with every obstacle, untouched', async () => {
    const id = await claimAt('decide');
    const before = await everythingOf(world, [id]);
    const problem = await problemOf(migrate(id));
    expect(problem.code).to.equal('migration-refused');
    expect(problem.extensions['obstacles']).to.have.nested.property('[0].rule', 'element-removed');
    expect(problem.message).to.contain('a token is at decide, which version 2 does not have');
    expect(await everythingOf(world, [id])).to.deep.equal(before);
  });

  it('a removed element may be mapped to another: it waits there then', async () => {
    const id = await claimAt('decide');
    await migrate(id, { mapping: { decide: 'audit' } });
    expect(await waitsOf(world, id)).to.deep.equal(['user audit']);
  });

  it('the same request again answers the same, and does nothing', async () => {
    const id = await claimAt('review');
    const request = by('operator');
    const wish = { instanceId: id, targetDefinitionId: second, mapping: { review: 'assess' }, reason: 'once' };
    const one = await migrateInstance(world.deps, request, wish);
    const again = await migrateInstance(world.deps, request, wish);
    expect(again).to.deep.equal({ ...one, replayed: true });
    expect((await problemOf(migrate(id))).message).to.contain('It is on version 2 already.');
  });

  it('a mapping that names what is not there, another process, an old revision and somebody without the role are refused', async () => {
    const id = await claimAt('review');
    const wrong = await problemOf(migrate(id, { mapping: { review: 'asess' } }));
    expect([wrong.code, wrong.extensions['errors']]).to.deep.equal([
      'validation-failed',
      [{ pointer: '/mapping/review', message: 'The version that instances go to has no element asess.' }],
    ]);
    const [sale] = await world.database.query<{ id: string }>(
      `select id from orderflow.process_definition where process_id = 'sale' limit 1`,
    );
    expect((await problemOf(migrate(id, { targetDefinitionId: sale?.id }))).code).to.equal('validation-failed');
    expect((await problemOf(migrate(id, { ifRevision: 1 }))).code).to.equal('revision-mismatch');
    const wish = { instanceId: id, targetDefinitionId: second, reason: 'no' };
    expect((await problemOf(migrateInstance(world.deps, by('sales'), wish))).code).to.equal('forbidden');
  });

  it('one that is suspended goes, and stays suspended', async () => {
    const id = await claimAt('review');
    await suspendInstance(world.deps, by('operator'), { instanceId: id, reason: 'until the new version is there' });
    await migrate(id);
    expect((await instance(id))['suspendedAt']).to.be.a('string');
    expect(await instance(id)).to.include({ version: 2 });
  });

  it('taken back, it is what it was: version, state, variables, tasks and timers', async () => {
    const id = await claimAt('review and check');
    const shape = async () => {
      const [row] = await world.database.query<JsonObject>(
        `select process_definition_id, state_hash, variables, locals from orderflow.process_instance where id = $1`,
        [id],
      );
      const waits = await world.database.query<JsonObject>(
        `select id, slot, element_id, element_name, properties, candidate_groups, form_id, due_at, next_at, opened_at from orderflow.wait
          where instance_id = $1 and status = 'open' order by slot`,
        [id],
      );
      return { row, waits };
    };
    const before = await shape();
    await migrate(id);
    await undoInstanceMigration(world.deps, by('operator'), { instanceId: id, reason: 'the audit is not ready' });
    expect(await shape()).to.deep.equal(before);
    expect((await steps(id)).map(({ trigger, version }) => [trigger, version])).to.deep.equal([
      ['create', 1],
      ['complete', 1],
      ['migrate', 2],
      ['undo-migration', 1],
    ]);
    await complete(world, id, 'review');
    await doCheck(world, id);
    expect(await waitsOf(world, id)).to.deep.equal(['user decide']);
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('what was taken away waits again when the migration is taken back, with its due date', async () => {
    await deployClaim(world, 2);
    const id = await aClaim(world, 'register').then(async (claim) => {
      await complete(world, claim, 'register');
      return claim;
    });
    const due = async () =>
      (
        await world.database.query(
          `select due_at from orderflow.wait where instance_id = $1 and element_id = 'remind' and status = 'open'`,
          [id],
        )
      )[0];
    const before = await due();
    const [first] = await world.database.query<{ id: string }>(
      `select id from orderflow.process_definition where process_id = 'claim' and version = 1`,
    );
    second = first?.id ?? '';
    await migrate(id, { mapping: { assess: 'review' } });
    expect(await waitsOf(world, id)).to.deep.equal(['job check', 'timer late', 'user review']);
    await undoInstanceMigration(world.deps, by('operator'), { instanceId: id, reason: 'back to the new one' });
    expect(await waitsOf(world, id)).to.deep.equal(['user assess', 'job check', 'timer late', 'timer remind']);
    expect(await due()).to.deep.equal(before);
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('one that has moved since is not taken back', async () => {
    const id = await claimAt('review and check');
    await migrate(id);
    await complete(world, id, 'assess');
    const problem = await problemOf(undoInstanceMigration(world.deps, by('operator'), { instanceId: id, reason: 'no' }));
    expect([problem.code, problem.message]).to.deep.equal([
      'wrong-state',
      `The migration of ${(await instance(id))['businessKey'] as string} cannot be taken back: it has taken 1 more step since. Move it by hand, or migrate it to the old version.`,
    ]);
  });
});
