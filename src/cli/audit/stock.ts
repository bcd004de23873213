import type { Check } from './check.ts';

const active = `('SOFT', 'FIRM')`;

/** Stock levels, the reservations on them, the ledger of movements, and the lines of orders that they are for. */
export const stockChecks: readonly Check[] = [
  {
    id: 'A20a',
    title: 'What a level has reserved are its active reservations',
    sql: `
      select null::uuid as instance_id, format('%s at %s', l.sku, l.location) as subject,
             format('reserved %s, but the active reservations add up to %s', l.reserved, coalesce(r.quantity, 0)) as what
        from orderflow.stock_level l
        left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_reservation where status in ${active} group by 1) r on r.stock_level_id = l.id
       where l.reserved <> coalesce(r.quantity, 0)`,
  },
  {
    id: 'A20b',
    title: 'What a level has reserved is what its movements reserved, released and shipped',
    sql: `
      select null::uuid as instance_id, format('%s at %s', l.sku, l.location) as subject,
             format('reserved %s, but the movements add up to %s', l.reserved, coalesce(m.quantity, 0)) as what
        from orderflow.stock_level l
        left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_movement where kind in ('RESERVED', 'RELEASED', 'SHIPPED') group by 1) m
          on m.stock_level_id = l.id
       where l.reserved <> coalesce(m.quantity, 0)`,
  },
  {
    id: 'A20c',
    title: 'What is on hand is what came, came back or was found, and has not left',
    sql: `
      select null::uuid as instance_id, format('%s at %s', l.sku, l.location) as subject,
             format('on hand %s, but the movements of goods add up to %s', l.on_hand, coalesce(m.quantity, 0)) as what
        from orderflow.stock_level l
        left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_movement
                    where kind in ('RECEIVED', 'RETURNED', 'COUNTED', 'SHIPPED', 'SCRAPPED') group by 1) m on m.stock_level_id = l.id
       where l.on_hand <> coalesce(m.quantity, 0)`,
  },
  {
    id: 'A20d',
    title: 'No more is reserved than is on hand, and neither is below zero',
    sql: `
      select null::uuid as instance_id, format('%s at %s', sku, location) as subject, format('on hand %s, reserved %s', on_hand, reserved) as what
        from orderflow.stock_level where reserved > on_hand or reserved < 0 or on_hand < 0`,
  },
  {
    id: 'A20e',
    title: 'What a sale line has reserved and shipped are its reservations',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('line %s (%s) has reserved %s and shipped %s, its reservations say %s and %s', l.line_no, l.sku, l.reserved, l.shipped,
                    coalesce(r.active, 0), coalesce(r.shipped, 0)) as what
        from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
        left join (select sale_line_id, sum(quantity) filter (where status in ${active}) as active, sum(quantity) filter (where status = 'SHIPPED') as shipped
                     from orderflow.stock_reservation group by 1) r on r.sale_line_id = l.id
       where l.reserved <> coalesce(r.active, 0) or l.shipped <> coalesce(r.shipped, 0)`,
  },
  {
    id: 'A20f',
    title:
      'A sale line gives away no more than was ordered, loses and delivers no more than it shipped, and takes back no more than it delivered',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('line %s (%s): ordered %s; cancelled %s, reserved %s, backordered %s, shipped %s, delivered %s, lost %s, to come back %s, returned %s', l.line_no,
                    l.sku, l.ordered, l.cancelled, l.reserved, l.backordered, l.shipped, l.delivered, l.lost, l.return_requested, l.returned) as what
        from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
       where l.cancelled + l.reserved + l.backordered + l.shipped > l.ordered or l.delivered + l.lost > l.shipped or l.return_requested + l.returned > l.delivered
          or least(l.cancelled, l.reserved, l.backordered, l.shipped, l.delivered, l.lost, l.return_requested, l.returned) < 0`,
  },
  {
    id: 'A20g',
    title: 'A cleared sale has a promise for every piece',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('it is %s, but line %s (%s) has %s of %s pieces', s.workflow_state, l.line_no, l.sku, l.cancelled + l.reserved + l.backordered + l.shipped, l.ordered) as what
        from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
       where s.workflow_state in ('CLEARED', 'COMPLETED') and l.cancelled + l.reserved + l.backordered + l.shipped < l.ordered`,
  },
  {
    id: 'A20h',
    title: 'Fulfilments carry no more of a sale line than is left of it',
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('line %s (%s): ordered %s, cancelled %s, but its fulfilments carry %s', l.line_no, l.sku, l.ordered, l.cancelled, f.quantity) as what
        from (select fl.sale_line_id, sum(fl.quantity) as quantity, bool_and(f.sale_order_id = l.sale_order_id) as own
                from orderflow.fulfilment_line fl join orderflow.fulfilment f on f.id = fl.fulfilment_id join orderflow.sale_line l on l.id = fl.sale_line_id
               where f.workflow_state is distinct from 'CANCELLED' group by 1) f
        join orderflow.sale_line l on l.id = f.sale_line_id join orderflow.sale_order s on s.id = l.sale_order_id
       where f.quantity > l.ordered - l.cancelled or not f.own`,
  },
  {
    id: 'A20i',
    title: 'Each reservation was given up or shipped once, in full, as the movements say',
    // a movement back is written with "<why>:<reservation>" as its reference
    sql: `
      select s.process_instance_id as instance_id, s.number as subject,
             format('reservation %s of %s %s is %s, its movements back are: %s', r.id, r.quantity, l.sku, r.status, coalesce(m.movements, 'none')) as what
        from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.sale_order s on s.id = l.sale_order_id
        left join (select right(reference, 36) as reservation_id, count(*) as times, min(kind) as kind, sum(quantity) as quantity, (array_agg(stock_level_id))[1] as stock_level_id,
                          string_agg(kind || ' ' || quantity, ', ' order by at) as movements
                     from orderflow.stock_movement where kind in ('RELEASED', 'SHIPPED') group by 1) m on m.reservation_id = r.id::text
       where case when r.status in ${active} then m.times is not null
                  else (1::bigint, case r.status when 'SHIPPED' then 'SHIPPED' else 'RELEASED' end, -r.quantity::numeric, r.stock_level_id)
                       is distinct from (m.times, m.kind, m.quantity, m.stock_level_id) end`,
  },
  {
    id: 'A20j',
    title: 'A shipment leaves with its own goods, all of them',
    sql: `
      select f.process_instance_id as instance_id, f.number as subject,
             format('it shipped at %s, but of line %s (%s) %s of %s pieces left the stock', f.shipped_at, l.line_no, l.sku, coalesce(sum(r.quantity), 0), fl.quantity) as what
        from orderflow.fulfilment f join orderflow.fulfilment_line fl on fl.fulfilment_id = f.id join orderflow.sale_line l on l.id = fl.sale_line_id
        left join orderflow.stock_reservation r on r.fulfilment_id = f.id and r.sale_line_id = l.id and r.status = 'SHIPPED'
       group by f.id, fl.id, l.id
      having coalesce(sum(r.quantity), 0) <> case when f.shipped_at is null then 0 else fl.quantity end`,
  },
  {
    id: 'A20k',
    title: 'A fulfilment that is over asks for no more goods',
    sql: `
      select f.process_instance_id as instance_id, f.number as subject, format('it is %s, but still asks for %s %s', f.workflow_state, d.quantity, d.sku) as what
        from orderflow.backorder_demand d join orderflow.fulfilment f on f.id = d.fulfilment_id
       where d.status = 'OPEN' and f.closed_at is not null`,
  },
];
