import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeasedJob } from '../../src/commands/activate-jobs.ts';
import { failLeasedJob } from '../../src/commands/leased-job.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { JobDesk } from '../../src/jobs/job-desk.ts';
import { problemOf } from '../helpers/problems.ts';
import { until } from '../helpers/promises.ts';
import { by, openWorld, person, type World } from '../helpers/world.ts';
import { aDocument, deployExample, leasesOf, take, takeOne } from './stage.ts';

/** Longer than any of these tests: whoever is served without being told was not told. */
const never = 60_000;

describe('the desk where workers wait for jobs', () => {
  let world: World;
  let desk: JobDesk;
  let looks: number;
  /** Called when a look has committed, before the desk knows what it brought. */
  let afterLook: () => void;
  let endListening: () => Promise<void>;
  const none = new AbortController().signal;
  beforeEach(async () => {
    world = await openWorld();
    await deployExample(world);
    looks = 0;
    afterLook = () => undefined;
    const { database } = world;
    const counting = new Proxy(database, {
      get: (target, name) => {
        if (name === 'transaction') {
          looks++;
          return async (...work: Parameters<typeof target.transaction>) => {
            const done = await target.transaction(...work);
            afterLook();
            return done;
          };
        }
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    desk = new JobDesk({ ...world.deps, database: counting }, { maxWaiting: 3, lookMs: never });
    endListening = await database.listen('orderflow', (notification) => desk.hear(notification));
  });
  afterEach(async () => {
    await desk.close();
    await endListening();
    await world.close();
  });
  const ask = (timeoutMs: number, signal = none, type = 'document.scan', worker = 'w', lockMs = 60_000) =>
    desk.activate({ actor: person('worker'), type, worker, maxJobs: 1, lockMs }, timeoutMs, signal);
  const waits = () => until(() => looks > 0);

  it('answers at once when there is a job, and when there is none and nobody wants to wait', async () => {
    expect(await ask(0)).to.deep.equal([]);
    const { id } = await aDocument(world);
    expect((await ask(never)).map((job) => job['processInstanceId'])).to.deep.equal([id]);
  });

  it('who waits gets a job as soon as there is one, and does not look for it meanwhile', async () => {
    const asked = ask(never);
    await waits();
    await sleep(600);
    expect(looks, 'looks while nothing happened').to.equal(1);
    const { id } = await aDocument(world);
    expect((await asked).map((job) => job['processInstanceId'])).to.deep.equal([id]);
  });

  it('who waits is not woken by jobs of other types, least of all by those that the service does itself', async () => {
    const asked = ask(700, none, 'document.print');
    await waits();
    await aDocument(world);
    expect(await asked).to.deep.equal([]);
    expect(looks).to.equal(1);
  });

  it('a notification that comes while everybody goes home does no harm', async () => {
    const gone = new AbortController();
    const asked = ask(never, gone.signal);
    await waits();
    const [, left] = await Promise.all([aDocument(world), asked, Promise.resolve().then(() => gone.abort())]);
    for (let n = 0; n < 50; n++) desk.hear('work:document.scan');
    expect(left.length).to.be.lessThan(2);
    expect(await ask(0)).to.have.length(1 - left.length);
  });

  it('three who wait for one job each are served in the order in which they came', async () => {
    const served: string[] = [];
    const all = [];
    for (const worker of ['a', 'b', 'c']) {
      const seen = looks;
      all.push(ask(never, none, 'document.scan', worker).then(() => served.push(worker)));
      await until(() => looks > seen);
    }
    for (let n = 0; n < 3; n++) await aDocument(world);
    await Promise.all(all);
    expect(served).to.deep.equal(['a', 'b', 'c']);
  });

  it('when a lease runs out, or a rest is over, who waits gets the job without being told', async () => {
    await aDocument(world);
    const lost = await takeOne(world, { lockMs: 1_000 });
    const [again] = await ask(never);
    expect(again?.id).to.equal(lost.id);
    const report = { jobId: lost.id, leaseToken: again!.leaseToken, message: 'jammed', retryAfterMs: 700 };
    const asked = ask(never);
    await failLeasedJob(world.deps, by('worker'), report);
    expect((await asked)[0]?.id).to.equal(lost.id);
  });

  it('jobs of an instance that goes on reach who waits', async () => {
    const { id } = await aDocument(world);
    await suspendInstance(world.deps, by('operator'), { instanceId: id, reason: 'a question' });
    const asked = ask(never);
    await waits();
    await resumeInstance(world.deps, by('operator'), { instanceId: id, reason: 'answered' });
    expect((await asked)[0]?.['processInstanceId']).to.equal(id);
  });

  it('who waits no longer than it wanted to goes home with nothing', async () => {
    expect(await ask(50)).to.deep.equal([]);
  });

  it('a worker that goes away while it waits takes no job with it', async () => {
    const gone = new AbortController();
    const asked = ask(never, gone.signal);
    await waits();
    gone.abort();
    expect(await asked).to.deep.equal([]);
    const { id } = await aDocument(world);
    expect((await take(world)).map((job) => job['processInstanceId'])).to.deep.equal([id]);
  });

  it('a worker that goes away at the moment when it is served gives its job back, and that is no attempt', async () => {
    await aDocument(world);
    const gone = new AbortController();
    afterLook = () => gone.abort();
    expect(await ask(never, gone.signal)).to.deep.equal([]);
    await until(
      async () => (await world.database.query('select 1 from orderflow.job_lease where ended_at is null')).length === 0,
    );
    const job = await takeOne(world);
    expect(job['attempt']).to.equal(1);
    expect((await leasesOf(world, job.id)).map(({ outcome }) => outcome)).to.deep.equal(['withdrawn', null]);
  });

  it('who comes when too many wait already is served if there is a job, and else told to come back later', async () => {
    const all: Promise<readonly LeasedJob[]>[] = [];
    for (let n = 0; n < 3; n++) {
      const seen = looks;
      all.push(ask(never));
      await until(() => looks > seen);
    }
    const problem = await problemOf(ask(never));
    expect([problem.code, problem.extensions['retryAfter']]).to.deep.equal(['unavailable', 5]);
    for (let n = 0; n < 3; n++) await aDocument(world);
    expect((await Promise.all(all)).map((jobs) => jobs.length)).to.deep.equal([1, 1, 1]);
  });

  it('closing sends everybody home, and nobody in', async () => {
    const asked = ask(never);
    await waits();
    await desk.close();
    expect(await asked).to.deep.equal([]);
    expect((await problemOf(ask(0))).code).to.equal('unavailable');
  });

  it('refuses who may not work, and types that the service does itself', async () => {
    const asked = { actor: person('sales'), type: 'document.scan', worker: 'w', maxJobs: 1, lockMs: 60_000 };
    expect((await problemOf(desk.activate(asked, 0, none))).code).to.equal('forbidden');
    expect((await problemOf(ask(0, none, 'inventory.reserve'))).code).to.equal('wrong-state');
  });
});
