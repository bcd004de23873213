import { expect } from 'chai';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createJobBackend, type JobBackend } from '../../src/jobs/backend.ts';
import { createLogger } from '../../src/support/logger.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { startProgram } from '../helpers/programs.ts';
import { failure, until } from '../helpers/promises.ts';
import { startRedis, testRedisUrl } from '../helpers/redis.ts';
import type { HangOrders } from './programs/hang-on-a-bell.ts';

const hangOnABell = path.resolve(import.meta.dirname, 'programs/hang-on-a-bell.ts');
const logger = createLogger('silent');
const redisPrefix = `backend-test-${process.pid}`;
let queues = 0;

for (const kind of ['postgres', 'redis'] as const) {
  describe(`The job backend on ${kind}`, () => {
    let test: TestDatabase;
    let redisUrl: string | undefined;
    let queue: string;
    const opened: JobBackend[] = [];

    before(async function () {
      redisUrl = kind === 'redis' ? testRedisUrl() : undefined;
      if (kind === 'redis' && !redisUrl) this.skip();
      test = await openTestDatabase();
    });
    after(() => test?.drop());
    beforeEach(() => {
      queue = `queue-${++queues}`;
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((backend) => backend.close()));
    });

    async function open(url = redisUrl): Promise<JobBackend> {
      const pool = () => test.database.createPool({ max: 6, applicationName: 'jobs', searchPath: 'bullmq' });
      const backend = await createJobBackend({ redisUrl: url, redisPrefix, pool, logger });
      opened.push(backend);
      return backend;
    }

    const rings = (backend: JobBackend, id: string): Promise<boolean> =>
      backend.ring(queue, [{ id, data: {} }]).then(
        () => true,
        () => false,
      );

    it('can be opened by several processes at once', async () => {
      const backends = await Promise.all([open(), open(), open(), open()]);
      expect(backends.map((backend) => backend.kind)).to.deep.equal([kind, kind, kind, kind]);
    });

    it('rings what was rung before and after the worker came, once each, with its data', async () => {
      const [ringer, answerer] = await Promise.all([open(), open()]);
      const heard: object[] = [];
      await ringer.ring(queue, [{ id: 'a', data: { order: 1 } }]);
      await ringer.ring(queue, [{ id: 'a', data: { order: 1 } }]);
      answerer.worker(queue, (data) => Promise.resolve(void heard.push(data)), { concurrency: 2 });
      await until(() => heard.length === 1);
      await ringer.ring(queue, [
        { id: 'b', data: { order: 2 } },
        { id: 'c', data: { order: 3 } },
      ]);
      await until(() => heard.length === 3);
      expect(heard).to.have.deep.members([{ order: 1 }, { order: 2 }, { order: 3 }]);
    });

    it('forgets a bell that was answered, also with an error, and never rings it again by itself', async () => {
      const backend = await open();
      let rung = 0;
      const refuse = (): Promise<never> => {
        rung++;
        return Promise.reject(new Error('no'));
      };
      backend.worker(queue, refuse, { concurrency: 1 });
      await backend.ring(queue, [{ id: 'a', data: {} }]);
      await until(() => rung === 1);
      await sleep(200);
      expect(rung).to.equal(1);
      await backend.ring(queue, [{ id: 'a', data: {} }]);
      await until(() => rung === 2);
    });

    it('answers as many at once as it was told', async () => {
      const backend = await open();
      let running = 0;
      let most = 0;
      let done = 0;
      const work = async (): Promise<void> => {
        most = Math.max(most, ++running);
        await sleep(30);
        running--;
        done++;
      };
      backend.worker(queue, work, { concurrency: 3 });
      await backend.ring(
        queue,
        Array.from({ length: 12 }, (_, index) => ({ id: `bell-${index}`, data: {} })),
      );
      await until(() => done === 12);
      expect(most).to.equal(3);
    });

    it('closes a worker after what it works on, and aborts that when it takes too long', async () => {
      const backend = await open();
      const seen: string[] = [];
      const work = async (_data: object, signal: AbortSignal): Promise<void> => {
        seen.push('taken');
        await sleep(5_000, undefined, { signal }).catch(() => seen.push('aborted'));
      };
      const worker = backend.worker(queue, work, { concurrency: 1, graceMs: 100 });
      await backend.ring(queue, [{ id: 'a', data: {} }]);
      await until(() => seen.length === 1);
      await worker.close();
      expect(seen).to.deep.equal(['taken', 'aborted']);
    });

    it('D9: a job whose worker is killed twice is given up by BullMQ, and can be rung again under its id', async () => {
      const lockMs = 300;
      const orders: HangOrders = { target: test.target, redisUrl, redisPrefix, queue, lockMs };
      const backend = await open();
      await backend.ring(queue, [{ id: 'a', data: {} }]);
      for (const _ of [1, 2]) {
        const doomed = startProgram(hangOnABell, [JSON.stringify(orders)]);
        expect(await doomed.said()).to.equal('taken');
        await doomed.end('SIGKILL');
      }
      let rung = 0;
      backend.worker(queue, () => Promise.resolve(void rung++), { concurrency: 1, lockMs });
      await sleep(4 * lockMs);
      expect(rung).to.equal(0);
      await backend.ring(queue, [{ id: 'a', data: {} }]);
      await until(() => rung === 1);
    });

    if (kind === 'redis') {
      it('refuses a Redis that would drop jobs', async () => {
        const admin = new Redis(redisUrl ?? '');
        await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
        const error = await failure(open());
        await admin.config('SET', 'maxmemory-policy', 'noeviction');
        admin.disconnect();
        expect(error.message).to.contain('maxmemory-policy allkeys-lru');
      });

      it('rings in vain, but soon, while Redis is away, and goes on when it is back with nothing', async () => {
        const redis = await startRedis();
        const backend = await open(redis?.url);
        const heard: object[] = [];
        backend.worker(queue, (data) => Promise.resolve(void heard.push(data)), { concurrency: 1 });
        await backend.ring(queue, [{ id: 'a', data: { n: 1 } }]);
        await until(() => heard.length === 1);
        await redis?.stop();
        const begun = Date.now();
        await failure(backend.ring(queue, [{ id: 'b', data: { n: 2 } }]));
        expect(Date.now() - begun).to.be.below(6_000);
        const back = await startRedis(redis?.port);
        await until(() => rings(backend, 'b'));
        await until(() => heard.length === 2);
        await back?.stop();
        await until(() => rings(backend, 'c').then((rung) => !rung));
        await backend.close();
      });

      it('closes soon when Redis goes away while a bell is being answered, after the answer', async () => {
        const redis = await startRedis();
        const backend = await open(redis?.url);
        const seen: string[] = [];
        const work = async (): Promise<void> => {
          seen.push('taken');
          await redis?.stop();
          await sleep(300);
          seen.push('answered');
        };
        const worker = backend.worker(queue, work, { concurrency: 1 });
        await backend.ring(queue, [{ id: 'a', data: {} }]);
        await until(() => seen.length === 1);
        const begun = Date.now();
        await worker.close();
        expect(seen).to.deep.equal(['taken', 'answered']);
        expect(Date.now() - begun).to.be.below(3_000);
      });

      it('opens without Redis, and closes', async () => {
        const backend = await open('redis://127.0.0.1:1');
        backend.worker(queue, () => Promise.resolve(), { concurrency: 1 });
        await failure(backend.ring(queue, [{ id: 'a', data: {} }]));
        await backend.close();
      });
    } else {
      it('goes on after the server has cut its connections', async () => {
        const backend = await open();
        let rung = 0;
        backend.worker(queue, () => Promise.resolve(void rung++), { concurrency: 1 });
        await backend.ring(queue, [{ id: 'a', data: {} }]);
        await until(() => rung === 1);
        await test.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        );
        await until(() => rings(backend, 'b'));
        await until(() => rung === 2);
      });
    }
  });
}
