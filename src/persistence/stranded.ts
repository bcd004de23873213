import { instanceRests, typeRests } from './resting.ts';
import type { Transaction } from './transaction.ts';

/** Work that nobody is going to do, as a look at the database finds it. */
export interface Stranded {
  readonly key: string;
  readonly finding: string;
  readonly instanceId: string;
  readonly waitId: string | null;
  readonly messageId: string | null;
  readonly elementId: string | null;
  readonly message: string;
}

/** At most this many of each kind at a look, always the same ones first: who has thousands of them has one cause, which hundreds show. */
const atOnce = 500;

/** Asked once for a look, not once for a row. */
const now = '(select orderflow.now())';
const awake = `not ${instanceRests('w.instance_id')}`;
const unknown = `not exists (select from orderflow.incident n where n.wait_id = w.id and n.resolved_at is null and n.kind <> 'stranded')`;
const openRow = 'o.wait_id = w.id and o.done_at is null and o.cancelled_at is null';
const waiting = (kind: string): string => `orderflow.wait w where w.kind = '${kind}' and w.status = 'open' and ${unknown}`;
/** Messages that were left for an open wait and not read. */
const unread = `orderflow.wait w join orderflow.message m on m.name = w.message_name and m.correlation_key = w.correlation_key and m.consumed_at is null
  where w.kind = 'message' and w.status = 'open' and ${unknown}`;

/** Each finding: columns wait (a row of orderflow.wait), message_id and what. `what` has no ids in it: it is the cause. */
const findings: Readonly<Record<string, string>> = {
  'job-without-row': `select w, null::uuid, format('The job %s has no row in the outbox: no worker will ever hear of it', w.job_type) from ${waiting('job')}
    and not exists (select from orderflow.outbox o where ${openRow})`,
  'job-never-begun': `select w, null::uuid, format('No worker has taken a job of the type %s for a long time', w.job_type) from ${waiting('job')}
    and ${awake} and not ${typeRests('w.job_type')} and exists (select from orderflow.outbox o where ${openRow} and o.begun_at is null and o.next_at <> 'infinity'
      and o.created_at < ${now} - interval '5 minutes')`,
  'job-held': `select w, null::uuid, format('The job %s rests, and no incident says why', w.job_type) from ${waiting('job')}
    and exists (select from orderflow.outbox o where ${openRow} and o.next_at = 'infinity')`,
  'timer-overdue': `select w, null::uuid, 'The timer is long overdue and has not fired' from ${waiting('timer')}
    and ${awake} and w.next_at <> 'infinity' and w.due_at < ${now} - interval '5 minutes'`,
  'timer-held': `select w, null::uuid, 'The timer rests, and no incident says why' from ${waiting('timer')} and w.next_at = 'infinity'`,
  'message-expired': `select w, m.id, format('A message %s came for this wait and expired before it was read', m.name) from ${unread}
    and m.expires_at <= ${now} and m.expires_at > w.opened_at and m.expires_at > ${now} - interval '30 days'`,
  'message-held': `select w, m.id, format('A message %s for this wait rests, and no incident says why', m.name) from ${unread}
    and m.next_at = 'infinity' and m.expires_at > ${now}
    and not exists (select from orderflow.incident n where n.message_id = m.id and n.resolved_at is null and n.kind <> 'stranded')`,
  'call-without-child': `select w, null::uuid, 'The called process neither runs nor is going to start' from ${waiting('call')}
    and ${awake} and not exists (select from orderflow.call c where c.wait_id = w.id and c.closed_at is null
      and (c.todo is not null and c.next_at <> 'infinity'
           or c.todo is null and exists (select from orderflow.process_instance i where i.parent_wait_id = w.id and i.status = 'running')))`,
};

const nothingWaits = `
  select 'nothing-waits:' || i.id as key, 'nothing-waits' as finding, i.id as "instanceId", null::uuid as "waitId", null::uuid as "messageId", null as "elementId",
         'The instance runs, but waits for nothing: no token of it will ever move' as message
    from orderflow.process_instance i
   where i.status = 'running' and i.revision > 0 and not exists (select from orderflow.wait w where w.instance_id = i.id and w.status = 'open')
   order by i.id limit ${atOnce}`;

const everything = Object.entries(findings)
  .map(
    ([finding, sql]) => `
  (select concat_ws(':', '${finding}', (found.wait).id, found.message_id) as key, '${finding}' as finding, (found.wait).instance_id as "instanceId",
          (found.wait).id as "waitId", found.message_id as "messageId", (found.wait).element_id as "elementId", found.what as message
     from (${sql}) as found (wait, message_id, what) order by 1 limit ${atOnce})`,
  )
  .concat(`(${nothingWaits})`)
  .join(' union all ');

/** All that is stranded now. */
export const findStranded = (tx: Transaction): Promise<Stranded[]> => tx.query<Stranded>(everything);

/** Remembers what a look has found, and forgets what it has not; answers the incidents of what is forgotten and that nobody has let try again. */
export async function rememberLook(tx: Transaction, found: readonly Stranded[]): Promise<string[]> {
  await tx.execute(
    `insert into orderflow.stranded (key, finding, instance_id, wait_id, message_id, element_id, message, first_seen_at)
     select key, finding, "instanceId", "waitId", "messageId", "elementId", message, orderflow.now()
       from jsonb_to_recordset($1::jsonb) as f (key text, finding text, "instanceId" uuid, "waitId" uuid, "messageId" uuid, "elementId" text, message text)
     on conflict (key) do update set looks = stranded.looks + 1`,
    [JSON.stringify(found)],
  );
  const cured = await tx.query<{ incidentId: string | null }>(
    'delete from orderflow.stranded where key <> all($1) returning incident_id as "incidentId"',
    [found.map(({ key }) => key)],
  );
  const ids = cured.flatMap(({ incidentId }) => incidentId ?? []);
  // what somebody let try again is resolved by the step that comes of it
  const open = await tx.query<{ id: string }>(
    `select id from orderflow.incident where id = any($1) and kind = 'stranded' and resolved_at is null and retried_at is null`,
    [ids],
  );
  return open.map(({ id }) => id);
}

/** What has been found again and again and is no incident yet: seen at `looks` looks, the first of them at least `minutes` ago. */
export const longStranded = (tx: Transaction, looks: number, minutes: number): Promise<(Stranded & { since: Date })[]> =>
  tx.query(
    `select key, finding, instance_id as "instanceId", wait_id as "waitId", message_id as "messageId", element_id as "elementId", message,
            first_seen_at as since
       from orderflow.stranded s
      where incident_id is null and looks >= $1 and first_seen_at <= orderflow.now() - $2 * interval '1 minute'
      order by first_seen_at, key limit 200`,
    [looks, minutes],
  );

/**
 * Opens incidents again that somebody let try again long ago, and of which nothing was heard since: neither a commit nor a failure. A job that a worker has, or that
 * failed and rests before its next attempt, is being tried still. Answers their ids.
 */
export async function reopenUnheard(tx: Transaction, minutes: number): Promise<string[]> {
  const reopened = await tx.query<{ id: string }>(
    `update orderflow.incident n
        set retried_at = null, attempts = attempts + 1, failed_at = orderflow.now(), details = details || jsonb_build_object('unheardSince', orderflow.iso(n.retried_at))
      where n.resolved_at is null and n.retried_at < orderflow.now() - $1 * interval '1 minute'
        and not ${instanceRests('n.instance_id')}
        and not exists (select from orderflow.outbox o where o.wait_id = n.wait_id and o.done_at is null and o.cancelled_at is null
               and (o.failures > 0 or o.lease_token is not null and o.next_at > orderflow.now()
                    or ${typeRests('o.job_type')}))
      returning n.id`,
    [minutes],
  );
  return reopened.map(({ id }) => id);
}
