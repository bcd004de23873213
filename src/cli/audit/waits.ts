import { rests, typeRests, type Check } from './check.ts';

/** What instances wait for: opened once, closed once, by a step that says so; and nobody waits for ever. */
export const waitChecks: readonly Check[] = [
  {
    id: 'A08',
    title: 'An instance that has ended waits for nothing',
    sql: `
      select i.id as instance_id, i.business_key as subject, format('it is %s, but %s %s is open', i.status, w.kind, w.element_id) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
       where w.status = 'open' and i.status <> 'running'`,
  },
  {
    id: 'A09a',
    title: 'Each job has one outbox row, and no other wait has any',
    sql: `
      select w.instance_id, i.business_key as subject, format('%s %s (%s) has %s outbox rows', w.kind, w.element_id, w.id, count(o.id)) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
        left join orderflow.outbox o on o.wait_id = w.id
       group by w.id, i.id having count(o.id) <> (w.kind = 'job')::int`,
  },
  {
    id: 'A09b',
    title: 'The outbox row of a job ended when and as the job did',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('job %s is %s, its outbox row is %s', w.element_id, w.status,
                    case when o.done_at is not null then 'done' when o.cancelled_at is not null then 'cancelled' else 'open' end) as what
        from orderflow.outbox o join orderflow.wait w on w.id = o.wait_id join orderflow.process_instance i on i.id = w.instance_id
       where (w.status = 'completed') <> (o.done_at is not null) or (w.status = 'cancelled') <> (o.cancelled_at is not null)
          or o.instance_id <> w.instance_id or o.job_type is distinct from w.job_type`,
  },
  {
    id: 'A17a',
    title: 'What was completed was completed by one step, and nothing else was',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('%s %s (%s) is %s, and the steps that complete it are: %s', w.kind, w.element_id, w.id, w.status,
                    coalesce(string_agg(s.revision::text, ', ' order by s.revision), 'none')) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
        left join orderflow.step s on s.wait_id = w.id
       group by w.id, i.id
      having case when w.status <> 'completed' then count(s.revision) > 0
                  else w.kind <> 'condition' and (count(s.revision) <> 1 or min(s.revision) <> w.closed_revision or not bool_and(s.instance_id = w.instance_id)) end`,
  },
  {
    id: 'A17b',
    title: 'Each closed wait is closed by one step, its actor and its revision',
    sql: `
      select coalesce(w.instance_id, c.instance_id) as instance_id, i.business_key as subject,
             case when w.id is null then format('step %s closes %s, which does not exist', c.revisions, c.wait_id)
                  else format('%s %s is %s (by %s, revision %s), and the steps that close it are: %s', w.kind, w.element_id, w.status, coalesce(w.closed_by, '-'),
                              coalesce(w.closed_revision::text, '-'), coalesce(c.revisions || ' by ' || c.actor, 'none')) end as what
        from orderflow.wait w
        full join (select closing.wait_id, count(*) as steps, (array_agg(s.instance_id))[1] as instance_id, min(s.revision) as revision, min(s.actor) as actor,
                          string_agg(s.revision::text, ', ' order by s.revision) as revisions
                     from orderflow.step s cross join unnest(s.closed) as closing (wait_id) group by closing.wait_id) c on c.wait_id = w.id
        left join orderflow.process_instance i on i.id = coalesce(w.instance_id, c.instance_id)
       where case when w.status = 'open' then c.wait_id is not null
                  else (w.instance_id, w.closed_revision, w.closed_by, 1::bigint) is distinct from (c.instance_id, c.revision, c.actor, c.steps) end`,
  },
  {
    id: 'A17c',
    title: 'Each wait is opened by one step, of its revision',
    sql: `
      select coalesce(w.instance_id, o.instance_id) as instance_id, i.business_key as subject,
             case when w.id is null then format('step %s opens %s, which does not exist', o.revisions, o.wait_id)
                  else format('%s %s was opened at revision %s, and the steps that open it are: %s', w.kind, w.element_id, w.opened_revision, coalesce(o.revisions, 'none')) end as what
        from orderflow.wait w
        full join (select opening.wait_id, count(*) as steps, (array_agg(s.instance_id))[1] as instance_id, min(s.revision) as revision,
                          string_agg(s.revision::text, ', ' order by s.revision) as revisions
                     from orderflow.step s cross join unnest(s.opened) as opening (wait_id) group by opening.wait_id) o on o.wait_id = w.id
        left join orderflow.process_instance i on i.id = coalesce(w.instance_id, o.instance_id)
       where (w.instance_id, w.opened_revision, 1::bigint) is distinct from (o.instance_id, o.revision, o.steps)`,
  },
  {
    // a token that was lost without an error looks like this, and like nothing else
    id: 'A19',
    title: 'A running instance waits for something that can still happen, or has an incident',
    sql: `
      select i.id as instance_id, i.business_key as subject,
             coalesce('it waits only for jobs that nobody will run: ' || string_agg(w.element_id, ', ' order by w.element_id), 'it runs, but waits for nothing') as what
        from orderflow.process_instance i
        left join orderflow.wait w on w.instance_id = i.id and w.status = 'open'
        left join orderflow.outbox o on o.wait_id = w.id and o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity'
       where i.status = 'running' and not exists (select from orderflow.incident n where n.instance_id = i.id and n.resolved_at is null and n.kind <> 'stranded')
       group by i.id having count(*) filter (where w.kind <> 'job' or o.id is not null) = 0`,
  },
  {
    id: 'A22a',
    title: 'A timer fires when it is due',
    sql: `
      select w.instance_id, i.business_key as subject, format('timer %s was due at %s and has not fired', w.element_id, w.due_at) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id cross join asked
       where w.kind = 'timer' and w.status = 'open' and w.due_at < orderflow.now() - asked.lease and not ${rests('i')}
         and not exists (select from orderflow.incident n where n.wait_id = w.id and n.resolved_at is null and n.kind <> 'stranded')`,
  },
  {
    id: 'A22b',
    title: 'No timer fires before it is due',
    // a millisecond: times that pass through the service lose their microseconds
    sql: `
      select w.instance_id, i.business_key as subject, format('timer %s fired at %s, but was due at %s', w.element_id, w.closed_at, w.due_at) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
       where w.kind = 'timer' and w.status = 'completed' and w.closed_at < w.due_at - interval '1 millisecond'`,
  },
  {
    id: 'A22c',
    title: 'A message reaches who waits for it',
    sql: `
      select w.instance_id, i.business_key as subject, format('%s is waited for at %s, but lies here since %s', m.name, w.element_id, m.received_at) as what
        from orderflow.message m
        join orderflow.wait w on w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
        join orderflow.process_instance i on i.id = w.instance_id cross join asked
       where m.consumed_at is null and m.expires_at > orderflow.now() and greatest(m.received_at, w.opened_at) < orderflow.now() - asked.lease
         and not ${rests('i')}
         and not exists (select from orderflow.incident n where (n.message_id = m.id or n.wait_id = w.id) and n.resolved_at is null and n.kind <> 'stranded')`,
  },
  {
    id: 'A22d',
    title: 'A job is rung when it is due',
    sql: `
      select o.instance_id, i.business_key as subject,
             format('job %s should have been rung at %s (%s deliveries, %s failures)', o.job_type, o.next_at, o.deliveries, o.failures) as what
        from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id cross join asked
       where not o.external and o.done_at is null and o.cancelled_at is null and o.next_at < orderflow.now() - asked.lease and not ${rests('i')}
         and not ${typeRests('o.job_type')}`,
  },
];
