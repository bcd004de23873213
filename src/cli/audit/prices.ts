import type { Check } from './check.ts';

/** What so many pieces of a line cost with tax, rounded half up at each step; the columns are those of the line. */
export const gross = (pieces: string): string => {
  const net = `(((${pieces})::numeric * unit_price_minor * (10000 - discount_bp) + 5000)::numeric / 10000)`;
  return `floor((floor(${net}) * (10000 + tax_bp) + 5000) / 10000)`;
};

/** Totals of offers and sales, which everything about money starts from; and earlier offers. */
export const priceChecks: readonly Check[] = [
  {
    id: 'A31a',
    title: 'What was offered is what its lines cost, with tax',
    sql: `
      select q.process_instance_id as instance_id, q.number as subject, format('it says %s, but its lines come to %s', q.total_minor, sum(${gross('l.quantity')})) as what
        from orderflow.quotation q join orderflow.quotation_line l on l.quotation_id = q.id
       where q.workflow_state in ('AWAITING_PRICE_OVERRIDE', 'SENT', 'APPROVED', 'EXPIRED', 'REJECTED') and q.adopted_at is null
       group by q.id having q.total_minor <> sum(${gross('l.quantity')})`,
  },
  {
    id: 'A31b',
    title: 'A sale is worth what is left of its lines; what was cancelled after it was cleared was part of it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it says %s, but its lines come to %s, and to %s without what was cancelled', s.total_minor, s.ordered, s.remaining) as what
        from (select s.*, sum(${gross('l.ordered')}) as ordered, sum(${gross('l.ordered - l.cancelled')}) as remaining
                from orderflow.sale_order s join orderflow.sale_line l on l.sale_order_id = s.id group by s.id) s
       where s.adopted_at is null and case when s.cleared_at is null and s.closed_at is null and s.cancel_requested_at is null then s.total_minor <> s.remaining
                                           else s.total_minor not between s.remaining and s.ordered end`,
  },
  {
    id: 'A31c',
    title: 'Every earlier offer of a quotation is kept, none twice',
    sql: `
      select q.process_instance_id as instance_id, q.number as subject,
             format('it is at offer %s, but these were kept: %s', q.offer_revision, coalesce(string_agg(r.offer_revision::text, ', ' order by r.offer_revision), 'none')) as what
        from orderflow.quotation q left join orderflow.quotation_revision r on r.quotation_id = q.id
       where q.adopted_at is null
       group by q.id having count(r.offer_revision) <> q.offer_revision - 1 or coalesce(max(r.offer_revision), 0) > q.offer_revision - 1`,
  },
];
