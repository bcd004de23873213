import type { JsonObject } from '../support/json.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

/** A start event that something from outside, or the time, sets off; what its kind does not have is null. Times are ISO 8601 UTC. */
export interface NewStartEvent {
  readonly elementId: string;
  readonly kind: 'message' | 'signal' | 'timer';
  /** Of the message or signal. */
  readonly name: string | null;
  readonly timerType: string | null;
  readonly timerText: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly dueAt: string | null;
  readonly repeatLeft: number | null;
  readonly repeatInterval: string | null;
}

/**
 * Puts the start events of a new version in the place of those of the version before. A timer that says what it said before goes on where it stands: a deployment
 * of something else must not make it fire twice, or begin its grid anew.
 */
export async function replaceStartEvents(
  tx: Transaction,
  version: { readonly processId: string; readonly definitionId: string },
  events: readonly NewStartEvent[],
): Promise<void> {
  const { processId, definitionId } = version;
  const kept = events.map(({ elementId }) => elementId);
  await tx.execute('delete from orderflow.start_event where process_id = $1 and element_id <> all($2)', [processId, kept]);
  if (events.length === 0) return;
  await tx.execute(
    `insert into orderflow.start_event as e (process_id, element_id, process_definition_id, kind, name, timer_type, timer_text, properties,
       due_at, repeat_left, repeat_interval, next_at)
     select $2, "elementId", $3, kind, name, "timerType", "timerText", properties, "dueAt", "repeatLeft", "repeatInterval", "dueAt"
       from jsonb_to_recordset($1::jsonb) as r ("elementId" text, kind text, name text, "timerType" text, "timerText" text, properties jsonb,
         "dueAt" timestamptz, "repeatLeft" int, "repeatInterval" text)
     on conflict (process_id, element_id) do update
       set process_definition_id = excluded.process_definition_id, kind = excluded.kind, name = excluded.name, timer_type = excluded.timer_type,
           timer_text = excluded.timer_text, properties = excluded.properties, failures = 0, last_error = null,
           due_at = case when ${same} then e.due_at else excluded.due_at end,
           repeat_left = case when ${same} then e.repeat_left else excluded.repeat_left end,
           repeat_interval = case when ${same} then e.repeat_interval else excluded.repeat_interval end,
           next_at = case when ${same} then e.due_at else excluded.next_at end,
           firings = case when ${same} then e.firings else 0 end,
           fired_at = case when ${same} then e.fired_at end`,
    [JSON.stringify(events), processId, definitionId],
  );
}

const same = `(e.timer_type, e.timer_text, e.properties ->> 'timeZone') is not distinct from (excluded.timer_type, excluded.timer_text, excluded.properties ->> 'timeZone')`;

/** Nobody starts it: its process id or this version of it is suspended. `e` is a row of start_event. */
const resting = `exists (select 1 from orderflow.suspension s where s.resumed_at is null
  and ((s.kind = 'process' and s.ref = e.process_id) or (s.kind = 'definition' and s.ref = e.process_definition_id::text)))`;

/** The keys under which a failed start is looked for again. */
export interface MessageStart {
  readonly messageId: string;
  readonly processId: string;
}

/**
 * A message starts nothing while an instance of the process with its key runs, nor while an earlier message for that key waits to. `s` is a row of message_start,
 * `m` its message.
 */
const mayStart = `(m.correlation_key = ''
  or not exists (select 1 from orderflow.process_instance i
                  where i.process_id = s.process_id and i.business_key = m.correlation_key and i.status = 'running')
     and not exists (select 1 from orderflow.message_start b join orderflow.message n on n.id = b.message_id
                      where b.process_id = s.process_id and n.correlation_key = m.correlation_key and n.sequence < m.sequence
                        and b.done_at is null and n.expires_at > orderflow.now()))`;

/** Starts that can happen now, earliest message first; nobody else gets them for as long as the lease. */
export const claimMessageStarts = (reader: Reader, limit: number, leaseMs: number): Promise<MessageStart[]> =>
  reader.query<MessageStart>(
    `update orderflow.message_start set next_at = orderflow.now() + $2 * interval '1 millisecond'
      where (message_id, process_id) in (
        select s.message_id, s.process_id
          from orderflow.message_start s
          join orderflow.message m on m.id = s.message_id and m.expires_at > orderflow.now()
          join orderflow.start_event e on e.process_id = s.process_id and e.kind = 'message' and e.name = m.name
         where s.done_at is null and s.next_at <= orderflow.now() and ${mayStart} and not ${resting}
         order by m.sequence limit $1 for update of s skip locked)
      returning message_id as "messageId", process_id as "processId"`,
    [limit, leaseMs],
  );

/** What a start needs to know; the start event stays what it is until the transaction ends. */
export interface ReadyStart {
  readonly processId: string;
  readonly definitionId: string;
  readonly elementId: string;
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: JsonObject;
}

/** The processes that a message starts, or the one that is named, as far as they can be started now. */
export const lockMessageStarts = (tx: Transaction, messageId: string, processId?: string): Promise<ReadyStart[]> =>
  tx.query<ReadyStart>(
    `select s.process_id as "processId", e.process_definition_id as "definitionId", e.element_id as "elementId", m.name, m.correlation_key as "correlationKey", m.variables
       from orderflow.message_start s
       join orderflow.message m on m.id = s.message_id
       join orderflow.start_event e on e.process_id = s.process_id and e.kind = 'message' and e.name = m.name
      where s.message_id = $1 and s.done_at is null and ($2::text is null or s.process_id = $2) and ${mayStart} and not ${resting}
      order by s.process_id for update of s for share of e`,
    [messageId, processId ?? null],
  );

/** Notes what a message has started: it goes to nobody who waits any more. */
export async function finishMessageStart(tx: Transaction, start: MessageStart, instanceId: string): Promise<void> {
  await tx.execute(
    `update orderflow.message_start set done_at = orderflow.now(), instance_id = $3, last_error = null
      where message_id = $1 and process_id = $2 and done_at is null`,
    [start.messageId, start.processId, instanceId],
  );
  await tx.execute('update orderflow.message set consumed_at = orderflow.now() where id = $1 and consumed_at is null', [
    start.messageId,
  ]);
}

/** Is there a process that a message of this name starts? */
export const startsByMessage = async (reader: Reader, name: string): Promise<boolean> =>
  (await reader.query(`select 1 from orderflow.start_event where kind = 'message' and name = $1 limit 1`, [name])).length > 0;

/** A timer start event, as far as firing it needs. */
export interface TimerStart {
  readonly processId: string;
  readonly definitionId: string;
  readonly elementId: string;
  readonly dueAt: Date;
  readonly repeatLeft: number | null;
  readonly repeatInterval: string | null;
  readonly properties: Readonly<Record<string, string>>;
}

const timerColumns = `e.process_id as "processId", e.process_definition_id as "definitionId", e.element_id as "elementId", e.due_at as "dueAt", e.repeat_left as "repeatLeft",
  e.repeat_interval as "repeatInterval", e.properties`;

/** Timer start events that are due; nobody else gets them for as long as the lease. */
export const claimTimerStarts = (reader: Reader, limit: number, leaseMs: number): Promise<TimerStart[]> =>
  reader.query<TimerStart>(
    `update orderflow.start_event e set next_at = orderflow.now() + $2 * interval '1 millisecond'
      where (process_id, element_id) in (
        select e.process_id, e.element_id from orderflow.start_event e
         where e.next_at <= orderflow.now() and not ${resting}
         order by e.next_at, e.process_id limit $1 for update skip locked)
      returning ${timerColumns}`,
    [limit, leaseMs],
  );

/** The timer if it is still due then, locked: no deployment replaces it until the transaction ends. */
export const lockTimerStart = (tx: Transaction, start: Pick<TimerStart, 'processId' | 'elementId' | 'dueAt'>) =>
  tx.maybeOne<TimerStart>(
    `select ${timerColumns} from orderflow.start_event e
      where e.process_id = $1 and e.element_id = $2 and e.due_at = $3 and e.due_at <= orderflow.now() for update`,
    [start.processId, start.elementId, start.dueAt],
  );

/** Says when a locked timer is due next (null: never again), and whether it has fired now. */
export async function moveTimerStart(
  tx: Transaction,
  { processId, elementId }: Pick<TimerStart, 'processId' | 'elementId'>,
  next: { readonly dueAt: Date | null; readonly repeatLeft: number | null; readonly fired: boolean },
): Promise<void> {
  await tx.execute(
    `update orderflow.start_event set due_at = $3, next_at = $3, repeat_left = $4, failures = 0, last_error = null,
            firings = firings + $5::int, fired_at = case when $5::int = 1 then orderflow.now() else fired_at end
      where process_id = $1 and element_id = $2`,
    [processId, elementId, next.dueAt, next.repeatLeft, next.fired ? 1 : 0],
  );
}
