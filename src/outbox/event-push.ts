import type { Database } from '../persistence/database.ts';
import { readEvents } from '../queries/event.ts';
import { messageOf } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Logger } from '../support/logger.ts';
import { Poller } from '../support/poller.ts';
import { signWebhook } from '../support/webhook-signature.ts';

export interface EventPushSettings {
  /** Address by which others reach this service; schemas are named by it. */
  readonly publicUrl: string;
  readonly sweepMs: number;
  /** How many events one delivery carries; 100 when left out. */
  readonly batch?: number;
  /** How long a consumer may take to answer, ms; 10 s when left out. */
  readonly answerMs?: number;
}

interface Consumer {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly position: number;
  readonly failures: number;
}

/**
 * Pushes published events to the consumers that have an address: the next batch goes out when the one before was answered with 2xx, so a consumer gets every
 * event at least once and those of a subject in order. A batch whose answer was lost with this process is sent again, by whoever comes next.
 */
export function createEventPush(database: Database, settings: EventPushSettings, logger: Logger): Poller {
  const { publicUrl, batch = 100, answerMs = 10_000 } = settings;

  /** Longer than an answer may take: nobody else pushes to a consumer while its answer is awaited. */
  const leaseMs = answerMs * 2;
  const claim = (): Promise<Consumer[]> =>
    database.query<Consumer>(
      `update orderflow.event_consumer set next_at = orderflow.now() + $1 * interval '1 millisecond'
        where name in (select c.name from orderflow.event_consumer c
                        where c.url is not null and c.next_at <= orderflow.now()
                          and exists (select 1 from orderflow.event e where e.position > c.position)
                        order by c.next_at, c.name limit 10 for update skip locked)
        returning name, url, secret, position, failures`,
      [leaseMs],
    );

  const push = async (consumer: Consumer): Promise<void> => {
    const events = await readEvents(database, publicUrl, { after: consumer.position, limit: batch });
    const last = events.at(-1);
    if (!last) return;
    try {
      await deliver(consumer, events, answerMs);
    } catch (error) {
      const rest = restMs(consumer.failures + 1);
      logger.warn({ err: error, consumer: consumer.name, rest }, 'events could not be pushed');
      await database.query(
        `update orderflow.event_consumer set failures = failures + 1, last_error = $2, next_at = orderflow.now() + $3 * interval '1 millisecond' where name = $1`,
        [consumer.name, messageOf(error), rest],
      );
      return;
    }
    await database.query(
      `update orderflow.event_consumer
          set position = greatest(position, $2), acknowledged_at = orderflow.now(), failures = 0, last_error = null, next_at = orderflow.now(),
              revision = revision + 1
        where name = $1`,
      [consumer.name, Number(last.position)],
    );
  };

  const round = async (): Promise<boolean> => {
    const due = await claim();
    await Promise.all(due.map(push));
    return due.length > 0;
  };
  return new Poller('event push', round, settings.sweepMs, logger);
}

/** How long a consumer that did not answer is left alone: 1 s, 4 s, 9 s ... at most ten minutes. */
const restMs = (failures: number): number => Math.min(600_000, failures * failures * 1000);

/** @throws Error when the consumer is away, slow, or answers anything but 2xx */
async function deliver({ url, secret }: Consumer, events: readonly JsonObject[], answerMs: number): Promise<void> {
  const body = JSON.stringify(events);
  const signed = signWebhook({ id: newId(), sentAt: new Date(), body, secrets: [secret] });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8', ...signed },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}
