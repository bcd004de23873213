import type { Check } from './check.ts';

/** Jobs of external workers: in one pair of hands at a time, and completed by those that had them last. */
export const leaseChecks: readonly Check[] = [
  {
    id: 'A34a',
    title: 'A job is in the hands of one external worker at a time',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('job %s was leased to %s at %s, but %s had it %s', w.element_id, l.worker, l.leased_at, l.before,
                    coalesce('until ' || l.before_ended, 'and still has')) as what
        from (select l.*, lag(l.worker) over hands as before, lag(l.ended_at) over hands as before_ended
                from orderflow.job_lease l window hands as (partition by l.job_id order by l.leased_at, l.token)) l
        join orderflow.wait w on w.id = l.job_id join orderflow.process_instance i on i.id = w.instance_id
       where l.before is not null and (l.before_ended is null or l.before_ended > l.leased_at)`,
  },
  {
    id: 'A34b',
    title: 'A lease that somebody else took over had run out',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('job %s of %s expired at %s, before its time at %s', w.element_id, l.worker, l.ended_at, l.until) as what
        from orderflow.job_lease l join orderflow.wait w on w.id = l.job_id join orderflow.process_instance i on i.id = w.instance_id
       where l.outcome = 'expired' and l.ended_at < l.until`,
  },
  {
    id: 'A34c',
    title:
      'What an external worker completed is the step of the command that ended its lease, and no other job of theirs is completed',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('job %s is %s by %s, and the leases that completed it are: %s', w.element_id, w.status, coalesce(w.closed_by, '-'),
                    coalesce(string_agg(format('%s of %s', l.outcome, l.worker), ', ' order by l.ended_at), 'none')) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id join orderflow.outbox o on o.wait_id = w.id
        left join orderflow.job_lease l on l.job_id = w.id and l.outcome in ('completed', 'error')
        left join orderflow.step s on s.wait_id = w.id and s.command_id = l.command_id and (l.outcome = 'error') = (s.trigger like 'error:%')
       where o.external or l.token is not null
       group by w.id, i.id
      having count(l.token) <> (w.status = 'completed')::int or count(l.token) <> count(s.instance_id)`,
  },
  {
    id: 'A34d',
    title: 'Whom an open job names as its worker has its open lease, and nobody else has',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('job %s is %s, and the open leases are those of: %s', w.element_id, coalesce('with ' || o.leased_by, 'with nobody'),
                    coalesce(string_agg(l.worker, ', ' order by l.leased_at), 'nobody')) as what
        from orderflow.outbox o join orderflow.wait w on w.id = o.wait_id join orderflow.process_instance i on i.id = w.instance_id
        left join orderflow.job_lease l on l.job_id = w.id and l.ended_at is null
       where o.external and o.done_at is null and o.cancelled_at is null
       group by o.id, w.id, i.id
      having count(l.token) <> (o.lease_token is not null)::int or not coalesce(bool_and(l.token = o.lease_token and l.worker = o.leased_by), true)`,
  },
  {
    id: 'A34e',
    title: 'A job that the service does itself waits for no external worker',
    sql: `
      select w.instance_id, i.business_key as subject, format('job %s (%s) has waited for an external worker since %s', w.element_id, o.job_type, w.opened_at) as what
        from orderflow.outbox o join orderflow.wait w on w.id = o.wait_id join orderflow.process_instance i on i.id = w.instance_id cross join asked
       where o.external and o.done_at is null and o.cancelled_at is null and w.opened_at < orderflow.now() - asked.lease
         and exists (select from orderflow.job_handler h where h.job_type = o.job_type)`,
  },
];
