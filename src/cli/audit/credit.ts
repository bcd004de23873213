import type { Check } from './check.ts';

/** Credit profiles, the holds on them, the ledger of both, and the snapshots that explain why. Amounts in minor units. */
export const creditChecks: readonly Check[] = [
  {
    id: 'A21a',
    title: 'What a customer has in open orders are the active holds',
    sql: `
      select null::uuid as instance_id, format('%s in %s', c.code, p.currency) as subject,
             format('open orders %s, but the active holds add up to %s', p.open_orders_minor, coalesce(h.amount, 0)) as what
        from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
        left join (select credit_profile_id, sum(amount_minor) as amount from orderflow.credit_hold where status in ('HELD', 'COMMITTED') group by 1) h
          on h.credit_profile_id = p.id
       where p.open_orders_minor <> coalesce(h.amount, 0)`,
  },
  {
    id: 'A21b',
    title: 'A hold is what its movements held, released and invoiced',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('hold %s is %s with %s, but held %s, released %s, invoiced %s', h.id, h.status, h.amount_minor, coalesce(m.held, 0), coalesce(m.released, 0),
                    coalesce(m.invoiced, 0)) as what
        from orderflow.credit_hold h join orderflow.sale_order s on s.id = h.sale_order_id
        left join (select credit_hold_id, sum(m.amount_minor) filter (where kind = 'HELD') as held, sum(m.amount_minor) filter (where kind = 'RELEASED') as released,
                          sum(m.amount_minor) filter (where kind = 'INVOICED') as invoiced, bool_and(h.credit_profile_id = m.credit_profile_id) as own
                     from orderflow.credit_movement m join orderflow.credit_hold h on h.id = m.credit_hold_id group by 1) m on m.credit_hold_id = h.id
       where coalesce(m.held, 0) - coalesce(m.released, 0) - coalesce(m.invoiced, 0)
             <> case when h.status in ('HELD', 'COMMITTED') then h.amount_minor else 0 end or m.own is not true`,
  },
  {
    id: 'A21d',
    title: 'Credit is approved within the limit, or within what an override adds to it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s at exposure %s + order %s, with a limit of %s%s', n.outcome, n.exposure_minor, n.order_minor, n.limit_minor,
                    ' and an override of ' || o.scope_amount_minor) as what
        from orderflow.credit_snapshot n join orderflow.sale_order s on s.id = n.sale_order_id
        left join orderflow.override_request o on o.id = n.override_request_id and n.outcome = 'APPROVE_WITH_OVERRIDE'
       where n.outcome in ('APPROVE', 'APPROVE_WITH_OVERRIDE') and n.exposure_minor + n.order_minor > n.limit_minor + coalesce(o.scope_amount_minor, 0)`,
  },
  {
    id: 'A21e',
    title: 'Each hold takes what an approving snapshot of the same sale allowed',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('hold %s took %s, but its snapshot says %s', h.id, coalesce(m.held, 0), coalesce(n.outcome || ' for ' || n.order_minor, 'nothing')) as what
        from orderflow.credit_hold h join orderflow.sale_order s on s.id = h.sale_order_id
        left join orderflow.credit_snapshot n on n.id = h.credit_snapshot_id and n.sale_order_id = h.sale_order_id and n.credit_profile_id = h.credit_profile_id
        left join (select credit_hold_id, sum(amount_minor) as held from orderflow.credit_movement where kind = 'HELD' group by 1) m on m.credit_hold_id = h.id
       where n.id is null or n.outcome not in ('APPROVE', 'APPROVE_WITH_OVERRIDE') or coalesce(m.held, 0) > n.order_minor
          or (n.outcome = 'APPROVE_WITH_OVERRIDE') <> (h.override_request_id is not null) or h.override_request_id is distinct from
             case n.outcome when 'APPROVE_WITH_OVERRIDE' then n.override_request_id end`,
  },
  {
    id: 'A21f',
    title: 'Exposure stays within the limit that was never cut, except for what overrides allowed and what was never asked for',
    sql: `
      select null::uuid as instance_id, format('%s in %s', c.code, p.currency) as subject,
             format('exposure %s, of which overrides allowed %s and %s were owed without having been asked for, with a limit of %s', p.exposure_minor,
                    coalesce(o.amount, 0), coalesce(i.amount, 0), p.limit_minor) as what
        from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
        left join (select h.credit_profile_id, sum(case m.kind when 'HELD' then m.amount_minor when 'RELEASED' then -m.amount_minor else 0 end) as amount
                     from orderflow.credit_hold h join orderflow.credit_movement m on m.credit_hold_id = h.id
                    where h.override_request_id is not null group by 1) o on o.credit_profile_id = p.id
        left join (select credit_profile_id, sum(open_minor) as amount from orderflow.invoice where kind <> 'SHIPMENT' group by 1) i on i.credit_profile_id = p.id
       where p.limit_reduced_at is null and p.exposure_minor - coalesce(o.amount, 0) - coalesce(i.amount, 0) > p.limit_minor`,
  },
  {
    id: 'A21g',
    title: 'A sale holds credit once, with its own customer and in its own currency',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s active holds%s', count(*), case when bool_and(p.customer_id = s.customer_id and p.currency = s.currency) then '' else ', not all with its customer and currency' end) as what
        from orderflow.credit_hold h join orderflow.sale_order s on s.id = h.sale_order_id join orderflow.credit_profile p on p.id = h.credit_profile_id
       where h.status in ('HELD', 'COMMITTED')
       group by s.id having count(*) > 1 or not bool_and(p.customer_id = s.customer_id and p.currency = s.currency)`,
  },
  {
    // states in which the terms that the sale says it has are those that its credit was decided for
    id: 'A21y',
    title: 'A sale that is past its credit check holds the credit that its terms take',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it is %s and owes %s on terms, of which it holds %s', s.workflow_state, s.on_terms_minor, coalesce(h.held, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(amount_minor) as held from orderflow.credit_hold where status in ('HELD', 'COMMITTED') group by 1) h on h.sale_order_id = s.id
       where s.workflow_state in ('AWAITING_STOCK_OVERRIDE', 'AWAITING_CUSTOMER_DECISION', 'AWAITING_PAYMENT') and s.process_instance_id is not null
         and coalesce(h.held, 0) < s.on_terms_minor`,
  },
];
