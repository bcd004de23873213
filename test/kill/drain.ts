import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.ts';
import type { Client } from './client.ts';
import type { Outside } from './outside.ts';

interface Draining {
  readonly database: Database;
  readonly client: Client;
  readonly outside: Outside;
  /** The stories that are still being played. */
  readonly playing: Promise<unknown>;
  readonly signal: AbortSignal;
}

/** An incident that the chaos explains: a provider failed as often as a job may, or its worker was killed as often. */
const explained = /outcome is unknown|may be killing its worker/;

/**
 * Waits until the stories have ended and nothing is left to do. Incidents that are explained are resolved on the way, as an operator would do; the
 * others stay for the audit to find. Answers what was not done in time, with all that may say why.
 */
export async function drain({ database, client, outside, playing, signal }: Draining, giveUpAt: number): Promise<string[]> {
  let isPlaying = true;
  void playing.then(() => (isPlaying = false));
  for (;;) {
    await resolveExplained(database, client);
    if (!isPlaying && (await isIdle(database)) && (await isToldAll(outside))) return [];
    if (Date.now() > giveUpAt) break;
    await sleep(250, undefined, { signal });
  }
  return [`It did not come to rest${isPlaying ? ', and stories are still being played' : ''}.\n${await diagnose(database)}`];
}

/** What an operator would do while it is going on, too. */
export async function resolveExplained(database: Database, client: Client): Promise<void> {
  const incidents = await database.query<{ id: string; message: string }>(
    'select id, message from orderflow.incident where resolved_at is null and retried_at is null',
  );
  for (const { id, message } of incidents)
    if (explained.test(message)) await client.send('admin', 'POST', `/v1/incidents/${id}/resolution`);
}

async function isIdle(database: Database): Promise<boolean> {
  const [left] = await database.query<{ work: number }>(`
    select (select count(*) from orderflow.outbox where done_at is null and cancelled_at is null and next_at <> 'infinity')
         + (select count(*) from orderflow.payment where next_at is not null)
         + (select count(*) from orderflow.wait where kind = 'timer' and status = 'open' and due_at <= orderflow.now())
         + (select count(*) from orderflow.message m join orderflow.wait w
              on w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
             where m.consumed_at is null and m.expires_at > orderflow.now()) as work`);
  return left?.work === 0;
}

const isToldAll = async (outside: Outside): Promise<boolean> =>
  (await outside.ledger()).every(({ webhook }) => webhook === null || webhook.accepted >= webhook.copies);

/** Why is it stuck? The heads of everything that can hold up an order. */
async function diagnose(database: Database): Promise<string> {
  const questions: Readonly<Record<string, string>> = {
    'open jobs': `select i.business_key, o.job_type, o.deliveries, o.failures, o.last_error, o.next_at, orderflow.now() as now
                    from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id
                   where o.done_at is null and o.cancelled_at is null order by o.sequence limit 10`,
    'open waits': `select w.kind, w.element_id, count(*) as count, min(w.opened_at) as oldest, min(i.business_key) as one_of_them
                     from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
                    where w.status = 'open' group by 1, 2 order by 3 desc limit 20`,
    incidents: `select i.business_key, n.kind, n.element_id, n.message, n.opened_at, n.retried_at from orderflow.incident n
                  join orderflow.process_instance i on i.id = n.instance_id where n.resolved_at is null limit 10`,
    messages: `select name, source, attempts, next_at, received_at from orderflow.message where consumed_at is null limit 10`,
    connections: `select application_name, state, wait_event_type, wait_event, now() - xact_start as since, left(query, 120) as query
                    from pg_stat_activity where datname = current_database() and state <> 'idle' limit 20`,
  };
  const told: string[] = [];
  for (const [title, sql] of Object.entries(questions)) {
    const rows = await database.query(sql);
    told.push(`${title}: ${rows.length === 0 ? 'none' : ''}`, ...rows.map((row) => `  ${JSON.stringify(row)}`));
  }
  return told.join('\n');
}
