import type { Check } from './check.ts';

/** The payment ledger by itself: what belongs to what, and what is on its way. Amounts in minor units. */
export const paymentChecks: readonly Check[] = [
  {
    id: 'A21u',
    title: 'What a sale has authorised is what its authorisations have left',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('authorised %s, but its authorisations have %s left', s.authorized_minor, coalesce(a.amount, 0)) as what
        from orderflow.sale_order s
        left join (select a.sale_order_id,
                          sum(case when v.id is null then a.amount_minor - coalesce(c.taken, 0) else coalesce(c.pending, 0) end) as amount
                     from orderflow.payment a
                     left join orderflow.payment v on v.kind = 'VOID' and v.parent_id = a.id
                     left join (select parent_id, sum(amount_minor) filter (where status in ('SUCCEEDED', 'REVERSED')) as taken,
                                       sum(amount_minor) filter (where status in ('REQUESTED', 'PENDING', 'UNKNOWN')) as pending
                                  from orderflow.payment where kind = 'CAPTURE' group by 1) c on c.parent_id = a.id
                    where a.kind = 'AUTH' and a.status = 'SUCCEEDED' group by 1) a on a.sale_order_id = s.id
       where s.authorized_minor <> coalesce(a.amount, 0)`,
  },
  {
    id: 'A21v',
    title: 'What goes back or is taken of a payment belongs to it, and is never more than it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s of %s (%s applied): %s of %s (%s applied) belong to it%s', p.kind, p.reference, p.amount_minor, p.applied_minor, c.kinds, c.amount, c.applied,
                    case when c.own then '' else ', not all of its sale' end) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        join (select c.parent_id, string_agg(distinct c.kind, ', ') as kinds, sum(c.amount_minor) as amount, sum(c.applied_minor) as applied,
                     bool_and(c.sale_order_id = p.sale_order_id) as own
                from orderflow.payment c join orderflow.payment p on p.id = c.parent_id
               where c.status <> 'FAILED' and (p.kind = 'CAPTURE' or (p.kind = 'AUTH' and c.kind = 'CAPTURE')) group by 1) c on c.parent_id = p.id
       where not c.own or c.amount > p.amount_minor or (p.kind = 'CAPTURE' and c.applied > p.applied_minor)`,
  },
  {
    id: 'A21w',
    title: 'A capture is reversed when and only when a chargeback took money of it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('capture %s is %s, with chargebacks of %s', c.reference, c.status, coalesce(r.amount, 0)) as what
        from orderflow.payment c join orderflow.sale_order s on s.id = c.sale_order_id
        left join (select parent_id, sum(amount_minor) as amount from orderflow.payment where kind = 'REVERSAL' group by 1) r on r.parent_id = c.id
       where c.kind = 'CAPTURE' and (c.status = 'REVERSED') <> (r.amount is not null)`,
  },
  {
    id: 'A21x',
    title: 'Whatever is on its way has somebody who looks after it: the reconciler in time, or finance',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s of %s is %s since %s, asked %s times, %s', p.kind, p.reference, p.amount_minor, p.status, p.recorded_at, p.attempts,
                    coalesce('next at ' || p.next_at, 'and nobody is asked any more')) as what
        from asked cross join orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
       where p.status in ('REQUESTED', 'PENDING', 'UNKNOWN') and s.process_instance_id is not null
         and case when p.next_at is null then not exists (select from orderflow.incident n where n.payment_id = p.id and n.resolved_at is null)
                  else p.next_at < orderflow.now() - asked.lease end`,
  },
];

export const drainedPaymentChecks: readonly Check[] = [
  {
    id: 'A10f',
    title: 'No payment is left over that the reconciler has to settle',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('%s %s of %s is %s', p.kind, p.reference, p.amount_minor, p.status) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id where p.next_at is not null`,
  },
];
