import type { Check } from './check.ts';

/** What became of goods that have left: where sale lines, shipments, returns and the ledger of stock speak of the same pieces, they agree. */
export const returnChecks: readonly Check[] = [
  {
    id: 'A20l',
    title: 'What a sale line has delivered and lost is what its shipments did',
    // a shipment that came back to its sender counts as delivered and returned at once
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('line %s (%s): delivered %s and lost %s, its shipments delivered %s and lost %s', l.line_no, l.sku, l.delivered, l.lost,
                    coalesce(f.delivered, 0), coalesce(f.lost, 0)) as what
        from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
        left join (select x.sale_line_id, sum(x.quantity) filter (where f.delivered_at is not null or f.workflow_state = 'RETURNED') as delivered,
                          sum(x.quantity) filter (where f.workflow_state = 'LOST') as lost
                     from orderflow.fulfilment_line x join orderflow.fulfilment f on f.id = x.fulfilment_id group by 1) f on f.sale_line_id = l.id
       where l.delivered <> coalesce(f.delivered, 0) or l.lost <> coalesce(f.lost, 0)`,
  },
  {
    id: 'A20m',
    title: 'What is to come back of a sale line, and what has, is what its returns say',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('line %s (%s): %s to come back and %s returned, its returns say %s and %s', l.line_no, l.sku, l.return_requested, l.returned,
                    coalesce(r.claimed, 0), coalesce(r.accepted, 0) + coalesce(f.quantity, 0)) as what
        from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
        left join (select x.sale_line_id, sum(x.requested) filter (where r.closed_at is null and r.restocked_at is null) as claimed,
                          sum(x.accepted) filter (where r.restocked_at is not null) as accepted
                     from orderflow.return_line x join orderflow.return_request r on r.id = x.return_request_id group by 1) r on r.sale_line_id = l.id
        left join (select x.sale_line_id, sum(x.quantity) as quantity from orderflow.fulfilment_line x join orderflow.fulfilment f on f.id = x.fulfilment_id
                    where f.workflow_state = 'RETURNED' and f.delivered_at is null group by 1) f on f.sale_line_id = l.id
       where l.return_requested <> coalesce(r.claimed, 0) or l.returned <> coalesce(r.accepted, 0) + coalesce(f.quantity, 0)`,
  },
  {
    id: 'A20n',
    title: 'What was accepted of a return is back in stock, and what was not good is scrapped',
    // a movement is written with the key of its job, which begins with the instance; that of a return which was over when it was adopted, with the return
    sql: `
      select r.process_instance_id as instance_id, r.number as subject,
             format('accepted %s, of these good %s, but %s came back into stock and %s were scrapped', r.accepted, r.good, coalesce(m.returned, 0), -coalesce(m.scrapped, 0)) as what
        from (select r.id, r.number, r.process_instance_id, sum(x.accepted) as accepted, sum(x.good) as good
                from orderflow.return_request r join orderflow.return_line x on x.return_request_id = r.id where r.restocked_at is not null group by r.id) r
        left join (select split_part(reference, ':', 1) as instance_id, sum(quantity) filter (where kind = 'RETURNED') as returned,
                          sum(quantity) filter (where kind = 'SCRAPPED') as scrapped
                     from orderflow.stock_movement where kind in ('RETURNED', 'SCRAPPED') group by 1) m on m.instance_id = coalesce(r.process_instance_id, r.id)::text
       where r.accepted <> coalesce(m.returned, 0) or r.accepted - r.good <> -coalesce(m.scrapped, 0)`,
  },
  {
    id: 'A20o',
    title: 'The returns of a shipment claim no more than travelled with it',
    sql: `
      select f.process_instance_id as instance_id, f.number as subject,
             format('of line %s (%s) %s pieces travelled, but its returns claim %s', l.line_no, l.sku, coalesce(x.quantity, 0), r.quantity) as what
        from (select r.fulfilment_id, y.sale_line_id,
                     sum(case when r.restocked_at is not null then y.accepted when r.closed_at is null then y.requested else 0 end) as quantity
                from orderflow.return_line y join orderflow.return_request r on r.id = y.return_request_id group by 1, 2) r
        join orderflow.fulfilment f on f.id = r.fulfilment_id join orderflow.sale_line l on l.id = r.sale_line_id
        left join orderflow.fulfilment_line x on x.fulfilment_id = r.fulfilment_id and x.sale_line_id = r.sale_line_id
       where r.quantity > coalesce(x.quantity, 0)`,
  },
  {
    id: 'A20p',
    title: 'A shipment that came back to its sender is back in stock',
    sql: `
      select f.process_instance_id as instance_id, f.number as subject,
             format('%s pieces were sent, %s came back into stock', f.quantity, coalesce(m.quantity, 0)) as what
        from (select f.id, f.number, f.process_instance_id, sum(x.quantity) as quantity from orderflow.fulfilment f join orderflow.fulfilment_line x on x.fulfilment_id = f.id
               where f.workflow_state = 'RETURNED' and f.delivered_at is null group by f.id) f
        left join (select split_part(reference, ':', 1) as instance_id, sum(quantity) as quantity
                     from orderflow.stock_movement where kind = 'RETURNED' group by 1) m on m.instance_id = f.process_instance_id::text
       where f.quantity <> coalesce(m.quantity, 0)`,
  },
];
