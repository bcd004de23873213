import type { Check } from './check.ts';

/** Everybody who speaks in a decision, and everybody who had a hand in what was asked for. */
const eyes = 'array_remove(array[d.actor, d.on_behalf_of], null)';
const hands = 'array_remove(array[o.requested_by, o.requested_on_behalf_of], null) || o.parties';

/** Requests to let something pass, and the people who decided them. */
export const overrideChecks: readonly Check[] = [
  {
    id: 'A23a',
    title: 'Nobody decides what they had a hand in, for themselves or for somebody else, nor twice',
    sql: `
      select w.instance_id, o.subject_number as subject,
             case when ${eyes} && (${hands})
                  then format('%s had a hand in the %s override %s and decided %s', array_to_string(${eyes}, ' for '), o.kind, o.id, d.decision)
                  else format('%s decided twice on the %s override %s', array_to_string(${eyes}, ' for '), o.kind, o.id) end as what
        from orderflow.override_decision d join orderflow.override_request o on o.id = d.override_request_id
        left join orderflow.wait w on w.override_request_id = o.id
       where ${eyes} && (${hands})
          or exists (select 1 from orderflow.override_decision e where e.override_request_id = o.id and e.id < d.id
                        and array_remove(array[e.actor, e.on_behalf_of], null) && ${eyes})`,
  },
  {
    id: 'A23b',
    title: 'A request was decided once, by as many people as it takes',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('the %s override %s is %s and counts %s of %s approvals, but %s people approved and %s rejected', o.kind, o.id, o.status, o.approvals_count,
                    o.required_approvals, o.approved, o.rejected) as what
        from (select o.*, count(distinct coalesce(d.on_behalf_of, d.actor)) filter (where d.decision = 'APPROVE') as approved,
                     count(d.id) filter (where d.decision = 'REJECT') as rejected, count(d.id) as decisions
                from orderflow.override_request o left join orderflow.override_decision d on d.override_request_id = o.id group by o.id) o
        left join orderflow.wait w on w.override_request_id = o.id
       where o.approvals_count <> o.approved or o.approved + o.rejected <> o.decisions or o.approved > o.required_approvals
          or case when o.status in ('APPROVED', 'CONSUMED', 'REVOKED') then o.approved < o.required_approvals or o.rejected > 0
                  when o.status = 'REJECTED' then o.rejected <> 1 or o.approved >= o.required_approvals
                  when o.status = 'PENDING' then o.approved >= o.required_approvals or o.rejected > 0
                  when o.status = 'EXPIRED' then (o.approved >= o.required_approvals) <> (o.use_by is not null) or o.rejected > 0
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
    title: 'An override is used once, in time, by its own subject: credit by a snapshot that names it, and again only for less',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('the %s override %s is %s, was consumed at %s, to be used by %s; snapshots that use it: %s', o.kind, o.id, o.status, coalesce(o.consumed_at::text, '-'),
                    coalesce(o.use_by::text, '-'), coalesce(n.sales, 'none')) as what
        from orderflow.override_request o
        left join (select n.override_request_id, min(n.at) as at, bool_and(n.sale_order_id = r.subject_id) as own, bool_or(n.grew or not n.held) as wrong, string_agg(s.number, ', ') as sales
                     from (select n.*, coalesce(n.order_minor > lag(n.order_minor) over (partition by n.override_request_id order by n.at, n.id), false) as grew,
                                  exists (select 1 from orderflow.credit_hold h where h.credit_snapshot_id = n.id) as held
                             from orderflow.credit_snapshot n where n.outcome = 'APPROVE_WITH_OVERRIDE') n
                     join orderflow.sale_order s on s.id = n.sale_order_id join orderflow.override_request r on r.id = n.override_request_id
                    group by 1) n on n.override_request_id = o.id
        left join orderflow.wait w on w.override_request_id = o.id
       where case when o.status = 'CONSUMED'
                  then o.consumed_at > o.use_by or o.consumed_at < o.decided_at
                       or (o.kind = 'CREDIT' and ((n.at, n.own) is distinct from (o.consumed_at, true) or n.wrong))
                  else n.at is not null end`,
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
  {
    id: 'A23h',
    title: 'A discount that needs an approval was offered with one, for those very lines',
    sql: `
      select q.process_instance_id as instance_id, q.number as subject,
             format('it was sent with a discount of level %s, but no override for its lines was used', q.workflow_context #>> '{discount,level}') as what
        from orderflow.quotation q
       where q.sent_at is not null and q.adopted_at is null and q.workflow_state in ('SENT', 'APPROVED', 'EXPIRED', 'REJECTED')
         and q.workflow_context #>> '{discount,level}' in ('L1', 'L2', 'L3', 'FORBIDDEN')
         and not exists (select 1 from orderflow.override_request o where o.subject_id = q.id and o.kind = 'PRICE' and o.status = 'CONSUMED'
                            and o.subject_fingerprint = q.fingerprint)`,
  },
  {
    id: 'A23i',
    title: 'Stock that was set aside is taken by the override of its own sale, which is used up by that',
    sql: `
      select s.process_instance_id as instance_id, coalesce(s.number, o.subject_number) as subject,
             case when r.id is null then format('the STOCK override %s was used, but no reservation names it', o.id)
                  else format('reservation %s took stock by the override %s, which is %s of %s', r.id, o.id, o.status, o.subject_number) end as what
        from orderflow.override_request o
        left join orderflow.stock_reservation r on r.override_request_id = o.id
        left join orderflow.sale_line l on l.id = r.sale_line_id
        left join orderflow.sale_order s on s.id = l.sale_order_id
       where case when r.id is null then o.kind = 'STOCK' and o.status = 'CONSUMED'
                  else (o.kind, o.status, o.subject_id) is distinct from ('STOCK', 'CONSUMED', l.sale_order_id) end`,
  },
  {
    id: 'A23j',
    title: 'A sale may take as much beyond its total as overrides allowed it, and no more',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it may take %s beyond its total, but overrides allowed %s', s.overcapture_allowed_minor, coalesce(o.amount, 0)) as what
        from orderflow.sale_order s
        left join (select subject_id, sum((scope ->> 'overcaptureMinor')::bigint) as amount from orderflow.override_request
                    where kind = 'ADMIN' and status = 'CONSUMED' group by 1) o on o.subject_id = s.id
       where s.overcapture_allowed_minor <> coalesce(o.amount, 0)`,
  },
  {
    id: 'A23k',
    title: 'Whoever decides for somebody else had been asked to, at that time',
    sql: `
      select w.instance_id, o.subject_number as subject,
             format('%s decided %s on the %s override %s for %s, who had not delegated it', d.actor, d.decision, o.kind, o.id, d.on_behalf_of) as what
        from orderflow.override_decision d join orderflow.override_request o on o.id = d.override_request_id
        left join orderflow.wait w on w.override_request_id = o.id
       where d.on_behalf_of is not null
         and not exists (select 1 from orderflow.delegation g where g.principal = d.on_behalf_of and g.delegate = d.actor
                            and d.at >= g.valid_from and d.at < g.valid_until and (g.revoked_at is null or g.revoked_at >= d.at))`,
  },
  {
    id: 'A23l',
    title: 'A sale that needed an administrator was let in by one',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it was cleared, although it needed an administrator (%s), and none let it in', s.workflow_context #>> '{admission,reasonCode}') as what
        from orderflow.sale_order s
       where s.cleared_at is not null and s.adopted_at is null and s.workflow_context #>> '{admission,outcome}' = 'ADMIN_OVERRIDE'
         and not exists (select 1 from orderflow.override_request o where o.subject_id = s.id and o.kind = 'ADMIN' and o.status = 'CONSUMED'
                            and o.scope -> 'reasons' is not null)`,
  },
];
