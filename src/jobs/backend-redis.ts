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
  // Ringing must fail soon when Redis is away, so that the relay can go on; workers wait for it as long as it takes.
  const ringing = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: patienceMs,
    connectTimeout: patienceMs,
  });
  const working = new Redis(url, { maxRetriesPerRequest: null });
  reportAbsence(ringing, logger);
  working.on('error', () => undefined); // the same server; BullMQ's workers report what concerns them
  const disconnect = (): void => {
    ringing.disconnect();
    working.disconnect();
  };
  try {
    await refuseEviction(ringing, logger);
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

/** Tells once that Redis is away and once that it is back, not at every attempt between. */
function reportAbsence(redis: Redis, logger: Logger): void {
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) logger.warn({ error: messageOf(error) }, 'Redis is away; jobs wait');
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.info('Redis is back');
    away = false;
  });
}

/** INFO rather than CONFIG GET, which hosted servers refuse. */
async function refuseEviction(redis: Redis, logger: Logger): Promise<void> {
  if (!(await isReady(redis)))
    return void logger.warn(`Redis was not reachable within ${patienceMs / 1000} s; starting without it`);
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(
      `Redis has maxmemory-policy ${policy} and would drop jobs when its memory is full. Set it to noeviction (redis.conf or CONFIG SET).`,
    );
  }
}

function isReady(redis: Redis): Promise<boolean> {
  if (redis.status === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), patienceMs);
    redis.once('ready', () => {
      clearTimeout(late);
      resolve(true);
    });
  });
}
