import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { activateJobs } from '../../src/commands/activate-jobs.ts';
import { cancelInstance } from '../../src/commands/cancel-instance.ts';
import { completeLeasedJob, extendLease, failLeasedJob, raiseJobError } from '../../src/commands/leased-job.ts';
import { publishMessage } from '../../src/commands/publish-message.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { maxUnended } from '../../src/commands/fail-job.ts';
import { readInstance } from '../../src/queries/process-instance.ts';
import { findingsOf } from '../helpers/audit.ts';
import { completeAt } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, person, type World } from '../helpers/world.ts';
import { aDocument, deployExample, leasesOf, scan, take, takeOne } from './stage.ts';

describe('jobs of external workers', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await deployExample(world);
  });
  afterEach(async () => {
    await world.drain();
    const found = await findingsOf(world);
    await world.close();
    expect(found).to.deep.equal([]);
  });
  const complete = (job: { id: string; leaseToken: string }, variables = scan(), key?: string) =>
    completeLeasedJob(world.deps, by('worker', key), { jobId: job.id, leaseToken: job.leaseToken, variables });
  const fail = (job: { id: string; leaseToken: string }, more: { retryAfterMs?: number; variables?: { tries: number } } = {}) =>
    failLeasedJob(world.deps, by('worker'), {
      jobId: job.id,
      leaseToken: job.leaseToken,
      message: 'the scanner is jammed',
      ...more,
    });
  const statusOf = async (id: string) => (await readInstance(world.database, id))['status'];

  it('an instance without an order goes all its way: job, user task, message and job again', async () => {
    const clean = await aDocument(world);
    const job = await takeOne(world);
    expect(job).to.deep.include({
      processInstanceId: clean.id,
      businessKey: clean.businessKey,
      subject: null,
      attempt: 1,
      retriesLeft: 3,
    });
    expect(job['properties']).to.deep.equal({ language: 'en' });
    expect(job['variables']).to.deep.include({ text: 'nothing special' });
    await complete(job);
    expect(await statusOf(clean.id)).to.equal('completed');

    const odd = await aDocument(world, { text: null });
    const unreadable = await takeOne(world);
    const error = {
      jobId: unreadable.id,
      leaseToken: unreadable.leaseToken,
      code: 'UNREADABLE',
      message: 'it is empty',
      variables: {},
    };
    await raiseJobError(world.deps, by('worker'), error);
    const again = { document: { id: odd.businessKey, text: 'secret plans' } };
    await publishMessage(world.deps, by('operator'), {
      name: 'document.resent',
      correlationKey: odd.businessKey,
      variables: again,
      timeToLiveMs: 0,
    });
    const second = await takeOne(world);
    expect(second['variables']).to.deep.include({ text: 'secret plans' });
    await complete(second, scan(true));
    await completeAt(world, 'admin', odd.id, 'dc_look', { verdict: 'REJECT' });
    expect(await statusOf(odd.id)).to.equal('completed');
  });

  it('20 workers that race for 60 jobs get each job once', async () => {
    for (let n = 0; n < 60; n++) await aDocument(world);
    const taken = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const mine = [];
        for (;;) {
          const jobs = await take(world, { maxJobs: 2, worker: `w${n}` });
          if (jobs.length === 0) return mine;
          mine.push(...jobs);
        }
      }),
    );
    const ids = taken.flat().map((job) => job.id);
    // a job that somebody was just taking was passed over, and may have been left when the others went home
    ids.push(...(await take(world, { maxJobs: 100 })).map((job) => job.id));
    expect(ids).to.have.length(60);
    expect(new Set(ids).size).to.equal(60);
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.job_lease');
    expect(row?.n).to.equal(60);
  });

  it('the job that has been available for longest comes first', async () => {
    const documents = [await aDocument(world), await aDocument(world), await aDocument(world)];
    const jobs = [...(await take(world, { maxJobs: 2 })), ...(await take(world, { maxJobs: 2 }))];
    expect(jobs.map((job) => job['processInstanceId'])).to.deep.equal(documents.map(({ id }) => id));
  });

  it('a lease that has run out makes the job available again; who had it can complete it no more', async () => {
    const { id } = await aDocument(world);
    const first = await takeOne(world, { lockMs: 5_000, worker: 'slow' });
    expect(await take(world)).to.deep.equal([]);
    await world.pass(5_001);
    const second = await takeOne(world, { worker: 'quick' });
    expect(second).to.deep.include({ id: first.id, key: first['key'], attempt: 2, retriesLeft: 3 });
    for (const late of [() => complete(first), () => fail(first)]) {
      const problem = await problemOf(late());
      expect(problem.code).to.equal('stale-lease');
      expect(problem.message).to.contain('quick has it until');
    }
    const error = { jobId: first.id, leaseToken: first.leaseToken, code: 'UNREADABLE', message: 'x', variables: {} };
    expect((await problemOf(raiseJobError(world.deps, by('worker'), error))).code).to.equal('stale-lease');
    const extension = { jobId: first.id, leaseToken: first.leaseToken, lockMs: 60_000 };
    expect((await problemOf(extendLease(world.deps, by('worker'), extension))).code).to.equal('stale-lease');
    expect(await statusOf(id)).to.equal('running');
    await complete(second);
    expect(await statusOf(id)).to.equal('completed');
    expect(await leasesOf(world, first.id)).to.deep.equal([
      { worker: 'slow', outcome: 'expired' },
      { worker: 'quick', outcome: 'completed' },
    ]);
    expect((await problemOf(complete(first))).code, 'after the end').to.equal('task-not-open');
  });

  it('a lease that has run out, and that nobody else has taken, still completes: the work is done', async () => {
    const { id } = await aDocument(world);
    const job = await takeOne(world, { lockMs: 5_000 });
    await world.pass(60_000);
    await complete(job);
    expect(await statusOf(id)).to.equal('completed');
  });

  it('two workers with the same job: of a completion and a taking at the same time, exactly one wins', async () => {
    for (let round = 0; round < 20; round++) {
      await aDocument(world);
      const job = await takeOne(world, { lockMs: 1_000 });
      await world.pass(2_000);
      const [completed, taken] = await Promise.all([
        complete(job).then(
          () => true,
          () => false,
        ),
        take(world),
      ]);
      expect([completed, taken.length]).to.be.deep.oneOf([
        [true, 0],
        [false, 1],
      ]);
      for (const other of taken) await complete(other);
    }
  });

  it('an extension lets the lease last, also of a job whose instance rests', async () => {
    const { id } = await aDocument(world);
    const job = await takeOne(world, { lockMs: 5_000 });
    await suspendInstance(world.deps, by('operator'), { instanceId: id, reason: 'a question' });
    const { body } = await extendLease(world.deps, by('worker'), { jobId: job.id, leaseToken: job.leaseToken, lockMs: 60_000 });
    expect(Date.parse(body['leasedUntil'] as string)).to.be.greaterThan(Date.parse(job['leasedUntil'] as string) + 50_000);
    await resumeInstance(world.deps, by('operator'), { instanceId: id, reason: 'answered' });
    await world.pass(30_000);
    expect(await take(world)).to.deep.equal([]);
    await complete(job);
    expect(await statusOf(id)).to.equal('completed');
  });

  it('the same completion under the same key gets the stored answer; the step is taken once', async () => {
    await aDocument(world);
    const job = await takeOne(world);
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(job, scan(), 'mine')));
    expect(answers.filter((answer) => answer.replayed)).to.have.length(4);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).to.equal(1);
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.step where wait_id = $1', [
      job.id,
    ]);
    expect(row?.n).to.equal(1);
  });

  it('a failure rests as long as its worker says, is counted, and gives its variables to the next attempt', async () => {
    await aDocument(world);
    const first = await takeOne(world);
    const { body } = await fail(first, { retryAfterMs: 10_000, variables: { tries: 1 } });
    expect(body).to.deep.include({ outcome: 'retry', retriesLeft: 2 });
    await world.pass(9_000);
    expect(await take(world), 'before its time').to.deep.equal([]);
    await world.pass(1_001);
    const second = await takeOne(world);
    expect(second).to.deep.include({ id: first.id, attempt: 2, retriesLeft: 2 });
    expect(second['variables']).to.deep.include({ tries: 1, text: 'nothing special' });
    expect((await readInstance(world.database, second['processInstanceId'] as string))['revision'], 'no step').to.equal(1);
    await fail(second);
    await world.pass(3_900);
    expect(await take(world), 'the second rest is 4 s when nothing is said').to.deep.equal([]);
  });

  it('a job whose retries are used up becomes an incident, rests, and is handed out again when that is resolved', async () => {
    const { id } = await aDocument(world);
    const token = [];
    for (let n = 0; n < 3; n++) {
      const job = await takeOne(world);
      token.push(job.leaseToken);
      const { body } = await fail(job, { retryAfterMs: 0 });
      expect(body['outcome']).to.equal(n < 2 ? 'retry' : 'incident');
    }
    await world.pass(86_400_000);
    expect(await take(world)).to.deep.equal([]);
    const [incident] = await world.database.query<{ id: string; kind: string; message: string }>(
      'select id, kind, message from orderflow.incident where resolved_at is null',
    );
    expect(incident).to.deep.include({ kind: 'job-failed', message: 'the scanner is jammed' });
    await resolveIncident(world.deps, by('operator'), incident!.id);
    await complete(await takeOne(world));
    expect(await statusOf(id)).to.equal('completed');
    expect((await world.database.query('select 1 from orderflow.incident where resolved_at is null')).length).to.equal(0);
  });

  it('a job that is taken again and again without a word becomes an incident: it may be killing its worker', async () => {
    await aDocument(world);
    for (let n = 0; n < maxUnended; n++) {
      await takeOne(world, { lockMs: 1_000 });
      await world.pass(2_000);
    }
    expect(await take(world)).to.deep.equal([]);
    const [incident] = await world.database.query<{ message: string }>('select message from orderflow.incident');
    expect(incident?.message).to.match(/document\.scan was begun 10 times and never came to an end/);
  });

  it('failures do not count as silence: a job with many retries is tried as often as it may be', async () => {
    await aDocument(world);
    await world.database.query('update orderflow.wait set retries = 30');
    for (let n = 0; n < maxUnended + 5; n++) await fail(await takeOne(world), { retryAfterMs: 0 });
    expect(await world.database.query('select 1 from orderflow.incident')).to.deep.equal([]);
  });

  it('a result that its job type does not declare is refused, and the worker still has the job', async () => {
    const { id } = await aDocument(world);
    const job = await takeOne(world);
    const problem = await problemOf(complete(job, { scan: { words: -1, suspicious: false, by: 'w' } }));
    expect(problem.code).to.equal('validation-failed');
    expect(problem.extensions['errors']).to.deep.include({ pointer: '/variables/scan/words', message: 'must be >= 0' });
    const undeclared = { jobId: job.id, leaseToken: job.leaseToken, code: 'TOO_LONG', message: 'x', variables: {} };
    expect((await problemOf(raiseJobError(world.deps, by('worker'), undeclared))).message).to.contain('it declares UNREADABLE');
    await complete(job);
    expect(await statusOf(id)).to.equal('completed');
  });

  it('jobs of suspended instances are not handed out, and their results have to wait', async () => {
    const { id } = await aDocument(world);
    const other = await aDocument(world);
    const job = await takeOne(world);
    await suspendInstance(world.deps, by('operator'), { instanceId: other.id, reason: 'a question' });
    expect(await take(world)).to.deep.equal([]);
    await suspendInstance(world.deps, by('operator'), { instanceId: id, reason: 'a question' });
    expect((await problemOf(complete(job))).code).to.equal('suspended');
    await resumeInstance(world.deps, by('operator'), { instanceId: id, reason: 'answered' });
    await complete(job);
    expect(await statusOf(id)).to.equal('completed');
  });

  it('a job whose token was taken away is dropped: its worker is told so', async () => {
    const { id } = await aDocument(world);
    const job = await takeOne(world);
    await cancelInstance(world.deps, by('operator'), { instanceId: id, reason: 'the sender has withdrawn it' });
    expect((await problemOf(complete(job))).code).to.equal('task-not-open');
    expect((await problemOf(fail(job))).message).to.contain('is cancelled; drop the work');
    expect(await take(world)).to.deep.equal([]);
    expect(await statusOf(id)).to.equal('cancelled');
  });

  it('a job without a worker never becomes an incident, however long it waits', async () => {
    await aDocument(world);
    await world.pass(30 * 86_400_000);
    expect(await world.drain(), 'nothing in the house does it').to.deep.equal([]);
    expect(await world.database.query('select 1 from orderflow.incident')).to.deep.equal([]);
    expect(await take(world)).to.have.length(1);
  });

  it('a token that was made up is worth nothing, and neither is another role', async () => {
    await aDocument(world);
    const job = await takeOne(world);
    expect((await problemOf(complete({ ...job, leaseToken: randomUUID() }))).code).to.equal('stale-lease');
    const input = { jobId: job.id, leaseToken: job.leaseToken, variables: scan() };
    expect((await problemOf(completeLeasedJob(world.deps, by('sales'), input))).code).to.equal('forbidden');
    expect((await problemOf(complete({ ...job, id: randomUUID() }))).code).to.equal('not-found');
  });

  it('a worker gets jobs of the type that it asks for and of no other', async () => {
    await aDocument(world);
    const asked = { actor: person('worker'), type: 'document.print', worker: 'w', maxJobs: 1, lockMs: 60_000 };
    expect((await activateJobs(world.deps, asked)).jobs).to.deep.equal([]);
  });
});
