import { Client, escapeIdentifier, type ClientConfig } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';

const backoff = { firstMs: 100, mostMs: 5_000 };

/**
 * LISTEN on a connection of its own. A lost connection is made again, with growing pauses and for as long as it takes; as notifications may have
 * been missed meanwhile, `onNotify('')` is called after each reconnection. Resolves when the channel is first listened to, with a function that ends it.
 */
export async function listen(
  settings: ClientConfig,
  channel: string,
  onNotify: (payload: string) => void,
  logger?: Logger,
): Promise<() => Promise<void>> {
  const ended = new AbortController();
  let client = await connect();

  async function connect(): Promise<Client> {
    const fresh = new Client(settings);
    fresh.on('error', (error) => logger?.warn({ channel, error: messageOf(error) }, 'the connection that listens was lost'));
    try {
      await fresh.connect();
      fresh.on('notification', (message) => onNotify(message.payload ?? ''));
      await fresh.query(`listen ${escapeIdentifier(channel)}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    fresh.once('end', () => void reconnect());
    return fresh;
  }

  async function reconnect(): Promise<void> {
    for (let pause = backoff.firstMs; !ended.signal.aborted; pause = Math.min(pause * 2, backoff.mostMs)) {
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
      if (ended.signal.aborted) return;
      try {
        client = await connect();
      } catch (error) {
        logger?.warn({ channel, error: messageOf(error) }, 'listening again failed');
        continue;
      }
      if (ended.signal.aborted) await client.end().catch(() => undefined);
      else onNotify('');
      return;
    }
  }

  return async () => {
    ended.abort();
    await client.end().catch(() => undefined);
  };
}
