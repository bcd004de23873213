import { expect } from 'chai';
import { executeMigration, stopMigration, undoMigrations } from '../../src/commands/migration/batches.ts';
import { workOnMigrations } from '../../src/commands/migration/work.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { findingsOf } from '../helpers/audit.ts';
import { problemOf } from '../helpers/problems.ts';
import { startProgram } from '../helpers/programs.ts';
import { until } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import {
  aClaim,
  complete,
  confirm,
  deployClaim,
  doCheck,
  everythingOf,
  migrationOf,
  places,
  planned,
  rowsOf,
  waitsOf,
  work,
  type Place,
} from './stage.ts';

/** `review` was renamed, `decide` is gone, `audit` and a reminder came. */
const mapping = { review: 'assess' };

describe('many instances are migrated', function () {
  this.timeout(240_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await deployClaim(world, 1);
  });
  afterEach(() => world.close());

  /** So many claims of version 1, evenly at all places; then version 2 comes. */
  async function claims(count: number): Promise<{ target: string; at: Map<string, Place> }> {
    const at = new Map<string, Place>();
    let made = 0;
    const make = async (): Promise<void> => {
      for (let index = made++; index < count; index = made++) {
        const place = places[index % places.length] ?? 'register';
        at.set(await aClaim(world, place), place);
      }
    };
    await Promise.all(Array.from({ length: 6 }, make));
    return { target: await deployClaim(world, 2), at };
  }
  const counts = async (sql: string): Promise<JsonObject> =>
    Object.fromEntries((await world.database.query<{ name: string; n: number }>(sql)).map(({ name, n }) => [name, n]));
  const versions = (): Promise<JsonObject> =>
    counts(`select d.version::text as name, count(*) as n from orderflow.process_instance i
              join orderflow.process_definition d on d.id = i.process_definition_id where i.process_id = 'claim' group by 1`);

  it('200 of them over a renamed, a removed and an added element: each has its verdict, who is refused is untouched, all can be taken back', async () => {
    const { target, at } = await claims(200);
    const ids = (wanted: (place: Place) => boolean): string[] => [...at].filter(([, place]) => wanted(place)).map(([id]) => id);
    const stay = ids((place) => place === 'decide');
    const go = ids((place) => place !== 'decide');
    const before = await everythingOf(world, [...at.keys()]);

    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'assessments are audited now' });
    expect(await everythingOf(world, [...at.keys()]), 'a plan touches nothing').to.deep.equal(before);
    const plan = await migrationOf(world, id);
    expect(plan).to.deep.include({ status: 'planned', targetVersion: 2 });
    expect(plan['progress']).to.deep.include({
      instances: 200,
      left: 0,
      verdicts: { migrates: go.length, refused: stay.length },
    });
    expect(plan['obstacles']).to.deep.equal([
      {
        rule: 'element-removed',
        elementId: 'decide',
        instances: stay.length,
        message:
          'A token is at decide, which version 2 does not have. Map it to an element that it has, or let the instance go past it first.',
      },
    ]);
    const sentences = new Map((await rowsOf(world, id)).map((row) => [at.get(row.processInstanceId), row.sentence]));
    const news = ' It gets the variables auditedBy.';
    expect(Object.fromEntries(sentences)).to.deep.equal({
      register: `Goes on in version 2 at register.${news}`,
      'review and check': `Goes on in version 2 at check, late and assess, which was review; remind begins to wait.${news}`,
      review: `Goes on in version 2 at late and assess, which was review; remind begins to wait.${news}`,
      check: `Goes on in version 2 at check.${news}`,
      decide:
        'Not to version 2: a token is at decide, which version 2 does not have. Map it to an element that it has, or let the instance go past it first.',
      confirm: `Goes on in version 2 at confirm and silent.${news}`,
      archive: `Goes on in version 2 at archive.${news}`,
    });

    await executeMigration(world.deps, by('operator'), { migrationId: id });
    await work(world);
    expect(await migrationOf(world, id)).to.have.nested.property('status', 'executed');
    expect((await migrationOf(world, id))['progress']).to.deep.include({ left: 0, outcomes: { migrated: go.length } });
    expect(await versions()).to.deep.equal({ 1: stay.length, 2: go.length });
    const after = await everythingOf(world, [...at.keys()]);
    expect(
      stay.filter((each) => after.get(each) !== before.get(each)),
      'refused and touched',
    ).to.deep.equal([]);
    expect(
      await counts(
        `select trigger || ' by ' || actor || ' for ' || on_behalf_of as name, count(*) as n from orderflow.step where trigger = 'migrate' group by 1`,
      ),
    ).to.deep.equal({
      'migrate by migration for operator': go.length,
    });
    expect(await findingsOf(world)).to.deep.equal([]);

    // some go on; those cannot be taken back, and all others are
    const moved = go.filter((each) => at.get(each) === 'register').slice(0, 3);
    for (const each of moved) await complete(world, each, 'register');
    await undoMigrations(world.deps, by('operator'), { migrationId: id, reason: 'the audit is not ready' });
    await work(world);
    expect(await migrationOf(world, id)).to.include({ status: 'undone', undoneBy: 'operator' });
    expect((await migrationOf(world, id))['progress']).to.deep.include({
      left: 0,
      undone: { undone: go.length - moved.length, 'moved-on': moved.length },
    });
    expect(await versions()).to.deep.equal({ 1: 200 - moved.length, 2: moved.length });
    const [movedRow] = (await rowsOf(world, id)).filter(({ processInstanceId }) => processInstanceId === moved[0]);
    expect(movedRow?.sentence).to.match(/^The migration of C-\w+ cannot be taken back: it has taken 1 more step since/);
    expect(await findingsOf(world)).to.deep.equal([]);

    // and both kinds run to their ends
    const [back] = go.filter((each) => at.get(each) === 'review');
    await complete(world, back ?? '', 'review');
    expect(await waitsOf(world, back ?? '')).to.deep.equal(['user decide']);
    await complete(world, moved[0] ?? '', 'assess');
    await doCheck(world, moved[0] ?? '');
    expect(await waitsOf(world, moved[0] ?? '')).to.deep.equal(['message confirm', 'timer silent']);
  });

  it('a process that is killed in mid-batch leaves whole instances behind; another one finishes, nothing twice', async () => {
    const { target } = await claims(140);
    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'a crash is not the end' });
    const leaseMs = 1_000;
    const program = startProgram('test/migration/programs/work.ts', [JSON.stringify({ target: world.target, leaseMs })]);
    expect(await program.said()).to.equal('working');
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    const migrated = async (): Promise<number> =>
      ((await migrationOf(world, id))['progress'] as { outcomes: { migrated?: number } }).outcomes.migrated ?? 0;
    await until(async () => (await migrated()) >= 10);
    await program.end('SIGKILL');
    const first = await migrated();
    expect(first, 'killed too late to tell').to.be.lessThan(120);
    expect(await findingsOf(world), 'after the kill').to.deep.equal([]);

    await until(async () => {
      await workOnMigrations(world.deps, leaseMs);
      return (await migrationOf(world, id))['status'] === 'executed';
    });
    expect(await migrated()).to.equal(120);
    expect(
      await counts(
        `select n::text as name, count(*) as n from (select count(*) as n from orderflow.step where trigger = 'migrate' group by instance_id) s group by 1`,
      ),
    ).to.deep.equal({
      1: 120,
    });
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('several processes at once, and instances that move meanwhile: each instance is migrated once, from where it stands then', async () => {
    const { target, at } = await claims(42);
    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'all at once' });
    // was judged at `confirm`; while others are migrated it goes on
    const confirming = [...at].filter(([, place]) => place === 'confirm').map(([each]) => each);
    const deciding = [...at].filter(([, place]) => place === 'review').map(([each]) => each);
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    const keys = await world.database.query<{ id: string; key: string }>(
      'select id, business_key as key from orderflow.process_instance',
    );
    await Promise.all([
      ...Array.from({ length: 4 }, () => work(world)),
      ...confirming.map((each) => confirm(world, keys.find((row) => row.id === each)?.key ?? '')),
      ...deciding.map(async (each) =>
        complete(world, each, (await waitsOf(world, each)).includes('user review') ? 'review' : 'assess').catch(() => undefined),
      ),
    ]);
    await work(world);
    const { outcomes } = (await migrationOf(world, id))['progress'] as { outcomes: Record<string, number> };
    // who reached `decide` first is refused after all
    expect((outcomes['migrated'] ?? 0) + (outcomes['refused'] ?? 0)).to.equal(36);
    expect(await versions()).to.deep.equal({ 1: 6 + (outcomes['refused'] ?? 0), 2: outcomes['migrated'] });
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('a filter narrows it: by version, by where they wait, by number, to a first wave', async () => {
    const { target, at } = await claims(21);
    const plan = async (filter: object): Promise<number> => {
      const id = await planned(world, { targetDefinitionId: target, mapping, filter, reason: 'some of them' });
      return (await rowsOf(world, id)).length;
    };
    expect(await plan({ waitingAt: ['archive'] })).to.equal(3);
    expect(await plan({ waitingAt: ['archive', 'decide'] })).to.equal(6);
    expect(await plan({ versions: [2] })).to.equal(0);
    expect(await plan({ versions: [1], limit: 5 })).to.equal(5);
    const [one] = at.keys();
    expect(await plan({ processInstanceIds: [one] })).to.equal(1);
  });

  it('is stopped in the middle: what is left is not migrated, what was is taken back with the rest', async () => {
    const { target } = await claims(70);
    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'slowly' });
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    await workOnMigrations(world.deps, 30_000);
    const { body } = await stopMigration(world.deps, by('operator'), { migrationId: id });
    expect(body).to.include({ status: 'executed' });
    await work(world);
    expect((await migrationOf(world, id))['progress']).to.deep.include({ left: 0, outcomes: { migrated: 40 } });
    await undoMigrations(world.deps, by('operator'), { migrationId: id, reason: 'not today' });
    await work(world);
    expect(await versions()).to.deep.equal({ 1: 70 });
    expect((await problemOf(stopMigration(world.deps, by('operator'), { migrationId: id }))).code).to.equal('wrong-state');
    const other = await planned(world, { targetDefinitionId: target, mapping, reason: 'never' });
    await stopMigration(world.deps, by('operator'), { migrationId: other });
    expect((await problemOf(executeMigration(world.deps, by('operator'), { migrationId: other }))).code).to.equal('wrong-state');
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('a migration is executed when it is planned and taken back when it is executed, by who may, and never in another order', async () => {
    const { target } = await claims(7);
    const id = await planned(world, { targetDefinitionId: target, reason: 'once' });
    const migrationId = id;
    expect((await problemOf(undoMigrations(world.deps, by('operator'), { migrationId, reason: 'no' }))).message).to.contain(
      'is planned; only one that is executed can be undone',
    );
    expect((await problemOf(executeMigration(world.deps, by('sales'), { migrationId }))).code).to.equal('forbidden');
    expect((await problemOf(executeMigration(world.deps, by('operator'), { migrationId, ifRevision: 1 }))).code).to.equal(
      'revision-mismatch',
    );
    await executeMigration(world.deps, by('operator'), { migrationId });
    expect((await problemOf(executeMigration(world.deps, by('operator'), { migrationId }))).code).to.equal('wrong-state');
    await work(world);
    const rows = await rowsOf(world, id);
    expect(rows.map(({ verdict, outcome }) => `${verdict} ${String(outcome)}`).sort()).to.deep.equal([
      ...Array.from({ length: 3 }, () => 'migrates migrated'),
      ...Array.from({ length: 4 }, () => 'refused null'),
    ]);
  });
});
