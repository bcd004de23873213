import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** A timer as everybody may see it. */
type ReadTimer = JsonObject & {
  readonly revision: number;
  readonly processInstanceId: string;
  readonly status: string;
  readonly closedAt?: string;
};

/** A timer that an instance waits for, or has waited for. @throws Problem not-found */
export async function readTimer(reader: Reader, id: string): Promise<ReadTimer> {
  const [row] = await reader.query<{ timer: ReadTimer }>(
    `select jsonb_strip_nulls(jsonb_build_object('id', w.id, 'processInstanceId', w.instance_id, 'businessKey', i.business_key, 'processId', i.process_id,
              'elementId', w.element_id, 'name', w.element_name, 'status', w.status, 'revision', w.revision, 'dueAt', orderflow.iso(w.due_at),
              'plannedAt', orderflow.iso(w.planned_at), 'repetitionsLeft', w.repeat_left, 'interval', w.repeat_interval, 'calendarId', w.calendar_id,
              'openedAt', orderflow.iso(w.opened_at), 'closedAt', orderflow.iso(w.closed_at))) as timer
       from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
      where w.id = $1 and w.kind = 'timer'`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no timer ${id}.`);
  return row.timer;
}

/** What starts instances of the latest version of each process; with what a start has failed at last. */
export async function readStartEvents(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ event: JsonObject }>(
    `select jsonb_strip_nulls(jsonb_build_object('processId', e.process_id, 'version', d.version, 'processDefinitionId', d.id, 'elementId', e.element_id,
              'kind', e.kind, 'name', e.name, 'timer', e.timer_text, 'timeZone', e.properties ->> 'timeZone', 'catchUp', e.properties ->> 'catchUp',
              'dueAt', orderflow.iso(e.due_at), 'repetitionsLeft', e.repeat_left, 'firings', case when e.kind = 'timer' then e.firings end,
              'firedAt', orderflow.iso(e.fired_at), 'waiting', waiting.starts,
              'failures', coalesce(nullif(e.failures, 0), waiting.failures), 'lastError', coalesce(e.last_error, waiting.error))) as event
       from orderflow.start_event e
       join orderflow.process_definition d on d.id = e.process_definition_id
       left join lateral (
         select count(*) as starts, nullif(max(left_over.failures), 0) as failures, max(left_over.last_error) as error from (
           select s.failures, s.last_error from orderflow.message_start s join orderflow.message m on m.id = s.message_id
            where e.kind = 'message' and s.process_id = e.process_id and m.name = e.name and s.done_at is null and m.expires_at > orderflow.now()
           union all
           select v.failures, v.last_error from orderflow.signal_delivery v join orderflow.signal g on g.id = v.signal_id
            where e.kind = 'signal' and v.process_id = e.process_id and g.name = e.name and v.done_at is null) left_over) waiting on e.kind <> 'timer'
      order by e.process_id, e.element_id`,
  );
  return rows.map((row) => row.event);
}
