import { everyOrder, type Check } from './check.ts';

/** Nobody moves an order `o` that was over before it was adopted, nor one that the old system goes on with. */
const isElsewhere = `o.process_instance_id is null and
  (o.adopted_at is not null and o.closed_at is not null or o.legacy_status = 'HANDED_OVER' and o.adopted_at is null and o.workflow_state is null)`;

/** Orders and their instances, and the hand-offs from phase to phase. */
export const orderChecks: readonly Check[] = [
  {
    id: 'A29a',
    title: 'Each order has its instance, and each instance with a subject has its order',
    sql: `
      select coalesce(i.id, o.process_instance_id) as instance_id, coalesce(o.number, i.business_key) as subject,
             case when o.id is null then format('instance %s moves the %s %s, which does not exist or has another instance', i.id, i.subject_type, i.subject_id)
                  else format('the %s has no instance that moves it (it names %s)', o.type, coalesce(o.process_instance_id::text, 'none')) end as what
        from (${everyOrder}) o
        full join (select * from orderflow.process_instance where subject_id is not null) i
          on i.id = o.process_instance_id and i.subject_type = o.type and i.subject_id = o.id and i.business_key = o.number
       where o.id is null or (i.id is null and not (${isElsewhere}))`,
  },
  {
    id: 'A29b',
    title: 'An order is closed when and only when its instance has ended',
    sql: `
      select i.id as instance_id, o.number as subject,
             format('its instance is %s, but it is %s', i.status, case when o.closed_at is null then 'not closed' else 'closed since ' || o.closed_at end) as what
        from (${everyOrder}) o join orderflow.process_instance i on i.id = o.process_instance_id
       where (o.closed_at is null) <> (i.status = 'running')`,
  },
  {
    id: 'A30a',
    title: 'A hand-off happens once for its source and names what it made',
    sql: `
      select coalesce(q.process_instance_id, s.process_instance_id) as instance_id, coalesce(q.number, s.number, h.source_id::text) as subject,
             format('%s %s: %s of %s targets exist and belong to it', h.hook, h.id, h.found, h.targets) as what
        from (select h.id, h.hook, h.source_id, cardinality(h.target_ids) as targets, count(*) over (partition by h.source_id, h.hook) as times,
                     case h.hook when 'onQuotationApproved' then (select count(*) from orderflow.sale_order t where t.id = any (h.target_ids) and t.quotation_id = h.source_id)
                                 else (select count(*) from orderflow.fulfilment t where t.id = any (h.target_ids) and t.sale_order_id = h.source_id) end as found
                from orderflow.phase_handoff h) h
        left join orderflow.quotation q on q.id = h.source_id left join orderflow.sale_order s on s.id = h.source_id
       where h.found <> h.targets or h.targets = 0 or h.times > 1`,
  },
  {
    id: 'A30b',
    title: 'Each approved quotation has become one sale order, and no other quotation has',
    sql: `
      select q.process_instance_id as instance_id, q.number as subject,
             format('it is %s and has %s sale orders%s', q.workflow_state, count(s.id), ': ' || string_agg(s.number, ', ' order by s.number)) as what
        from orderflow.quotation q left join orderflow.sale_order s on s.quotation_id = q.id
       group by q.id having count(s.id) <> (q.workflow_state = 'APPROVED')::int`,
  },
  {
    id: 'A30c',
    title: 'A sale order that came from a quotation has its terms, but for what was cancelled of it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s, but %s says %s %s; lines that differ: %s', s.total_minor, s.currency, q.number, q.total_minor, q.currency, coalesce(d.lines, 'none')) as what
        from orderflow.sale_order s join orderflow.quotation q on q.id = s.quotation_id
        left join (select coalesce(o.sale_order_id, l.sale_order_id) as sale_order_id, string_agg(coalesce(o.line_no, l.line_no)::text, ', ') as lines
                     from (select s.id as sale_order_id, l.* from orderflow.sale_order s join orderflow.quotation_line l on l.quotation_id = s.quotation_id) o
                     full join (select l.* from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id where s.quotation_id is not null) l
                       on l.sale_order_id = o.sale_order_id and l.line_no = o.line_no
                    where (o.sku, o.quantity, o.unit_price_minor, o.discount_bp, o.tax_bp) is distinct from (l.sku, l.ordered, l.unit_price_minor, l.discount_bp, l.tax_bp)
                    group by 1) d on d.sale_order_id = s.id
       where (s.customer_id, s.currency) is distinct from (q.customer_id, q.currency) or s.total_minor > q.total_minor or d.lines is not null
          or ((s.total_minor, s.fingerprint) is distinct from (q.total_minor, q.fingerprint)
              and not exists (select 1 from orderflow.sale_line c where c.sale_order_id = s.id and c.cancelled > 0))`,
  },
  {
    id: 'A30d',
    title: 'Each cleared sale was handed over, with all of its fulfilments but those that were split off one',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             case when h.id is null then format('it is %s, but was not handed over (%s fulfilments)', s.workflow_state, count(f.id))
                  else format('its hand-off made %s fulfilments, it has %s', cardinality(h.target_ids), count(f.id)) end as what
        from orderflow.sale_order s
        left join orderflow.phase_handoff h on h.source_id = s.id and h.hook = 'onSaleCleared'
        left join orderflow.fulfilment f on f.sale_order_id = s.id
             and not exists (select from orderflow.step t join orderflow.fulfilment p on p.id = f.backorder_of_id and p.sale_order_id = s.id
                              where t.instance_id = f.process_instance_id and t.revision = 1 and t.trigger = 'split')
       group by s.id, h.id
      having (h.id is null and (s.workflow_state in ('CLEARED', 'COMPLETED') or count(f.id) > 0))
          or (h.id is not null and (count(f.id) <> cardinality(h.target_ids) or not bool_and(f.id = any (h.target_ids))))`,
  },
  {
    id: 'A30e',
    title: 'A sale is over only when all of its fulfilments are',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject, format('it is %s, but %s is %s', s.workflow_state, f.number, f.workflow_state) as what
        from orderflow.sale_order s join orderflow.fulfilment f on f.sale_order_id = s.id
       where s.workflow_state in ('COMPLETED', 'CANCELLED', 'REJECTED') and f.closed_at is null`,
  },
  {
    id: 'A30f',
    title: 'Each return is of goods that have arrived with a shipment of its own sale',
    sql: `
      select r.process_instance_id as instance_id, r.number as subject,
             format('it is of %s of %s, which %s', f.number, s.number, case when f.sale_order_id <> r.sale_order_id then 'belongs to another sale' else 'has not arrived' end) as what
        from orderflow.return_request r join orderflow.fulfilment f on f.id = r.fulfilment_id join orderflow.sale_order s on s.id = r.sale_order_id
       where f.sale_order_id <> r.sale_order_id or f.delivered_at is null`,
  },
];
