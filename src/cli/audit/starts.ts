import { rests, type Check } from './check.ts';

/** The process of this start event rests, or the version that it starts. */
const startRests = `exists (select from orderflow.suspension s where s.resumed_at is null
  and (s.kind = 'process' and s.ref = e.process_id or s.kind = 'definition' and s.ref = e.process_definition_id::text))`;

/** What starts or ends something by itself, is not done, and could be: who it is about, what, since when, and how often it was tried in vain. */
const undone = `
  select null::uuid as instance_id, e.process_id as subject, format('the message %s (%s) has not started it', m.name, m.id) as what, t.next_at, t.failures
    from orderflow.message_start t
    join orderflow.message m on m.id = t.message_id and m.expires_at > orderflow.now()
    join orderflow.start_event e on e.process_id = t.process_id and e.kind = 'message' and e.name = m.name
   where t.done_at is null and not ${startRests}
     and (m.correlation_key = ''
          or not exists (select from orderflow.process_instance i where i.process_id = t.process_id and i.business_key = m.correlation_key and i.status = 'running')
             and not exists (select from orderflow.message_start b join orderflow.message n on n.id = b.message_id
                              where b.process_id = t.process_id and n.correlation_key = m.correlation_key and n.sequence < m.sequence
                                and b.done_at is null and n.expires_at > orderflow.now()))
  union all
  select null, e.process_id, format('the timer %s is due since %s', e.element_id, e.due_at), e.next_at, e.failures
    from orderflow.start_event e where e.due_at <= orderflow.now() and not ${startRests}
  union all
  select d.instance_id, coalesce(i.business_key, d.process_id), format('the signal %s (%s) has not come', g.name, g.id), d.next_at, d.failures
    from orderflow.signal_delivery d join orderflow.signal g on g.id = d.signal_id
    left join orderflow.process_instance i on i.id = d.instance_id
    left join orderflow.start_event e on e.process_id = d.process_id and e.kind = 'signal' and e.name = g.name
   where d.done_at is null and (i.id is null or not ${rests('i')}) and (e.process_id is null or not ${startRests})
     and not exists (select from orderflow.incident n join orderflow.wait w on w.id = n.wait_id
                      where w.instance_id = d.instance_id and w.slot = d.slot and n.resolved_at is null)`;

/** Messages, signals and times that start instances, and signals to those who wait: each once, none for nothing, none forgotten. */
export const startChecks: readonly Check[] = [
  {
    id: 'A35a',
    title:
      'What a message has started is an instance of that process with its key, and nobody who waited received the message too',
    sql: `
      select s.instance_id, coalesce(i.business_key, m.correlation_key) as subject,
             format('the message %s (%s) for %s is said to have started %s of %s by %s; it was %s', m.name, m.id, coalesce(nullif(m.correlation_key, ''), 'nobody'),
                    coalesce(i.business_key, 'nothing'), coalesce(i.process_id, '-'), coalesce(f.trigger, 'no step'),
                    case when m.consumed_at is null then 'not consumed' when m.consumed_wait_id is null then 'consumed' else 'received by a wait' end) as what
        from orderflow.message_start s
        join orderflow.message m on m.id = s.message_id
        left join orderflow.process_instance i on i.id = s.instance_id
        left join orderflow.step f on f.instance_id = s.instance_id and f.revision = 1
       where s.instance_id is not null
         and (i.process_id, i.business_key, f.trigger, m.consumed_at is not null, m.consumed_wait_id is null)
             is distinct from (s.process_id, coalesce(nullif(m.correlation_key, ''), m.id::text), 'message:' || m.name, true, true)`,
  },
  {
    id: 'A35b',
    title: 'An instance that was begun by a message or a signal was started by one',
    sql: `
      select f.instance_id, i.business_key as subject, format('it was begun by %s, and %s started it', f.trigger, coalesce(b.starts, 0)) as what
        from orderflow.step f join orderflow.process_instance i on i.id = f.instance_id
        left join (select instance_id, count(*) as starts from (
                     select instance_id from orderflow.message_start where instance_id is not null
                     union all select started_instance_id from orderflow.signal_delivery where started_instance_id is not null) each
                    group by instance_id) b on b.instance_id = f.instance_id
       where f.revision = 1 and (f.trigger like 'message:%' or f.trigger like 'signal:%') and coalesce(b.starts, 0) <> 1`,
  },
  {
    id: 'A35c',
    title: 'A timer starts one instance each time that it is due',
    sql: `
      select (array_agg(f.instance_id))[1] as instance_id, i.business_key as subject, format('%s instances of %s were begun by it', count(*), i.process_id) as what
        from orderflow.step f join orderflow.process_instance i on i.id = f.instance_id
       where f.revision = 1 and f.trigger = 'timer' group by i.process_id, i.business_key having count(*) > 1`,
  },
  {
    id: 'A35d',
    title: 'A signal that was received has ended one wait for it, of the instance that it had to reach',
    sql: `
      select d.instance_id, i.business_key as subject,
             format('the signal %s (%s) is said to have ended %s at %s, which is %s; the steps are: %s', g.name, g.id, coalesce(w.kind, 'nothing'), coalesce(w.slot, '-'),
                    coalesce(w.status, '-'), coalesce(string_agg(s.trigger, ', '), 'none')) as what
        from orderflow.signal_delivery d
        join orderflow.signal g on g.id = d.signal_id
        join orderflow.process_instance i on i.id = d.instance_id
        left join orderflow.wait w on w.id = d.received_wait_id
        left join orderflow.step s on s.wait_id = d.received_wait_id
       where d.received_wait_id is not null
       group by d.id, g.id, i.id, w.id
      having (w.instance_id, w.slot, w.kind, w.signal_name, w.status, count(s.revision), min(s.trigger))
             is distinct from (d.instance_id, d.slot, 'signal', g.name, 'completed', 1::bigint, 'signal:' || g.name)`,
  },
  {
    id: 'A35e',
    title: 'Each step by a signal is the delivery of one',
    sql: `
      select s.instance_id, i.business_key as subject, format('step %s (%s) at %s is the work of %s deliveries', s.revision, s.trigger, s.element_id, count(d.id)) as what
        from orderflow.step s join orderflow.process_instance i on i.id = s.instance_id
        left join orderflow.signal_delivery d on d.received_wait_id = s.wait_id
       where s.wait_id is not null and s.trigger like 'signal:%'
       group by s.instance_id, s.revision, i.id having count(d.id) <> 1`,
  },
  {
    id: 'A35f',
    title: 'What a message, a signal or the time should start or end happens soon, or has failed and says so',
    sql: `
      select u.instance_id, u.subject, format('%s, and nobody has tried since %s', u.what, u.next_at) as what
        from (${undone}) u cross join asked where u.next_at < orderflow.now() - asked.lease`,
  },
  {
    id: 'A35g',
    title: 'What starts a process starts its latest version',
    sql: `
      select null::uuid as instance_id, e.process_id as subject, format('%s starts version %s, the latest is %s', e.element_id, d.version, l.version) as what
        from orderflow.start_event e
        join orderflow.process_definition d on d.id = e.process_definition_id
        join (select process_id, max(version) as version from orderflow.process_definition group by process_id) l on l.process_id = e.process_id
       where (d.process_id, d.version) is distinct from (l.process_id, l.version)`,
  },
];

/** Nothing of them may be left over. */
export const drainedStartChecks: readonly Check[] = [
  {
    id: 'A10h',
    title: 'No start and no signal is left over',
    sql: `select u.instance_id, u.subject, format('%s (%s failures)', u.what, u.failures) as what from (${undone}) u`,
  },
];
