import { rests, type Check } from './check.ts';

/** The turn of a call, as findings tell it. */
const turn = `format('turn %s (%s)', c.turn, coalesce(c.todo, case when c.closed_at is null then 'its child runs' else 'over' end))`;

/** Who would take the turn `c` rests: the child `p` that is to be cancelled, its caller `i`, or the process that is to be started. */
const turnRests = `(case when c.todo = 'cancel' then ${rests('p')} else ${rests('i')} end or c.todo = 'start' and exists (
  select from orderflow.suspension s left join orderflow.process_definition d on s.kind = 'definition' and d.id::text = s.ref
   where s.resumed_at is null and (s.kind = 'process' and s.ref = c.process_id or d.process_id = c.process_id)))`;

/** Call activities: each wait has one child or a turn that brings it, each child tells its caller once how it ended, and none outlives who called it. */
export const callChecks: readonly Check[] = [
  {
    id: 'A33a',
    title: 'Each wait of a call activity has one call, and no other wait has any',
    sql: `
      select w.instance_id, i.business_key as subject, format('%s %s (%s) has %s calls', w.kind, w.element_id, w.id, count(c.wait_id)) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
        left join orderflow.call c on c.wait_id = w.id
       group by w.id, i.id having count(c.wait_id) <> (w.kind = 'call')::int or bool_or(c.instance_id <> w.instance_id)`,
  },
  {
    id: 'A33b',
    title: 'A call waits for its one child, or for a turn that is still to be taken',
    // who waits: a child that runs and nothing to do, a start without a child, or an answer of a child that has ended
    sql: `
      select w.instance_id, i.business_key as subject, format('%s is at %s, with %s children that run and %s that have come to a result', w.element_id, ${turn},
               coalesce(n.running, 0), coalesce(n.ended, 0)) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id join orderflow.call c on c.wait_id = w.id
        left join (select parent_wait_id, count(*) filter (where status = 'running')::int as running,
                          count(*) filter (where status in ('completed', 'failed'))::int as ended
                     from orderflow.process_instance where parent_wait_id is not null group by parent_wait_id) n on n.parent_wait_id = w.id
       where w.status = 'open'
         and (c.closed_at is not null
              or (coalesce(n.running, 0), coalesce(n.ended, 0))
                 <> case when c.todo = 'start' then (0, 0) when c.todo = 'answer' and c.outcome ->> 'status' = 'cancelled' then (0, 0)
                         when c.todo = 'answer' then (0, 1) when c.todo is null then (1, 0) else (-1, -1) end)`,
  },
  {
    id: 'A33c',
    title: 'A call whose wait is gone is over, or its child is about to be cancelled',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('%s is %s, but its call is at %s and %s children run', w.element_id, w.status, ${turn}, coalesce(n.running, 0)) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id join orderflow.call c on c.wait_id = w.id
        left join (select parent_wait_id, count(*) as running from orderflow.process_instance
                    where status = 'running' and parent_wait_id is not null group by parent_wait_id) n on n.parent_wait_id = w.id
       where w.status <> 'open' and (c.closed_at is null, coalesce(n.running, 0))
             <> case when c.todo = 'cancel' then (true, 1::bigint) else (false, 0::bigint) end`,
  },
  {
    id: 'A33d',
    title: 'A call that was completed had one child with a result, and that told it how it ended',
    sql: `
      select w.instance_id, i.business_key as subject,
             format('%s was completed by the step %s, and its children with a result are: %s', w.element_id, coalesce(s.trigger, 'nobody took'),
                    coalesce(string_agg(format('%s (%s at %s)', p.business_key, p.status, p.ended_at), ', '), 'none')) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id join orderflow.call c on c.wait_id = w.id
        left join orderflow.step s on s.wait_id = w.id
        left join orderflow.process_instance p on p.parent_wait_id = w.id and p.status in ('completed', 'failed')
       where w.status = 'completed'
       group by w.id, i.id, c.wait_id, s.instance_id, s.revision
      having count(p.id) <> 1
          or bool_or(p.ended_at > w.closed_at or c.outcome ->> 'status' is distinct from p.status
                     or s.trigger is distinct from case p.status when 'failed' then 'error:' || (c.outcome ->> 'code') else 'call:completed' end)`,
  },
  {
    id: 'A33e',
    title: 'A called instance belongs to the wait that called it, one level below its caller, at most 5 levels deep',
    sql: `
      select p.id as instance_id, p.business_key as subject,
             format('%s was called at %s of %s (%s), level %s below level %s, under the name %s', p.process_id, coalesce(w.element_id, '-'), coalesce(i.business_key, '-'),
                    coalesce(c.process_id, 'which calls nothing'), p.call_depth, coalesce(i.call_depth::text, '-'), coalesce(c.business_key, '-')) as what
        from orderflow.process_instance p
        left join orderflow.wait w on w.id = p.parent_wait_id
        left join orderflow.process_instance i on i.id = p.parent_instance_id
        left join orderflow.call c on c.wait_id = p.parent_wait_id
       where (p.parent_wait_id is not null or p.parent_instance_id is not null or p.call_depth <> 0 or p.status = 'failed')
         and (w.instance_id, w.kind, c.process_id, c.business_key, i.call_depth + 1, true)
             is distinct from (p.parent_instance_id, 'call', p.process_id, p.business_key, p.call_depth, p.call_depth between 1 and 5)`,
  },
  {
    id: 'A33f',
    title: 'The turn of a call is taken when it is due, or has an incident',
    sql: `
      select c.instance_id, i.business_key as subject,
             format('%s of %s should have been taken at %s (%s attempts)', ${turn}, c.business_key, c.next_at, c.attempts) as what
        from orderflow.call c cross join asked
        join orderflow.process_instance i on i.id = c.instance_id
        left join orderflow.process_instance p on p.parent_wait_id = c.wait_id and p.status = 'running'
       where c.todo is not null
         and case when c.next_at = 'infinity'
                  then not exists (select from orderflow.incident n where n.resolved_at is null and (n.wait_id = c.wait_id or n.instance_id = p.id and n.kind = 'call-failed'))
                  else c.next_at < orderflow.now() - asked.lease and not ${turnRests}
                       and not exists (select from orderflow.call_escalation e where e.wait_id = c.wait_id and e.done_at is null) end`,
  },
  {
    id: 'A33g',
    title: 'What a child escalates is told to its caller once, soon, and unless the call is over',
    sql: `
      select c.instance_id, i.business_key as subject,
             format('%s by %s is %s, the call is %s, and %s steps are its work', e.code, p.business_key, coalesce('done since ' || e.done_at, 'due since ' || e.next_at),
                    case when c.closed_at is null then 'open' else 'over' end, coalesce(g.steps, 0)) as what
        from orderflow.call_escalation e cross join asked
        join orderflow.call c on c.wait_id = e.wait_id
        join orderflow.wait w on w.id = e.wait_id
        join orderflow.process_instance i on i.id = c.instance_id
        join orderflow.process_instance p on p.id = e.child_id
        left join (select m.key, count(*) as steps from orderflow.command m join orderflow.step s on s.command_id = m.id
                    where m.actor = 'call' and m.key like 'escalation:%' group by m.key) g on g.key = 'escalation:' || e.id
       where p.parent_wait_id is distinct from e.wait_id
          or case when e.done_at is not null then coalesce(g.steps, 0) <> 1 and not (g.steps is null and coalesce(w.closed_at <= e.done_at, false))
                  when w.status <> 'open' or g.steps > 0 then true
                  when e.next_at = 'infinity' then not exists (select from orderflow.incident n where n.wait_id = e.wait_id and n.resolved_at is null)
                  else e.next_at < orderflow.now() - asked.lease and not ${rests('i')} end`,
  },
];

/** Nothing of calls may be left over. */
export const drainedCallChecks: readonly Check[] = [
  {
    id: 'A10g',
    title: 'No turn of a call is left over',
    sql: `
      select c.instance_id, i.business_key as subject, format('%s of %s (%s attempts)', ${turn}, c.business_key, c.attempts) as what
        from orderflow.call c join orderflow.process_instance i on i.id = c.instance_id
        left join orderflow.process_instance p on p.parent_wait_id = c.wait_id and p.status = 'running'
       where c.todo is not null and not ${turnRests}
      union all
      select c.instance_id, i.business_key, format('escalation %s (%s attempts)', e.code, e.attempts)
        from orderflow.call_escalation e join orderflow.call c on c.wait_id = e.wait_id join orderflow.process_instance i on i.id = c.instance_id
       where e.done_at is null and not ${rests('i')}`,
  },
];
