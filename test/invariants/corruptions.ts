/** Something that is wrong with the world, and the invariant that must show it. Each changes one row of those that there are. */
export interface Corruption {
  readonly inv: string;
  readonly because: string;
  readonly sql: string | readonly string[];
}

/** Changes the first row of a table that fits. */
const change = (table: string, set: string, where = 'true'): string =>
  `update orderflow.${table} set ${set} where ctid = (select ctid from orderflow.${table} where ${where} order by 1 limit 1)`;

/** Copies the first row of a table that fits, with some columns changed. */
const copy = (table: string, columns: string, where = 'true'): string =>
  `insert into orderflow.${table} select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), ${columns}))).*
     from orderflow.${table} r where ${where} order by 1 limit 1`;

const movement = (kind: string, quantity: number): string =>
  copy('stock_movement', `'kind', '${kind}', 'quantity', ${quantity}, 'reference', 'made up'`);

export const corruptions: readonly Corruption[] = [
  { inv: 'INV-01', because: 'more is reserved than is on hand', sql: change('stock_level', 'reserved = on_hand + 1') },
  { inv: 'INV-02', because: 'a level has reserved what nobody reserved', sql: change('stock_level', 'reserved = reserved + 1') },
  {
    inv: 'INV-02',
    because: 'what has shipped counts as reserved',
    sql: change('stock_reservation', `status = 'FIRM'`, `status = 'SHIPPED'`),
  },
  { inv: 'INV-03', because: 'goods vanished', sql: change('stock_level', 'on_hand = on_hand - 1', 'on_hand > 0') },
  { inv: 'INV-03', because: 'a receipt was booked twice', sql: movement('RECEIVED', 2) },
  { inv: 'INV-03', because: 'a count was booked and not made', sql: movement('COUNTED', -1) },
  {
    inv: 'INV-04',
    because: 'a line shows a reservation that does not exist',
    sql: change('sale_line', 'reserved = reserved + 1'),
  },
  { inv: 'INV-05', because: 'a line shipped what did not leave', sql: change('sale_line', 'shipped = shipped + 1') },
  { inv: 'INV-06', because: 'a line gives away more than was ordered', sql: change('sale_line', 'cancelled = ordered + 1') },
  { inv: 'INV-06', because: 'more was delivered than shipped', sql: change('sale_line', 'delivered = shipped + 1') },
  { inv: 'INV-06', because: 'more came back than was delivered', sql: change('sale_line', 'returned = delivered + 1') },
  {
    inv: 'INV-07',
    because: 'a cleared sale has a piece that nobody promised',
    sql: `update orderflow.sale_line set ordered = ordered + 1 where sale_order_id in (select id from orderflow.sale_order where workflow_state = 'CLEARED')`,
  },
  {
    inv: 'INV-08',
    because: 'captured money drifted from the captures',
    sql: change('sale_order', 'captured_minor = captured_minor + 1'),
  },
  {
    inv: 'INV-08',
    because: 'a capture applied more than the sale says',
    sql: change('payment', 'applied_minor = applied_minor - 1', `kind = 'CAPTURE' and applied_minor > 0`),
  },
  { inv: 'INV-09', because: 'unapplied money was made up', sql: change('sale_order', 'unapplied_minor = 1000000') },
  {
    inv: 'INV-10',
    because: 'a sale keeps more than its total',
    sql: change('sale_order', 'total_minor = captured_minor - refunded_minor - 1', 'captured_minor > refunded_minor'),
  },
  { inv: 'INV-10', because: 'more was refunded than captured', sql: change('sale_order', 'refunded_minor = captured_minor + 1') },
  {
    inv: 'INV-11',
    because: 'a profile has taken credit that nobody holds',
    sql: change('credit_profile', 'open_orders_minor = open_orders_minor + 1'),
  },
  {
    inv: 'INV-12',
    because: 'credit was approved beyond the limit without an override',
    sql: change('credit_snapshot', 'limit_minor = exposure_minor + order_minor - 1', `outcome = 'APPROVE'`),
  },
  {
    inv: 'INV-12b',
    because: 'the exposure is beyond the limit',
    sql: 'update orderflow.credit_profile set limit_minor = 0, limit_reduced_at = null',
  },
  {
    inv: 'INV-13',
    because: 'credit is held that was refused',
    sql: `update orderflow.credit_snapshot set outcome = 'HOLD' where id in (select credit_snapshot_id from orderflow.credit_hold)`,
  },
  {
    inv: 'INV-13',
    because: 'credit is held by the word of another sale',
    sql: change('credit_hold', 'credit_snapshot_id = gen_random_uuid()'),
  },
  {
    inv: 'INV-14',
    because: 'a sale that is over holds stock',
    sql: `update orderflow.sale_line set reserved = 1 where sale_order_id in (select id from orderflow.sale_order where workflow_state = 'CANCELLED')`,
  },
  {
    inv: 'INV-14',
    because: 'a sale that is over holds credit',
    sql: `update orderflow.sale_order set workflow_state = 'COMPLETED' where id in (select sale_order_id from orderflow.credit_hold where status = 'COMMITTED')`,
  },
  {
    inv: 'INV-15',
    because: 'a cancelled sale keeps money',
    sql: change('sale_order', 'refunded_minor = refunded_minor - 1', `workflow_state = 'CANCELLED' and refunded_minor > 0`),
  },
  {
    inv: 'INV-15',
    because: 'a refund failed, and nobody has the money',
    sql: [
      `update orderflow.payment set status = 'FAILED' where kind = 'REFUND'`,
      `update orderflow.sale_order set refunded_minor = 0 where workflow_state = 'CANCELLED'`,
    ],
  },
  {
    inv: 'INV-16',
    because: 'an override was used too late',
    sql: change('override_request', `use_by = consumed_at - interval '1 second'`, `status = 'CONSUMED'`),
  },
  {
    inv: 'INV-16',
    because: 'an override was used again, for more',
    sql: copy('credit_snapshot', `'order_minor', 1000000, 'at', '2100-01-01'`, `outcome = 'APPROVE_WITH_OVERRIDE'`),
  },
  {
    inv: 'INV-16',
    because: 'an override was used and can be used again',
    sql: change('override_request', `status = 'APPROVED', consumed_at = null`, `status = 'CONSUMED' and kind = 'CREDIT'`),
  },
  {
    inv: 'INV-17',
    because: 'an override was approved by too few',
    sql: change('override_request', 'required_approvals = 3', `status = 'CONSUMED'`),
  },
  {
    inv: 'INV-17',
    because: 'somebody approved what they asked for',
    sql: `update orderflow.override_decision d set actor = o.requested_by from orderflow.override_request o where o.id = d.override_request_id`,
  },
  {
    inv: 'INV-17',
    because: 'somebody had their own request approved by a delegate',
    sql: `update orderflow.override_decision d set on_behalf_of = o.requested_by from orderflow.override_request o where o.id = d.override_request_id`,
  },
  {
    inv: 'INV-18',
    because: 'a state does not follow the one before',
    sql: change('transition', `from_state = 'ELSEWHERE'`, 'sequence = 2'),
  },
  { inv: 'INV-19', because: 'a transition is gone', sql: `delete from orderflow.transition where sequence = 2` },
  {
    inv: 'INV-19',
    because: 'an order has counted a transition too many',
    sql: change('quotation', 'transition_count = transition_count + 1'),
  },
  { inv: 'INV-20', because: 'a state was typed by hand', sql: change('fulfilment', `workflow_state = 'PACKING'`) },
  { inv: 'INV-20', because: 'a quotation lost its state', sql: change('quotation', 'workflow_state = null') },
  { inv: 'INV-21', because: 'shipments carry more than was ordered', sql: change('fulfilment_line', 'quantity = quantity + 1') },
  {
    inv: 'INV-21',
    because: 'a shipment carries a line of another sale',
    sql: change(
      'fulfilment',
      'sale_order_id = (select id from orderflow.sale_order s where s.id <> fulfilment.sale_order_id limit 1)',
    ),
  },
  { inv: 'INV-22', because: 'a hand-off made nothing', sql: change('phase_handoff', `target_ids = '{}'`) },
  {
    inv: 'INV-22',
    because: 'a hand-off names what is not there',
    sql: change('phase_handoff', 'target_ids = target_ids || gen_random_uuid()'),
  },
  {
    inv: 'INV-23',
    because: 'a reservation has outlived its time',
    sql: change('stock_reservation', `status = 'SOFT', expires_at = orderflow.now() - interval '6 minutes'`),
  },
  {
    inv: 'INV-24',
    because: 'an order that is not over has no instance',
    sql: change(
      'process_instance',
      `status = 'cancelled', ended_at = orderflow.now(), revision = revision + 1`,
      `status = 'running'`,
    ),
  },
  {
    inv: 'INV-24',
    because: 'an order that is over has an instance that runs',
    sql: change('fulfilment', 'closed_at = orderflow.now()', 'closed_at is null'),
  },
  {
    inv: 'INV-24',
    because: 'an order has two instances',
    sql: copy('process_instance', `'business_key', 'again'`, `status = 'running' and subject_id is not null`),
  },
  {
    inv: 'INV-24b',
    because: 'an instance waits for nothing',
    sql: `update orderflow.wait set status = 'cancelled', closed_at = orderflow.now() where status = 'open'`,
  },
  {
    inv: 'INV-25',
    because: 'a wait has lost its way out',
    sql: `with alone as (select distinct on (instance_id) id, instance_id from orderflow.wait where status = 'open' and kind = 'message')
          update orderflow.wait w set status = 'cancelled', closed_at = orderflow.now() from alone where alone.instance_id = w.instance_id and alone.id <> w.id and w.status = 'open'`,
  },
  {
    inv: 'INV-26',
    because: 'a customer owes what was never invoiced',
    sql: change('credit_profile', 'unpaid_invoices_minor = unpaid_invoices_minor + 1'),
  },
  {
    inv: 'INV-27',
    because: 'an invoice was paid without an entry',
    sql: change('invoice', 'open_minor = open_minor - 1', 'open_minor > 0'),
  },
];
