import type { Check } from './check.ts';

/** Invoices, their ledger, and money on account. Amounts in minor units. */
export const invoiceChecks: readonly Check[] = [
  {
    id: 'A21c',
    title: 'What a customer has not paid is what is open on their invoices',
    sql: `
      select null::uuid as instance_id, format('%s in %s', c.code, p.currency) as subject,
             format('unpaid invoices %s, of which %s overdue, but %s are open', p.unpaid_invoices_minor, p.overdue_minor, coalesce(i.amount, 0)) as what
        from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
        left join (select credit_profile_id, sum(open_minor) as amount from orderflow.invoice group by 1) i on i.credit_profile_id = p.id
       where p.unpaid_invoices_minor <> coalesce(i.amount, 0) or p.overdue_minor > p.unpaid_invoices_minor`,
  },
  {
    id: 'A21q',
    title: 'What is open on an invoice is what was issued and neither paid nor credited',
    sql: `
      select s.process_instance_id as instance_id, i.number as subject,
             format('%s of %s open, but its entries say %s, and %s were issued', i.open_minor, i.amount_minor, coalesce(e.open, 0), coalesce(e.issued, 0)) as what
        from orderflow.invoice i left join orderflow.sale_order s on s.id = i.sale_order_id
        left join (select invoice_id, sum(case when kind in ('ISSUED', 'FREED') then amount_minor else -amount_minor end) as open,
                          sum(amount_minor) filter (where kind = 'ISSUED') as issued from orderflow.invoice_entry group by 1) e on e.invoice_id = i.id
       where i.open_minor <> coalesce(e.open, 0) or i.amount_minor is distinct from e.issued or i.open_minor not between 0 and i.amount_minor`,
  },
  {
    id: 'A21r',
    title: 'Credit that left a hold for a shipment is an invoice of the same sale',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s left its hold for %s, but %s', m.amount_minor, m.reference, coalesce(i.number || ' is over ' || i.amount_minor, 'there is no invoice')) as what
        from orderflow.credit_movement m join orderflow.credit_hold h on h.id = m.credit_hold_id join orderflow.sale_order s on s.id = h.sale_order_id
        left join orderflow.invoice i on i.reference = m.reference and i.sale_order_id = h.sale_order_id and i.credit_profile_id = h.credit_profile_id
       where m.kind = 'INVOICED' and m.amount_minor > 0 and (i.id is null or i.amount_minor < m.amount_minor)`,
  },
  {
    id: 'A21s',
    title: 'Money on account is what came on it and was not used',
    sql: `
      select null::uuid as instance_id, format('%s in %s', c.code, p.currency) as subject,
             format('%s on account, but %s came and %s went', p.unapplied_cash_minor, coalesce(m.came, 0), coalesce(m.went, 0)) as what
        from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
        left join (select credit_profile_id, sum(amount_minor) filter (where kind = 'CASH_IN') as came, sum(amount_minor) filter (where kind = 'CASH_OUT') as went
                     from orderflow.credit_movement group by 1) m on m.credit_profile_id = p.id
       where p.unapplied_cash_minor <> coalesce(m.came, 0) - coalesce(m.went, 0)`,
  },
  {
    id: 'A21t',
    title: 'Money that a sale or an invoice set free is on the account of its customer, once',
    sql: `
      select f.instance_id, f.subject, format('%s were set free by %s, but %s came on account', f.amount, f.reference, coalesce(m.amount_minor, 0)) as what
        from (select s.process_instance_id as instance_id, s.number as subject, p.reference, p.amount_minor as amount, p.reference as cash
                from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id where p.kind = 'SETTLEMENT'
              union all
              select s.process_instance_id, i.number, e.reference, e.amount_minor, i.number || ':' || e.reference
                from orderflow.invoice_entry e join orderflow.invoice i on i.id = e.invoice_id left join orderflow.sale_order s on s.id = i.sale_order_id
               where e.kind = 'FREED') f
        left join orderflow.credit_movement m on m.kind = 'CASH_IN' and m.reference = f.cash
       where m.amount_minor is distinct from f.amount`,
  },
];
