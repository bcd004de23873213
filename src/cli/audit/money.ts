import type { Check } from './check.ts';

/** Money that really moved, and what the orders say of it. Amounts in minor units. */
export const moneyChecks: readonly Check[] = [
  {
    id: 'A21h',
    title: 'What a sale has captured is what its captures applied to it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('captured %s, but its captures applied %s', s.captured_minor, coalesce(p.applied, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind = 'CAPTURE' and status = 'SUCCEEDED' group by 1) p
          on p.sale_order_id = s.id
       where s.captured_minor <> coalesce(p.applied, 0)`,
  },
  {
    id: 'A21i',
    title: 'What a sale has refunded is what its refunds took from it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('refunded %s, but its refunds took %s', s.refunded_minor, coalesce(p.applied, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind = 'REFUND' and status = 'SUCCEEDED' group by 1) p
          on p.sale_order_id = s.id
       where s.refunded_minor <> coalesce(p.applied, 0)`,
  },
  {
    id: 'A21j',
    title: 'All money that came and has not gone back is captured or unapplied',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('captured %s - refunded %s + unapplied %s, but %s came and %s went back', s.captured_minor, s.refunded_minor, s.unapplied_minor,
                    coalesce(p.came, 0), coalesce(p.back, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(amount_minor) filter (where kind = 'CAPTURE') as came, sum(amount_minor) filter (where kind = 'REFUND') as back
                     from orderflow.payment where status = 'SUCCEEDED' group by 1) p on p.sale_order_id = s.id
       where s.captured_minor - s.refunded_minor + s.unapplied_minor <> coalesce(p.came, 0) - coalesce(p.back, 0)`,
  },
  {
    id: 'A21k',
    title: 'No sale captures more than its total, refunds more than it captured, or asks for more than its total',
    sql: `
      select process_instance_id as instance_id, number as subject,
             format('total %s: on terms %s, to prepay %s, captured %s, refunded %s, unapplied %s', total_minor, on_terms_minor, prepay_minor, captured_minor,
                    refunded_minor, unapplied_minor) as what
        from orderflow.sale_order
       where captured_minor - refunded_minor > total_minor or refunded_minor > captured_minor or on_terms_minor + prepay_minor > total_minor
          or least(captured_minor, refunded_minor, unapplied_minor) < 0`,
  },
  {
    id: 'A21l',
    title: 'A sale that is over holds neither stock nor credit',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it is %s, but still has %s pieces reserved or promised and a hold of %s', s.workflow_state, coalesce(l.pieces, 0), coalesce(h.amount, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(reserved + backordered) as pieces from orderflow.sale_line group by 1) l on l.sale_order_id = s.id
        left join (select sale_order_id, sum(amount_minor) as amount from orderflow.credit_hold where status in ('HELD', 'COMMITTED') group by 1) h
          on h.sale_order_id = s.id
       where s.workflow_state in ('COMPLETED', 'CANCELLED', 'REJECTED') and (coalesce(l.pieces, 0) > 0 or h.amount is not null)`,
  },
  {
    id: 'A21m',
    title: 'A sale that came to nothing keeps no money, but for what came late and has an incident',
    sql: `
      select process_instance_id as instance_id, number as subject,
             format('it is %s, but keeps %s captured - %s refunded + %s unapplied', workflow_state, captured_minor, refunded_minor, unapplied_minor) as what
        from orderflow.sale_order s
       where workflow_state in ('CANCELLED', 'REJECTED')
         and (captured_minor <> refunded_minor
              or unapplied_minor <> coalesce((select sum((n.details ->> 'amountMinor')::bigint) from orderflow.incident n
                                               where n.instance_id = s.process_instance_id and n.kind = 'late-money' and n.resolved_at is null), 0))`,
  },
  {
    id: 'A21n',
    title: 'A sale that came to nothing asks nobody for money',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('it is %s, but the payment request %s of %s is %s', s.workflow_state, p.reference,
             p.amount_minor, p.status) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join orderflow.payment v on v.provider = p.provider and v.kind = 'VOID' and v.reference = p.reference
       where p.kind = 'INTENT' and p.status <> 'FAILED' and v.id is null and s.workflow_state in ('CANCELLED', 'REJECTED')`,
  },
  {
    id: 'A21o',
    title: 'Each payment is in the currency of its sale, and applies no more than it is',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s of %s %s, of which %s applied; the sale is in %s', p.kind, p.reference, p.amount_minor, p.currency, p.applied_minor, s.currency) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
       where p.currency <> s.currency or p.applied_minor not between 0 and p.amount_minor or (p.kind in ('INTENT', 'VOID') and p.applied_minor <> 0)`,
  },
  {
    id: 'A21p',
    title: 'A cleared sale has been paid what it was to prepay, and credit for the rest of its terms',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it was cleared with %s of %s prepaid and %s of %s held', s.captured_minor - s.refunded_minor, s.prepay_minor, coalesce(h.held, 0), s.on_terms_minor) as what
        from orderflow.sale_order s
        left join (select h.sale_order_id, sum(m.amount_minor) as held from orderflow.credit_hold h join orderflow.credit_movement m on m.credit_hold_id = h.id
                    where m.kind = 'HELD' and h.status in ('COMMITTED', 'INVOICED', 'RELEASED') group by 1) h on h.sale_order_id = s.id
       where s.workflow_state in ('CLEARED', 'COMPLETED')
         and (s.captured_minor - s.refunded_minor < s.prepay_minor or coalesce(h.held, 0) < s.on_terms_minor or s.on_terms_minor + s.prepay_minor < s.total_minor)`,
  },
];
