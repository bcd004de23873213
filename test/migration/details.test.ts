import { expect } from 'chai';
import { activateJobs } from '../../src/commands/activate-jobs.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { completeLeasedJob } from '../../src/commands/leased-job.ts';
import { executeMigration } from '../../src/commands/migration/batches.ts';
import { migrateInstance, undoInstanceMigration } from '../../src/commands/migration/migrate-instance.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { publishEvents } from '../../src/outbox/publisher.ts';
import { findingsOf } from '../helpers/audit.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, person, type World } from '../helpers/world.ts';
import { aClaim, deployClaim, migrationOf, planned, rowsOf, waitsOf, work } from './stage.ts';

const errand = (jobType: string, patience: string): ReadonlyMap<string, string> =>
  new Map([
    [
      'errand.bpmn',
      b.bpmnNamed(
        'errand',
        b.start('start'),
        b.element('serviceTask', { id: 'do' }, `<zeebe:taskDefinition type="${jobType}"/>`),
        b.boundary('late', 'do', b.duration(patience)),
        b.end('end'),
        b.flow('start', 'do', 'end'),
        b.flow('late', 'end'),
      ),
    ],
    ['errand.variables.schema.json', '{"type": "object", "properties": {}}'],
    [
      `jobs/${jobType}.job.schema.json`,
      JSON.stringify({ type: jobType, input: { type: 'object' }, output: { type: 'object', properties: {} } }),
    ],
  ]);

describe('what a migration does to jobs and timers', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  async function version(jobType: string, patience: string): Promise<string> {
    await deploy(world.database, errand(jobType, patience), 'analyst');
    const [row] = await world.database.query<{ id: string }>(
      `select id from orderflow.process_definition where process_id = 'errand' order by version desc limit 1`,
    );
    return row?.id ?? '';
  }
  const start = async (): Promise<string> =>
    (await startProcess(world.deps, by('operator'), { processId: 'errand', businessKey: 'E-1', variables: {} })).body[
      'id'
    ] as string;
  const take = async (type: string) => {
    const { jobs } = await activateJobs(world.deps, { actor: person('worker'), type, worker: 'w', maxJobs: 1, lockMs: 60_000 });
    const [job] = jobs;
    if (!job) throw new Error(`there is no ${type} to take`);
    return { jobId: job.id, leaseToken: job.leaseToken, variables: {} };
  };
  const findings = async () => {
    while ((await publishEvents(world.database)) > 0); // the clock has moved: what is not told by then counts as forgotten
    return findingsOf(world);
  };

  it('a job of another type is new work: who has the old one is told to drop it, and taken back it is there again', async () => {
    await version('errand.run', 'P1D');
    const instanceId = await start();
    const running = await take('errand.run');
    const targetDefinitionId = await version('errand.walk', 'P1D');
    await migrateInstance(world.deps, by('operator'), { instanceId, targetDefinitionId, reason: 'walking is safer' });
    expect((await problemOf(completeLeasedJob(world.deps, by('worker'), running))).code).to.equal('task-not-open');
    const walking = await take('errand.walk');
    expect(walking.jobId).not.to.equal(running.jobId);
    await undoInstanceMigration(world.deps, by('operator'), { instanceId, reason: 'it takes too long' });
    expect((await problemOf(completeLeasedJob(world.deps, by('worker'), walking))).code).to.equal('task-not-open');
    await completeLeasedJob(world.deps, by('worker'), await take('errand.run'));
    expect(await waitsOf(world, instanceId)).to.deep.equal([]);
    expect(await findings()).to.deep.equal([]);
  });

  it('a job of the same type goes on with whoever has it', async () => {
    await version('errand.run', 'P1D');
    const instanceId = await start();
    const running = await take('errand.run');
    const targetDefinitionId = await version('errand.run', 'P2D');
    await migrateInstance(world.deps, by('operator'), { instanceId, targetDefinitionId, reason: 'more patience' });
    await completeLeasedJob(world.deps, by('worker'), running);
    expect(await waitsOf(world, instanceId)).to.deep.equal([]);
    expect(await findings()).to.deep.equal([]);
  });

  it('a timer keeps its due date, or gets the one of the new version from when it began, if that is asked for', async () => {
    await version('errand.run', 'P1D');
    const [keeps, changes] = [
      await start(),
      (await startProcess(world.deps, by('operator'), { processId: 'errand', businessKey: 'E-2', variables: {} })).body[
        'id'
      ] as string,
    ];
    const targetDefinitionId = await version('errand.run', 'P3D');
    await world.pass(3_600_000);
    await migrateInstance(world.deps, by('operator'), {
      instanceId: keeps,
      targetDefinitionId,
      reason: 'more patience for others',
    });
    await migrateInstance(world.deps, by('operator'), {
      instanceId: changes,
      targetDefinitionId,
      dueDates: 'anew',
      reason: 'more patience',
    });
    const days = await world.database.query<{ days: number }>(
      `select round(extract(epoch from due_at - opened_at) / 86400, 3)::float8 as days from orderflow.wait
        where kind = 'timer' and status = 'open' and next_at = due_at order by instance_id`,
    );
    expect(days).to.deep.equal([{ days: 1 }, { days: 3 }]);
    expect(await findings()).to.deep.equal([]);
  });

  it('an instance that cannot be written is tried five times and left as it is; the others are migrated', async () => {
    await deployClaim(world, 1);
    const [unlucky] = [await aClaim(world, 'archive'), await aClaim(world, 'archive')];
    const targetDefinitionId = await deployClaim(world, 2);
    await world.database.query(
      `create function orderflow.refuse() returns trigger language plpgsql as $$ begin raise exception 'no room left'; end $$`,
    );
    await world.database.query(
      `create trigger refuse before insert on orderflow.instance_migration for each row when (new.instance_id = '${unlucky}') execute function orderflow.refuse()`,
    );
    const id = await planned(world, { targetDefinitionId, reason: 'both of them' });
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    for (let round = 0; round < 6; round += 1) {
      await work(world);
      await world.pass(60_000);
    }
    expect((await migrationOf(world, id))['progress']).to.deep.include({ left: 0, outcomes: { migrated: 1, failed: 1 } });
    const row = (await rowsOf(world, id)).find(({ processInstanceId }) => processInstanceId === unlucky);
    expect(row?.sentence).to.equal('Left as it is after 5 failures: no room left');
    expect(await waitsOf(world, unlucky)).to.deep.equal(['user archive']);
    expect(await findings()).to.deep.equal([]);
  });
});
