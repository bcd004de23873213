import { rests, typeRests, type Check } from './check.ts';

/** What must be finished once nothing is asked of the service any more and its workers had time to catch up. */
export const drainedChecks: readonly Check[] = [
  {
    id: 'A10a',
    title: 'No job is left over',
    sql: `
      select o.instance_id, i.business_key as subject,
             format('job %s (%s deliveries, %s failures%s)', o.job_type, o.deliveries, o.failures, ', ' || o.last_error) as what
        from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id
       where not o.external and o.done_at is null and o.cancelled_at is null and not ${rests('i')} and not ${typeRests('o.job_type')}`,
  },
  {
    id: 'A10b',
    title: 'No message is left over that somebody waits for',
    sql: `
      select w.instance_id, i.business_key as subject, format('%s from %s lies here since %s (%s attempts)', m.name, m.source, m.received_at, m.attempts) as what
        from orderflow.message m
        join orderflow.wait w on w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
        join orderflow.process_instance i on i.id = w.instance_id
       where m.consumed_at is null and m.expires_at > orderflow.now() and not ${rests('i')}`,
  },
  {
    id: 'A10c',
    title: 'No timer is left over that is due',
    sql: `
      select w.instance_id, i.business_key as subject, format('timer %s is due since %s', w.element_id, w.due_at) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
       where w.kind = 'timer' and w.status = 'open' and w.due_at <= orderflow.now() and not ${rests('i')}`,
  },
  {
    id: 'A10e',
    title: 'No event is left over unpublished',
    sql: `
      select null::uuid as instance_id, coalesce(subject_number, subject_id::text) as subject, format('%s of %s is not published', type, at) as what
        from orderflow.event where position is null`,
  },
  {
    id: 'A02',
    title: 'No incident is open',
    sql: `
      select n.instance_id, i.business_key as subject, format('%s at %s since %s: %s', n.kind, coalesce(n.element_id, '-'), n.opened_at, n.message) as what
        from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id
       where n.resolved_at is null`,
  },
];
