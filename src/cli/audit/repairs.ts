import type { Check } from './check.ts';

/** A suspension is committed a moment after it was written; what was begun in between had not heard of it. */
const moment = `interval '10 seconds'`;

/** Incidents, suspensions and what an operator does by hand. */
export const repairChecks: readonly Check[] = [
  {
    id: 'A37a',
    title: 'An incident is resolved by the commit of the step that was missing',
    sql: `
      select n.instance_id, i.business_key as subject,
             format('%s at %s was resolved at %s by %s, but %s', n.kind, coalesce(n.element_id, '-'), n.resolved_at, coalesce(n.resolved_by, '-'),
                    case when w.status = 'open' then 'what it had stopped waits still' else format('that ended at %s by %s', w.closed_at, w.closed_by) end) as what
        from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id join orderflow.wait w on w.id = n.wait_id
       where n.kind in ('job-failed', 'step-failed') and n.resolved_at is not null
         and (w.closed_at, w.closed_by) is distinct from (n.resolved_at, n.resolved_by)`,
  },
  {
    id: 'A37b',
    title: 'An incident tells how often it was tried again in vain, and is open as long as what it has stopped waits',
    sql: `
      select n.instance_id, i.business_key as subject,
             case when n.resolved_at is null then format('%s at %s is open, but that is %s', n.kind, n.element_id, w.status)
                  else format('%s at %s: resolved at %s, opened at %s, retried at %s', n.kind, n.element_id, n.resolved_at, n.opened_at, n.retried_at) end as what
        from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id left join orderflow.wait w on w.id = n.wait_id
       where n.kind in ('job-failed', 'step-failed') and n.resolved_at is null and w.status <> 'open'
          or n.resolved_at < greatest(n.opened_at, n.failed_at) or n.retried_at < n.opened_at or n.attempts > 0 and n.failed_at is null`,
  },
  {
    id: 'A37c',
    title: 'No job was handed out while its type was suspended',
    sql: `
      select o.instance_id, i.business_key as subject,
             format('job %s was handed out at %s, but %s are suspended since %s by %s', o.id, o.begun_at, o.job_type, s.suspended_at, s.suspended_by) as what
        from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id
        join orderflow.suspension s on s.kind = 'job-type' and s.ref = o.job_type
       where o.begun_at > s.suspended_at + ${moment} and (s.resumed_at is null or o.begun_at < s.resumed_at)`,
  },
  {
    id: 'A37d',
    title: 'What rests takes no step by itself',
    // of versions nothing is said: an instance may have come to one later, by a migration
    sql: `
      select p.instance_id, i.business_key as subject,
             format('step %s (%s) of %s was taken at %s, while it rested since %s', p.revision, p.trigger, p.actor, p.at, s.at) as what
        from (select i.id, s.suspended_at as at, s.resumed_at as until from orderflow.suspension s
                join orderflow.process_instance i on s.kind = 'process' and s.ref = i.process_id
              union all select id, suspended_at, null from orderflow.process_instance where suspended_at is not null) s
        join orderflow.step p on p.instance_id = s.id join orderflow.process_instance i on i.id = s.id
       where p.at > s.at + ${moment} and (s.until is null or p.at < s.until)
         and (p.trigger in ('complete', 'timer') or p.trigger like 'message:%' or p.trigger like 'error:%' or p.trigger like 'signal:%')`,
  },
  {
    id: 'A37e',
    title: 'Whoever changed an instance by hand said why',
    sql: `
      select p.instance_id, i.business_key as subject, format('step %s (%s) by %s has no reason', p.revision, p.trigger, p.actor) as what
        from orderflow.step p join orderflow.process_instance i on i.id = p.instance_id
       where p.trigger in ('move', 'drop', 'variables', 'suspend', 'resume', 'retries', 'lease-withdrawn', 'timer-changed', 'timer-missed') and coalesce(p.reason, '') = ''`,
  },
  {
    id: 'A37f',
    title: 'Work that is stranded for long is an incident',
    sql: `
      select s.instance_id, i.business_key as subject, format('%s at %s since %s (seen %s times)', s.finding, coalesce(s.element_id, '-'), s.first_seen_at, s.looks) as what
        from orderflow.stranded s join orderflow.process_instance i on i.id = s.instance_id
       where s.incident_id is null and s.looks > 10 and s.first_seen_at < orderflow.now() - interval '1 hour'`,
  },
];
