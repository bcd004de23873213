import type { Check } from './check.ts';

/** Money that really moved, and what the orders say of it. Amounts in minor units. */
export const moneyChecks: readonly Check[] = [
  {
    id: 'A21h',
    title: 'What a sale has captured is what its captures applied to it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('captured %s, but its captures applied %s', s.captured_minor, coalesce(p.applied, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind = 'CAPTURE' and status in ('SUCCEEDED', 'REVERSED') group by 1) p
          on p.sale_order_id = s.id
       where s.captured_minor <> coalesce(p.applied, 0)`,
  },
  {
    id: 'A21i',
    title: 'What a sale has refunded is what its refunds and chargebacks took from it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('refunded %s, but its refunds took %s', s.refunded_minor, coalesce(p.applied, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind in ('REFUND', 'REVERSAL') and status = 'SUCCEEDED' group by 1) p
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
        left join (select sale_order_id, sum(amount_minor) filter (where kind = 'CAPTURE') as came, sum(amount_minor) filter (where kind in ('REFUND', 'REVERSAL', 'SETTLEMENT')) as back
                     from orderflow.payment where status in ('SUCCEEDED', 'REVERSED') group by 1) p on p.sale_order_id = s.id
       where s.captured_minor - s.refunded_minor + s.unapplied_minor <> coalesce(p.came, 0) - coalesce(p.back, 0)`,
  },
  {
    id: 'A21k',
    title:
      'No sale captures more than its total and what an override adds to it, refunds more than it captured, or asks for more than its total',
    sql: `
      select process_instance_id as instance_id, number as subject,
             format('total %s: on terms %s, to prepay %s, captured %s, refunded %s, unapplied %s', total_minor, on_terms_minor, prepay_minor, captured_minor,
                    refunded_minor, unapplied_minor) as what
        from orderflow.sale_order
       where captured_minor - refunded_minor > total_minor + overcapture_allowed_minor or refunded_minor > captured_minor or on_terms_minor + prepay_minor > total_minor
          or least(captured_minor, refunded_minor, unapplied_minor, authorized_minor) < 0`,
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
    title: 'A sale that came to nothing keeps no money, but for what is on its way back',
    sql: `
      select process_instance_id as instance_id, number as subject,
             format('it is %s, but keeps %s captured - %s refunded + %s unapplied, and %s are on their way back', workflow_state, captured_minor, refunded_minor,
                    unapplied_minor, coalesce(r.amount, 0)) as what
        from orderflow.sale_order s
        left join (select sale_order_id, sum(amount_minor) as amount, sum(applied_minor) as applied from orderflow.payment
                    where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN') group by 1) r on r.sale_order_id = s.id
       where workflow_state in ('CANCELLED', 'REJECTED')
         and (captured_minor - refunded_minor <> coalesce(r.applied, 0) or unapplied_minor <> coalesce(r.amount - r.applied, 0))`,
  },
  {
    id: 'A21n',
    title: 'A sale that came to nothing asks nobody for money',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('it is %s, but the payment request %s of %s is %s', s.workflow_state, p.reference,
             p.amount_minor, p.status) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join orderflow.payment v on v.provider = p.provider and v.kind = 'VOID' and v.reference = p.reference
       where p.kind in ('INTENT', 'AUTH') and p.status <> 'FAILED' and v.id is null and s.workflow_state in ('CANCELLED', 'REJECTED')`,
  },
  {
    id: 'A21o',
    title: 'Each payment is in the currency of its sale, and applies no more than it is',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s of %s %s, of which %s applied; the sale is in %s', p.kind, p.reference, p.amount_minor, p.currency, p.applied_minor, s.currency) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
       where p.currency <> s.currency or p.applied_minor not between 0 and p.amount_minor or (p.kind not in ('CAPTURE', 'REFUND', 'REVERSAL') and p.applied_minor <> 0)`,
  },
  {
    // an authorisation that was accepted, and that the bank took back after the sale was cleared, has the provider's reference: fulfilment.release-check looks at that
    id: 'A21p',
    title: 'A cleared sale has been paid what it was to prepay, and credit for the rest of its terms',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it was cleared with %s of %s prepaid or authorised and %s of %s held', s.captured_minor + coalesce(a.extra, 0), s.prepay_minor, coalesce(h.held, 0),
                    s.on_terms_minor) as what
        from orderflow.sale_order s
        left join (select h.sale_order_id, sum(m.amount_minor) as held from orderflow.credit_hold h join orderflow.credit_movement m on m.credit_hold_id = h.id
                    where m.kind = 'HELD' and h.status in ('COMMITTED', 'INVOICED', 'RELEASED') group by 1) h on h.sale_order_id = s.id
        left join (select a.sale_order_id, sum(a.amount_minor - coalesce(c.applied, 0)) as extra from orderflow.payment a
                     left join (select parent_id, sum(applied_minor) as applied from orderflow.payment where kind = 'CAPTURE' group by 1) c on c.parent_id = a.id
                    where a.kind = 'AUTH' and (a.status = 'SUCCEEDED' or (a.status = 'FAILED' and a.provider_reference is not null)) group by 1) a on a.sale_order_id = s.id
       where s.workflow_state in ('CLEARED', 'COMPLETED') and not (s.adopted_at is not null and s.process_instance_id is null)
         and (s.captured_minor + coalesce(a.extra, 0) < s.prepay_minor or coalesce(h.held, 0) < s.on_terms_minor or s.on_terms_minor + s.prepay_minor < s.total_minor)`,
  },
];
