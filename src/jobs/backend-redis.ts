import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import type { Connector } from './backend.ts';

const patienceMs = 5_000;

/**
 * BullMQ on Redis. A Redis that cannot be reached is waited for in the background, since bells that are not rung now are rung later; one that
 * evicts keys is refused, since it would drop jobs without a trace.
 */
export async function connectRedis(url: string, prefix: string, logger: Logger): Promise<Connector> {
  const warn = (error: Error): void => void logger.warn({ error: messageOf(error) }, 'Redis');
  // Ringing must fail soon when Redis is away, so that the relay can go on; workers wait for it as long as it takes.
  const ringing = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: patienceMs,
    connectTimeout: patienceMs,
  });
  const working = new Redis(url, { maxRetriesPerRequest: null });
  ringing.on('error', warn);
  working.on('error', warn);
  const disconnect = (): void => {
    ringing.disconnect();
    working.disconnect();
  };
  try {
    await refuseEviction(ringing, warn);
  } catch (error) {
    disconnect();
    throw error;
  }
  return {
    kind: 'redis',
    reachable: () => ringing.status === 'ready',
    queue: (name) => new Queue(name, { prefix, connection: ringing, streams: { events: { maxLen: 100 } } }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, prefix, connection: working }),
    close: () => Promise.resolve(disconnect()),
  };
}

/** INFO rather than CONFIG GET, which hosted servers refuse. */
async function refuseEviction(redis: Redis, warn: (error: Error) => void): Promise<void> {
  const memory = await ready(redis).then(
    () => redis.info('memory'),
    (error: Error) => warn(error),
  );
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory ?? '')?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(
      `Redis has maxmemory-policy ${policy} and would drop jobs when its memory is full. Set it to noeviction (redis.conf or CONFIG SET).`,
    );
  }
}

function ready(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`not reachable within ${patienceMs / 1000} s; going on without it`)),
      patienceMs,
    );
    redis.once('ready', () => {
      clearTimeout(late);
      resolve();
    });
  });
}
