import { expect } from 'chai';
import { activateJobs, type LeasedJob } from '../../src/commands/activate-jobs.ts';
import { completeLeasedJob, failLeasedJob } from '../../src/commands/leased-job.ts';
import { changeJobRetries, takeLeaseAway } from '../../src/commands/repair/change-job.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { suspendWork } from '../../src/commands/suspended-work.ts';
import { readSteps } from '../../src/queries/process-instance.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, person, type World } from '../helpers/world.ts';
import { anErrand, deployErrand, placesOf } from './errand.ts';

describe('repair of jobs', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await deployErrand(world);
  });
  afterEach(() => world.close());

  const take = async (worker = 'w'): Promise<LeasedJob | undefined> =>
    (await activateJobs(world.deps, { actor: person('worker'), type: 'errand.pick', worker, maxJobs: 1, lockMs: 3_600_000 }))
      .jobs[0];
  const taken = async (): Promise<LeasedJob> => {
    const job = await take();
    if (!job) throw new Error('there is no job');
    return job;
  };
  const fail = ({ id, leaseToken }: LeasedJob) =>
    failLeasedJob(world.deps, by('worker'), {
      jobId: id,
      leaseToken: leaseToken,
      message: 'no scissors',
      retryAfterMs: 0,
    });
  const lastStep = async (id: string) => (await world.database.read((tx) => readSteps(tx, id))).at(-1) ?? {};

  it('a lease that is taken away gives the job to somebody else, and who had it is refused', async () => {
    const { id } = await anErrand(world);
    const job = await taken();
    expect(await take('v'), 'it is taken').to.equal(undefined);
    await takeLeaseAway(world.deps, by('operator'), { jobId: job.id, reason: 'the worker hangs' });
    expect(await lastStep(id)).to.include({
      trigger: 'lease-withdrawn',
      elementId: 'pick',
      reason: 'the worker hangs',
      actor: 'operator',
    });

    const other = await take('v');
    expect(other?.id).to.equal(job.id);
    const late = completeLeasedJob(world.deps, by('worker'), {
      jobId: job.id,
      leaseToken: job.leaseToken,
      variables: {},
    });
    expect((await problemOf(late)).code).to.equal('stale-lease');
    await completeLeasedJob(world.deps, by('worker'), {
      jobId: job.id,
      leaseToken: other?.leaseToken ?? '',
      variables: {},
    });
    expect(Object.keys(await placesOf(world, id))).to.deep.equal(['pack', 'weigh']);
  });

  it('there is no lease to take away of a job that nobody has, or that rests for an incident', async () => {
    const { id } = await anErrand(world);
    const jobId = (await placesOf(world, id))['pick'] ?? '';
    const away = (who = 'operator') => problemOf(takeLeaseAway(world.deps, by(who), { jobId, reason: 'x' }));
    expect(await away()).to.include({ code: 'wrong-state' });
    expect(await away('worker')).to.include({ code: 'forbidden' });
    await fail(await taken());
    await fail(await taken());
    const resting = await away();
    expect(resting.code).to.equal('wrong-state');
    expect(resting.message).to.contain('Resolve the incident');
    expect(await take(), 'it rests on').to.equal(undefined);
  });

  it('retries that are raised count from now on, and an incident is tried again with them when it is resolved', async () => {
    const { id } = await anErrand(world);
    const jobId = (await placesOf(world, id))['pick'] ?? '';
    await fail(await taken());
    const { body } = await changeJobRetries(world.deps, by('operator'), { jobId, retries: 2, reason: 'the network is slow' });
    expect(body['revision']).to.equal(2);
    expect(await lastStep(id)).to.include({ trigger: 'retries', elementId: 'pick', reason: 'the network is slow' });
    await fail(await taken());
    await fail(await taken());
    const [incident] = await world.database.query<{ id: string }>('select id from orderflow.incident');
    expect(incident, 'two more attempts, then an incident').not.to.equal(undefined);

    await changeJobRetries(world.deps, by('operator'), { jobId, retries: 1, reason: 'once more' });
    expect(await take(), 'raising alone does not try again').to.equal(undefined);
    await resolveIncident(world.deps, by('operator'), incident?.id ?? '');
    await fail(await taken());
    const [again] = await world.database.query('select attempts, retried_at from orderflow.incident');
    expect(again).to.deep.equal({ attempts: 1, retried_at: null });
  });

  it('workers of others get no job of a type that is suspended', async () => {
    await anErrand(world);
    await suspendWork(world.deps, by('operator'), { kind: 'job-type', ref: 'errand.pick', reason: 'stocktaking' });
    expect(await take()).to.equal(undefined);
  });
});
