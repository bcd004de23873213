import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import type { Connector } from './backend-connector.ts';

const patienceMs = 3_000;

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
  const working = new CopiedRedis(url, { maxRetriesPerRequest: null });
  reportAbsence(ringing, logger);
  working.on('error', () => undefined); // the same server; BullMQ's workers report what concerns them
  const disconnect = (): void => {
    ringing.disconnect();
    working.disconnectAll();
  };
  if (await isReady(ringing)) {
    const fault = await evictionFault(ringing);
    if (fault !== undefined) {
      disconnect();
      throw new Error(fault);
    }
  } else {
    logger.warn(`Redis was not reachable within ${patienceMs / 1000} s; starting without it`);
  }
  return {
    kind: 'redis',
    reachable: () => ringing.status === 'ready',
    queue: (name) => new Queue(name, { prefix, connection: ringing, streams: { events: { maxLen: 100 } } }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, prefix, connection: working }),
    close: () => Promise.resolve(disconnect()),
  };
}

/** Knows its copies: BullMQ makes one for each worker, and may leave it trying for ever when Redis goes away while the worker closes. */
class CopiedRedis extends Redis {
  private readonly copies: Redis[] = [];

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    copy.on('error', () => undefined); // BullMQ listens too, but not to the end
    this.copies.push(copy);
    return copy;
  }

  disconnectAll(): void {
    for (const each of [this, ...this.copies]) {
      each.options.retryStrategy = () => null;
      each.disconnect();
    }
  }
}

/** Tells once that Redis is away and once that it is back, not at every attempt between. */
function reportAbsence(redis: Redis, logger: Logger): void {
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) logger.warn({ error: messageOf(error) }, 'Redis is away; jobs wait');
    away = true;
  });
  redis.on('ready', () => {
    if (!away) return;
    away = false;
    logger.info('Redis is back');
    // It may be another one now, or the first one that we see.
    evictionFault(redis).then(
      (fault) => fault && logger.error(fault),
      () => undefined,
    );
  });
}

/** Why this Redis must not be used, or undefined. By INFO rather than CONFIG GET, which hosted servers refuse. */
async function evictionFault(redis: Redis): Promise<string | undefined> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy === undefined || policy === 'noeviction') return undefined;
  return `Redis has maxmemory-policy ${policy} and would drop jobs when its memory is full. Set it to noeviction (redis.conf or CONFIG SET).`;
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
