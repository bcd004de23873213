import { expect } from 'chai';
import { ActivatedJobs, FailedJob, Job, JobQueue, JobResult } from '../../src/contract/job.ts';
import { ProcessInstance, ProcessInstanceSummary } from '../../src/contract/process-instance.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { until } from '../helpers/promises.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from '../http/client.ts';
import { deployExample, scan, take } from './stage.ts';

describe('instances without an order, and their jobs, over HTTP', () => {
  let world: World;
  let client: Client;
  let made = 0;
  before(async () => {
    world = await openWorld();
    await deployExample(world);
    client = await serve(world.deps);
  });
  afterEach(() => take(world, { maxJobs: 100 }));
  after(async () => {
    await client.close();
    await world.close();
  });
  const document = (more: object = {}) => {
    const businessKey = `H-${++made}`;
    return { processId: 'document-check', businessKey, variables: { document: { id: businessKey, text: 'some text' } }, ...more };
  };
  const start = (body: object = document(), more: object = {}) =>
    client.call('POST', '/v1/process-instances', { as: 'operator', body, ...more });
  const activate = async (more: object = {}) =>
    client.call('POST', '/v1/jobs/activation', {
      as: 'worker',
      body: { type: 'document.scan', worker: 'w-1', requestTimeoutMs: 0, ...more },
    });
  const activateOne = async (): Promise<JsonObject & { id: string; leaseToken: string }> => {
    const { body } = await activate();
    const [job] = body['jobs'] as unknown as (JsonObject & { id: string; leaseToken: string })[];
    if (!job) throw new Error('there is no job');
    return job;
  };
  const say = (job: { id: string }, what: string, body: object, headers: Record<string, string> = {}) =>
    client.call('POST', `/v1/jobs/${job.id}/${what}`, { as: 'worker', body, headers });

  it('an instance is started, found, read and searched for', async () => {
    const body = document();
    const started = await start(body);
    expect(started.status).to.equal(201);
    expect(ProcessInstance.parse(started.body)).to.deep.include({
      processId: 'document-check',
      version: 1,
      subjectType: null,
      subjectId: null,
    });
    expect(started.headers.get('etag')).to.equal('"1"');
    const read = await client.call('GET', started.headers.get('location') ?? '', { as: 'auditor' });
    expect(read.body).to.deep.equal(started.body);
    const id = started.body['id'] as string;
    const waits = await client.call('GET', `/v1/process-instances/${id}/waits`, { as: 'auditor' });
    expect(waits.body).to.have.nested.property('items[0].jobType', 'document.scan');
    const variables = await client.call('GET', `/v1/process-instances/${id}/variables`, { as: 'auditor' });
    expect(variables.body).to.deep.equal({ ...body.variables, scan: { words: null, suspicious: null, by: null }, verdict: null });
    const filter = { businessKey: body.businessKey, status: 'running', suspended: 'false' };
    const found = await client.call('POST', '/v1/process-instances/search', { as: 'auditor', body: { filter } });
    expect((found.body['items'] as unknown[]).map((item) => ProcessInstanceSummary.parse(item)['id'])).to.deep.equal([id]);
    const listed = await client.call('GET', `/v1/process-instances?businessKey=${body.businessKey}`, { as: 'auditor' });
    expect(listed.body['items']).to.deep.equal(found.body['items']);
  });

  it('a business key is unique among the running instances of a process', async () => {
    const body = document();
    await start(body);
    const second = await start(body);
    expect([second.status, second.body['code']]).to.deep.equal([409, 'business-key-active']);
    const job = await activateOne();
    expect((await say(job, 'completion', { leaseToken: job.leaseToken, variables: scan() })).status).to.equal(200);
    expect((await start(body)).status, 'the first one is over').to.equal(201);
  });

  it('the same key gets the same answer; a dry run starts nothing', async () => {
    const body = document();
    const dry = await client.call('POST', '/v1/process-instances?dryRun=true', { as: 'operator', body });
    expect(dry.body).to.deep.include({ dryRun: true });
    expect(dry.body).to.have.nested.property('steps[0].opens[0].jobType', 'document.scan');
    const headers = { 'Idempotency-Key': `start ${body.businessKey}` };
    const [first, second] = [await start(body, { headers }), await start(body, { headers })];
    expect([second.status, second.headers.get('idempotency-replayed')]).to.deep.equal([201, 'true']);
    expect(second.body).to.deep.equal(first.body);
  });

  it('refuses what cannot be started, and says what could', async () => {
    const refusal = async (more: object, as = 'operator') => {
      const { status, body } = await client.call('POST', '/v1/process-instances', { as, body: document(more) });
      return { status, code: body['code'], detail: body['detail'] as string, errors: body['errors'] };
    };
    expect(await refusal({ version: 7 })).to.deep.include({
      status: 404,
      detail: 'There is no version 7 of the process document-check; there are 1.',
    });
    expect(await refusal({ processId: 'nothing' })).to.deep.include({ status: 404, code: 'not-found' });
    const ofOrder = await refusal({ processId: 'sale' });
    expect([ofOrder.status, ofOrder.detail]).to.deep.equal([
      403,
      'sale is the process of an order and starts with it. Instead there is POST /v1/sale-orders.',
    ]);
    expect(await refusal({}, 'sales')).to.deep.include({ status: 403, code: 'forbidden' });
    const wrong = await refusal({ variables: { document: { id: 'x', text: 7 }, colour: 'red' } });
    expect([wrong.status, wrong.errors]).to.deep.equal([
      422,
      [
        { pointer: '/variables/colour', message: 'is not declared; there are document, scan, verdict' },
        { pointer: '/variables/document/text', message: 'must be string,null' },
      ],
    ]);
    expect((await refusal({ businessKey: ' ' })).status).to.equal(422);
    expect((await refusal({ version: 1 })).status).to.equal(201);
  });

  it('jobs are taken, extended, failed and completed as the contract says', async () => {
    await start();
    const taken = await activate({ lockMs: 5_000 });
    expect(taken.status).to.equal(200);
    const [job] = ActivatedJobs.parse(taken.body).jobs;
    expect(taken.headers.get('idempotency-key'), 'it is no command').to.equal(null);
    const { id, leaseToken } = job!;
    const extended = await client.call('PATCH', `/v1/jobs/${id}`, { as: 'worker', body: { leaseToken, lockMs: 600_000 } });
    expect([extended.status, extended.body['jobId']]).to.deep.equal([200, id]);
    const failed = await say({ id }, 'failure', { leaseToken, message: 'jammed', retryAfterMs: 0 });
    expect(FailedJob.parse(failed.body)).to.deep.include({ outcome: 'retry', retriesLeft: 2 });
    const stale = await say({ id }, 'completion', { leaseToken, variables: scan() });
    expect([stale.status, stale.body['code']]).to.deep.equal([409, 'stale-lease']);
    const again = await activateOne();
    const headers = { 'Idempotency-Key': 'done' };
    const body = { leaseToken: again.leaseToken, variables: scan() };
    const [first, second] = [await say(again, 'completion', body, headers), await say(again, 'completion', body, headers)];
    expect(JobResult.parse(first.body)).to.deep.equal(second.body);
    expect(second.headers.get('idempotency-replayed')).to.equal('true');
  });

  it('only workers may work; operators see what waits, for how long, and who has it', async () => {
    const { body: instance } = await start();
    await start();
    expect(
      (await client.call('POST', '/v1/jobs/activation', { as: 'operator', body: { type: 'x', worker: 'x' } })).status,
    ).to.equal(403);
    expect((await activate({ type: 'inventory.reserve' })).body['code']).to.equal('wrong-state');
    const job = await activateOne();
    await world.pass(30_000);
    const queues = await client.call('GET', '/v1/job-queues', { as: 'operator' });
    const [queue] = (queues.body['items'] as unknown[]).map((each) => JobQueue.parse(each));
    expect(queue).to.deep.include({ type: 'document.scan', available: 1, resting: 0, incidents: 0, suspended: 0 });
    expect(queue?.workers).to.include('w-1');
    expect(queue?.waitingMs).to.be.greaterThan(29_999);
    const seen = await client.call('GET', `/v1/jobs/${job.id}`, { as: 'operator' });
    expect(Job.parse(seen.body)).to.deep.include({ status: 'leased', external: true, worker: 'w-1', attempts: 1, retries: 3 });
    expect(seen.body, 'a token is for its worker only').not.to.have.property('leaseToken');
    const open = await client.call(
      'GET',
      `/v1/jobs?status=available&processInstanceId=${instance['id'] as string}&status=leased`,
      {
        as: 'operator',
      },
    );
    expect(open.body['items']).to.have.length(1);
  });

  it('a worker that hangs up while it waits gets no job', async () => {
    const hangUp = async (afterMs: number): Promise<void> => {
      await fetch(`${client.url}/v1/jobs/activation`, {
        method: 'POST',
        headers: { Authorization: 'Bearer demo-worker', 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'document.scan', worker: 'hangs up', requestTimeoutMs: 60_000 }),
        signal: AbortSignal.timeout(afterMs),
      }).catch(() => undefined);
    };
    await Promise.all([5, 20, 100, 300].map(hangUp));
    await start();
    let job: JsonObject | undefined;
    await until(async () => (job = await activateOne().catch(() => undefined)) !== undefined);
    expect(job).to.deep.include({ attempt: 1 });
  });

  it('refuses what is no job, no token, or out of bounds', async () => {
    const bad = await activate({ maxJobs: 101, lockMs: 10, requestTimeoutMs: 61_000 });
    expect([bad.status, (bad.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)]).to.deep.equal([
      422,
      ['/maxJobs', '/lockMs', '/requestTimeoutMs'],
    ]);
    const job = { id: '00000000-0000-7000-8000-000000000000' };
    expect((await say(job, 'completion', { leaseToken: job.id })).status).to.equal(404);
    expect((await say(job, 'completion', { leaseToken: 'x' })).status).to.equal(422);
    expect((await client.call('GET', `/v1/jobs/${job.id}`, { as: 'worker' })).status).to.equal(404);
  });
});
