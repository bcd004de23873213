import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BpmnError,
  JobFailure,
  startWorker,
  type Handler,
  type Worker,
  type WorkerEvent,
  type WorkerSettings,
} from '../../src/client/index.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { withdrawLease } from '../../src/persistence/leases.ts';
import { readResources } from '../../src/resources.ts';
import { until } from '../helpers/promises.ts';
import { ended, sendDocument, startRealService, type RealService } from './service.ts';
import { exampleFolder, scan } from './stage.ts';

describe('the worker client', function () {
  this.timeout(60_000);
  let service: RealService;
  let worker: Worker | undefined;
  let events: WorkerEvent[];
  before(async () => {
    service = await startRealService();
    await deploy(service.database, await readResources(exampleFolder), 'test');
  });
  beforeEach(() => {
    events = [];
  });
  afterEach(() => worker?.stop(0));
  after(() => service.close());
  const start = (handler: Handler, settings: Partial<WorkerSettings> = {}): void => {
    const onEvent = (event: WorkerEvent): void => void events.push(event);
    worker = startWorker(
      { url: service.url, token: 'demo-worker', type: 'document.scan', name: 'w', onEvent, ...settings },
      handler,
    );
  };
  const heard = (name: string): WorkerEvent | undefined => events.find(({ event }) => event === name);
  const outbox = async (id: string) =>
    (
      await service.database.query<{ failures: number; lastError: string | null; deliveries: number; rests: boolean }>(
        `select failures, deliveries, last_error as "lastError", next_at = 'infinity' as rests from orderflow.outbox where instance_id = $1`,
        [id],
      )
    )[0];

  it('does jobs as they come, as many at once as it may', async () => {
    let now = 0;
    let most = 0;
    start(
      async () => {
        most = Math.max(most, ++now);
        await until(() => most >= 3);
        await sleep(10);
        now--;
        return scan();
      },
      { concurrency: 3 },
    );
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => sendDocument(service, `D-many-${n}`)));
    for (const id of ids) await ended(service, id);
    expect(most).to.equal(3);
  });

  it('keeps a job that takes longer than its lease', async () => {
    start(() => sleep(3_500, scan()), { lockMs: 1_000 });
    const id = await sendDocument(service, 'D-long');
    await ended(service, id);
    expect((await outbox(id))?.deliveries).to.equal(1);
  });

  it('raises BPMN errors', async () => {
    start(() => {
      throw new BpmnError('UNREADABLE', 'it is in a language that nobody speaks');
    });
    const id = await sendDocument(service, 'D-error');
    const waits = async () => (await service.call('GET', `/v1/process-instances/${id}/waits`, { as: 'operator' })).body['items'];
    await until(async () => JSON.stringify(await waits()).includes('dc_resent'));
  });

  it('reports failures, with a rest and with what the next attempt is to know', async () => {
    const seen: unknown[] = [];
    start((job) => {
      seen.push(job.variables['page']);
      if (job.attempt === 1) throw new JobFailure('jammed at page 7', { retryAfterMs: 300, variables: { page: 7 } });
      return scan();
    });
    const id = await sendDocument(service, 'D-failure');
    await ended(service, id);
    expect(seen).to.deep.equal([undefined, 7]);
    expect(await outbox(id)).to.deep.include({ failures: 1, lastError: 'jammed at page 7' });
  });

  it('a result that its type does not declare is told to the operators as a failure, not lost', async () => {
    start(() => ({ scan: 'all right' }));
    const id = await sendDocument(service, 'D-undeclared');
    await until(async () => ((await outbox(id))?.failures ?? 0) > 0);
    expect((await outbox(id))?.lastError).to.match(/does not fit its declaration: \/scan must be object/);
    expect(heard('refused')).to.have.property('job');
  });

  it('a result that is no JSON, or too large, is told as a failure too', async () => {
    const results = [{ scan: 1n }, { scan: 'x'.repeat(300_000) }];
    start((job) => results[job.attempt - 1]);
    const id = await sendDocument(service, 'D-unusable');
    const failures: (string | null)[] = [];
    for (const n of [1, 2]) {
      await until(async () => ((await outbox(id))?.failures ?? 0) === n);
      failures.push((await outbox(id))?.lastError ?? null);
    }
    expect(failures[0]).to.match(/BigInt/);
    expect(failures[1]).to.match(/longer than|at most/);
  });

  it('tells the handler when the job has been taken away, and says nothing of it any more', async () => {
    let told: unknown;
    start(
      async (_job, signal) => {
        await sleep(20_000, undefined, { signal }).catch(() => (told = signal.reason));
        return scan();
      },
      { lockMs: 1_200 },
    );
    const id = await sendDocument(service, 'D-taken');
    await until(() => heard('begun') !== undefined);
    await service.database.transaction(async (tx) => {
      const { jobId } = await tx.one<{ jobId: string }>(
        'select wait_id as "jobId" from orderflow.outbox where instance_id = $1',
        [id],
      );
      await withdrawLease(tx, jobId);
    });
    await until(() => heard('lost') !== undefined);
    expect(told).to.be.an('error');
    expect(heard('completion')).to.equal(undefined);
  });

  it('does not lose a result when the service is away: it is told when it is back', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    start(async () => {
      await finished;
      return scan();
    });
    const id = await sendDocument(service, 'D-away');
    await until(() => heard('begun') !== undefined);
    await service.stop();
    finish();
    await until(() => heard('away') !== undefined);
    await service.start();
    await ended(service, id);
    expect(await outbox(id)).to.deep.include({ deliveries: 1, failures: 0 });
  });

  it('an answer that was lost is asked for again under the same key: one completion', async () => {
    let lost = 0;
    const forgetful: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (lost < 2 && (input as string).endsWith('/completion')) {
        lost++;
        await answer.text();
        throw new TypeError('the connection was lost');
      }
      return answer;
    };
    start(() => scan(), { fetch: forgetful });
    const id = await sendDocument(service, 'D-lost-answer');
    await until(() => heard('completion') !== undefined);
    expect([lost, heard('lost')]).to.deep.equal([2, undefined]);
    const [row] = await service.database.query<{ n: number }>(
      `select count(*) as n from orderflow.step where instance_id = $1 and wait_id is not null`,
      [id],
    );
    expect(row?.n).to.equal(1);
  });

  it('a service that stops does not wait for those who wait for jobs', async () => {
    start(() => scan(), { pollMs: 60_000 });
    const waiting = async () =>
      (
        await service.call('POST', '/v1/jobs/activation', {
          as: 'worker',
          body: { type: 'document.scan', worker: 'x', requestTimeoutMs: 0 },
        })
      ).status;
    expect(await waiting()).to.equal(200);
    const before = Date.now();
    await service.stop();
    expect(Date.now() - before).to.be.lessThan(5_000);
    await service.start();
    await ended(service, await sendDocument(service, 'D-after'));
  });
});
