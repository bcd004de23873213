import type { Check } from './check.ts';

/** Requests to let something pass, and the people who decided them. */
export const overrideChecks: readonly Check[] = [
  {
    id: 'A23a',
    title: 'Nobody decides their own request',
    sql: `
      select w.instance_id, o.subject_number as subject, format('%s requested the %s override %s and decided %s', o.requested_by, o.kind, o.id, d.decision) as what
        from orderflow.override_decision d join orderflow.override_request o on o.id = d.override_request_id
        left join orderflow.wait w on w.override_request_id = o.id
       where d.actor = o.requested_by`,
  },
  {
    id: 'A23b',
    title: 'A request was decided once, by as many people as it takes',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('the %s override %s is %s and counts %s of %s approvals, but %s people approved and %s rejected', o.kind, o.id, o.status, o.approvals_count,
                    o.required_approvals, o.approved, o.rejected) as what
        from (select o.*, count(distinct d.actor) filter (where d.decision = 'APPROVE') as approved, count(d.id) filter (where d.decision = 'REJECT') as rejected,
                     count(d.id) as decisions
                from orderflow.override_request o left join orderflow.override_decision d on d.override_request_id = o.id group by o.id) o
        left join orderflow.wait w on w.override_request_id = o.id
       where o.approvals_count <> o.approved or o.approved + o.rejected <> o.decisions or o.approved > o.required_approvals
          or case when o.status in ('APPROVED', 'CONSUMED') then o.approved < o.required_approvals or o.rejected > 0
                  when o.status = 'REJECTED' then o.rejected <> 1 or o.approved >= o.required_approvals
                  when o.status in ('PENDING', 'EXPIRED') then o.approved >= o.required_approvals or o.rejected > 0
                  else o.rejected > 0 end`,
  },
  {
    id: 'A23c',
    title: 'Who decides has the role for it at that time',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('%s decided %s on the %s override %s with the roles %s; it takes %s', d.actor, d.decision, o.kind, o.id, d.actor_roles, o.required_role) as what
        from orderflow.override_decision d join orderflow.override_request o on o.id = d.override_request_id
        left join orderflow.wait w on w.override_request_id = o.id
       where o.required_role <> all (d.actor_roles)`,
  },
  {
    id: 'A23d',
    title: 'A request is decided after it was made and in time',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('%s decided the %s override %s at %s; it was requested at %s, to be decided by %s', d.actor, o.kind, o.id, d.at, o.requested_at, o.decide_by) as what
        from orderflow.override_decision d join orderflow.override_request o on o.id = d.override_request_id
        left join orderflow.wait w on w.override_request_id = o.id
       where d.at < o.requested_at or d.at > o.decide_by`,
  },
  {
    id: 'A23e',
    title: 'An override is used once, in time, by a snapshot of its own subject that names it',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('the %s override %s is %s, was consumed at %s, to be used by %s; snapshots that use it: %s', o.kind, o.id, o.status, coalesce(o.consumed_at::text, '-'),
                    coalesce(o.use_by::text, '-'), coalesce(n.sales, 'none')) as what
        from orderflow.override_request o
        left join (select n.override_request_id, count(*) as times, min(n.at) as at, (array_agg(n.sale_order_id))[1] as sale_order_id, string_agg(s.number, ', ') as sales
                     from orderflow.credit_snapshot n join orderflow.sale_order s on s.id = n.sale_order_id
                    where n.outcome = 'APPROVE_WITH_OVERRIDE' group by 1) n on n.override_request_id = o.id
        left join orderflow.wait w on w.override_request_id = o.id
       where case when o.status = 'CONSUMED'
                  then o.consumed_at > o.use_by or o.consumed_at < o.decided_at
                       or (o.kind = 'CREDIT' and (n.times, n.at, n.sale_order_id) is distinct from (1::bigint, o.consumed_at, o.subject_id))
                  else n.times is not null end`,
  },
  {
    id: 'A23f',
    title: 'Credit that was approved with an override names one',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('snapshot %s is APPROVE_WITH_OVERRIDE, but names %s', n.id,
             coalesce(n.override_request_id::text, 'none')) as what
        from orderflow.credit_snapshot n join orderflow.sale_order s on s.id = n.sale_order_id
        left join orderflow.override_request o on o.id = n.override_request_id
       where n.outcome = 'APPROVE_WITH_OVERRIDE' and o.id is null`,
  },
  {
    id: 'A23g',
    title: 'A task that is bound to a request is completed only by its decision, and no request outlives its order',
    sql: `
      select i.id as instance_id, o.subject_number as subject,
             case when i.status <> 'running' then format('%s is %s, but the %s override %s is %s', i.business_key, i.status, o.kind, o.id, o.status)
                  else format('%s was completed by %s, but the %s override %s is %s', w.element_id, w.closed_by, o.kind, o.id, o.status) end as what
        from orderflow.override_request o join orderflow.wait w on w.override_request_id = o.id join orderflow.process_instance i on i.id = w.instance_id
       where o.status = 'PENDING' and (w.status = 'completed' or i.status <> 'running')`,
  },
];
