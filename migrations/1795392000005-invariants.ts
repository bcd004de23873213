import type { MigrationInterface, QueryRunner } from 'typeorm';

const active = `('SOFT', 'FIRM')`;
const held = `('HELD', 'COMMITTED')`;

/** Every order of every phase, in the columns that all of them have. */
const orders = ['quotation', 'sale_order', 'fulfilment', 'return_request']
  .map(
    (table) =>
      `select '${table}' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.${table}`,
  )
  .join(' union all ');

/** What must hold at every moment (docs/domain.md); each query answers what violates it. */
const invariants: Readonly<Record<string, string>> = {
  'INV-01 no more is reserved than is on hand': `
    select sku || ' at ' || location from orderflow.stock_level where reserved > on_hand or reserved < 0`,
  'INV-02 what a level has reserved are its active reservations': `
    select l.sku || ' at ' || l.location from orderflow.stock_level l
      left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_reservation where status in ${active} group by 1) r on r.stock_level_id = l.id
     where l.reserved <> coalesce(r.quantity, 0)`,
  'INV-03 what is on hand came and has not left': `
    select l.sku || ' at ' || l.location from orderflow.stock_level l
      left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_movement
                  where kind in ('RECEIVED', 'RETURNED', 'COUNTED', 'SHIPPED', 'SCRAPPED') group by 1) m on m.stock_level_id = l.id
     where l.on_hand <> coalesce(m.quantity, 0)`,
  'INV-04 what a line has reserved are its active reservations': `
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      left join (select sale_line_id, sum(quantity) as quantity from orderflow.stock_reservation where status in ${active} group by 1) r on r.sale_line_id = l.id
     where l.reserved <> coalesce(r.quantity, 0)`,
  'INV-05 what a line has shipped are its shipped reservations': `
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      left join (select sale_line_id, sum(quantity) as quantity from orderflow.stock_reservation where status = 'SHIPPED' group by 1) r on r.sale_line_id = l.id
     where l.shipped <> coalesce(r.quantity, 0)`,
  'INV-06 a line gives away no more than was ordered, delivers no more than it shipped, takes back no more than it delivered': `
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
     where l.cancelled + l.reserved + l.backordered + l.shipped > l.ordered or l.delivered + l.lost > l.shipped or l.return_requested + l.returned > l.delivered
        or least(l.cancelled, l.reserved, l.backordered, l.shipped, l.delivered, l.lost, l.return_requested, l.returned) < 0`,
  'INV-07 a cleared sale has a promise for every piece': `
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
     where s.workflow_state = 'CLEARED' and l.cancelled + l.reserved + l.backordered + l.shipped <> l.ordered`,
  'INV-08 captured is what captures applied': `
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind = 'CAPTURE' and status in ('SUCCEEDED', 'REVERSED') group by 1) p
        on p.sale_order_id = s.id
     where s.captured_minor <> coalesce(p.applied, 0)`,
  'INV-09 no money is made up: captured and unapplied came from a provider': `
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(amount_minor) as amount from orderflow.payment where kind = 'CAPTURE' and status in ('SUCCEEDED', 'REVERSED') group by 1) p
        on p.sale_order_id = s.id
     where s.captured_minor + s.unapplied_minor > coalesce(p.amount, 0)`,
  'INV-10 no sale keeps more than its total and what an override allows': `
    select number from orderflow.sale_order where captured_minor - refunded_minor > total_minor + overcapture_allowed_minor or refunded_minor > captured_minor`,
  'INV-11 what a customer has in open orders are the active holds': `
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(amount_minor) as amount from orderflow.credit_hold where status in ${held} group by 1) h on h.credit_profile_id = p.id
     where p.open_orders_minor <> coalesce(h.amount, 0)`,
  'INV-12 what was approved without an override was within the limit': `
    select s.number from orderflow.credit_hold h join orderflow.credit_snapshot n on n.id = h.credit_snapshot_id join orderflow.sale_order s on s.id = h.sale_order_id
     where n.outcome = 'APPROVE' and n.exposure_minor + n.order_minor > n.limit_minor`,
  // beyond the limit may be: what an override allowed, what was owed before, and what somebody owes without having asked (goods that left unpaid, chargebacks)
  'INV-12b exposure is within the limit that was never cut, but for what needs no room in it': `
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(amount_minor) as amount from orderflow.credit_hold
                  where status in ${held} and override_request_id is not null group by 1) h on h.credit_profile_id = p.id
      left join (select i.credit_profile_id, sum(i.open_minor) as amount from orderflow.invoice i
                  where i.kind <> 'SHIPMENT' or exists (select 1 from orderflow.credit_hold o where o.sale_order_id = i.sale_order_id and o.override_request_id is not null)
                  group by 1) i on i.credit_profile_id = p.id
     where p.limit_reduced_at is null and p.exposure_minor - coalesce(h.amount, 0) - coalesce(i.amount, 0) > p.limit_minor`,
  'INV-13 every hold has an approving snapshot of its own sale': `
    select s.number from orderflow.credit_hold h join orderflow.sale_order s on s.id = h.sale_order_id
      left join orderflow.credit_snapshot n on n.id = h.credit_snapshot_id and n.sale_order_id = h.sale_order_id
     where n.id is null or n.outcome not in ('APPROVE', 'APPROVE_WITH_OVERRIDE')`,
  'INV-14 a sale that is over holds neither stock nor credit': `
    select s.number from orderflow.sale_order s
     where s.workflow_state in ('CANCELLED', 'REJECTED', 'COMPLETED')
       and (exists (select 1 from orderflow.sale_line l where l.sale_order_id = s.id and (l.reserved > 0 or l.backordered > 0))
            or exists (select 1 from orderflow.credit_hold h where h.sale_order_id = s.id and h.status in ${held}))`,
  'INV-15 a sale that came to nothing keeps no money beyond refunds that are under way': `
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(amount_minor) as amount from orderflow.payment
                  where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN') group by 1) r on r.sale_order_id = s.id
     where s.workflow_state in ('CANCELLED', 'REJECTED') and s.captured_minor - s.refunded_minor + s.unapplied_minor > coalesce(r.amount, 0)`,
  'INV-16 an override is used once, in time, by its own subject': `
    select o.subject_number || ' ' || o.kind from orderflow.override_request o
     where o.status = 'CONSUMED' and o.consumed_at > o.use_by
        or exists (select 1 from orderflow.credit_snapshot n
                    where n.override_request_id = o.id and n.outcome = 'APPROVE_WITH_OVERRIDE' and (n.sale_order_id <> o.subject_id or o.status <> 'CONSUMED'))
        or exists (select 1 from (select n.order_minor > lag(n.order_minor) over (order by n.at, n.id) as grew from orderflow.credit_snapshot n
                                   where n.override_request_id = o.id and n.outcome = 'APPROVE_WITH_OVERRIDE') again where again.grew)
        or exists (select 1 from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
                    where r.override_request_id = o.id and l.sale_order_id <> o.subject_id)`,
  'INV-17 an override is approved by as many people as it takes, none of whom asked for it': `
    select o.subject_number || ' ' || o.kind from orderflow.override_request o
     where o.status in ('APPROVED', 'CONSUMED')
       and o.required_approvals > (select count(distinct coalesce(d.on_behalf_of, d.actor)) from orderflow.override_decision d
                                    where d.override_request_id = o.id and d.decision = 'APPROVE'
                                      and not array_remove(array[d.actor, d.on_behalf_of], null) && (array_remove(array[o.requested_by, o.requested_on_behalf_of], null) || o.parties))`,
  'INV-18 each state follows the one before': `
    select o.number || ' ' || t.sequence from orderflow.transition t join (${orders}) o on o.id = t.entity_id
      left join orderflow.transition p on p.entity_type = t.entity_type and p.entity_id = t.entity_id and p.sequence = t.sequence - 1
     where t.from_state is distinct from p.to_state`,
  'INV-19 transitions are numbered without a gap': `
    select o.number from (${orders}) o
      left join (select entity_type, entity_id, count(*) as times, max(sequence) as last from orderflow.transition group by 1, 2) t
        on t.entity_type = o.type and t.entity_id = o.id
     where coalesce(t.times, 0) <> coalesce(t.last, 0) or o.transition_count <> coalesce(t.last, 0)`,
  'INV-20 an order is in the state of its last transition': `
    select o.number from (${orders}) o join orderflow.transition t on t.entity_type = o.type and t.entity_id = o.id and t.sequence = o.transition_count
     where o.workflow_state is distinct from t.to_state`,
  // one that is to be cancelled will not leave any more, whatever it still has to undo
  'INV-21 shipments carry no more of a line than is left of it': `
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      join (select fl.sale_line_id, sum(fl.quantity) filter (where f.workflow_state is distinct from 'CANCELLED' and f.cancel_requested_at is null) as quantity,
                   bool_and(f.sale_order_id = o.sale_order_id) as own
              from orderflow.fulfilment_line fl join orderflow.fulfilment f on f.id = fl.fulfilment_id join orderflow.sale_line o on o.id = fl.sale_line_id
             group by 1) x on x.sale_line_id = l.id
     where x.quantity > l.ordered - l.cancelled or not x.own`,
  'INV-22 a hand-off made what it names': `
    select h.hook || ' of ' || h.source_id from orderflow.phase_handoff h
     where cardinality(h.target_ids) = 0
        or exists (select 1 from unnest(h.target_ids) as target
                    where not exists (select 1 from orderflow.sale_order s where h.hook = 'onQuotationApproved' and s.id = target and s.quotation_id = h.source_id)
                      and not exists (select 1 from orderflow.fulfilment f where h.hook = 'onSaleCleared' and f.id = target and f.sale_order_id = h.source_id))`,
  'INV-23 no reservation outlives its time by more than five minutes': `
    select s.number from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.sale_order s on s.id = l.sale_order_id
     where r.status = 'SOFT' and r.expires_at < as_of - interval '5 minutes'`,
  // an adopted order that was over has no instance, nor has one that the old system goes on with
  'INV-24 an order has one live instance as long as it is not over, and none afterwards': `
    select o.number from (${orders}) o
      left join (select subject_id, count(*) as live, bool_or(id = any(array(select process_instance_id from (${orders}) q where q.id = subject_id))) as own
                   from orderflow.process_instance where status = 'running' and subject_id is not null group by 1) i on i.subject_id = o.id
     where not (o.process_instance_id is null and o.legacy_status is not null and (o.adopted_at is null or o.closed_at is not null))
       and (case when o.closed_at is null then 1 else 0 end <> coalesce(i.live, 0) or i.own is false)`,
  'INV-24b an instance that runs waits for something': `
    select i.business_key from orderflow.process_instance i
     where i.status = 'running' and i.revision > 0 and not exists (select 1 from orderflow.wait w where w.instance_id = i.id and w.status = 'open')`,
  'INV-25 every wait has a way out': `
    select i.business_key || ' at ' || w.element_id from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
     where w.status = 'open' and w.kind in ('message', 'signal') and w.properties ->> 'sla' is null
       and not exists (select 1 from orderflow.wait o where o.instance_id = w.instance_id and o.status = 'open' and o.id <> w.id)`,
  'INV-26 what a customer has not paid is open on invoices': `
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(open_minor) as amount from orderflow.invoice group by 1) i on i.credit_profile_id = p.id
     where p.unpaid_invoices_minor <> coalesce(i.amount, 0) or p.overdue_minor > p.unpaid_invoices_minor`,
  'INV-27 an invoice has open what its entries leave': `
    select i.number from orderflow.invoice i
      left join (select invoice_id, sum(case when kind in ('ISSUED', 'FREED') then amount_minor else -amount_minor end) as amount
                   from orderflow.invoice_entry group by 1) e on e.invoice_id = i.id
     where i.open_minor <> coalesce(e.amount, 0)`,
};

const found = Object.entries(invariants)
  .map(([inv, sql]) => `select '${inv.replaceAll("'", "''")}', found.ref from (${sql}) as found (ref)`)
  .join('\n        union all ');

/** The invariants of the domain as one view: whatever it shows must not be. */
export class Invariants1795392000005 implements MigrationInterface {
  name = 'Invariants1795392000005';

  async up(db: QueryRunner): Promise<void> {
    // the text of a function stays as it was written; that of a view is written anew by each version of PostgreSQL in its own way
    await db.query(`
      create function orderflow.find_violations(as_of timestamptz) returns table (inv text, ref text) language sql stable as $$
        ${found}
      $$;
      create view orderflow.invariant_violation as
        select found.inv, found.ref from orderflow.now() as clock (at) cross join lateral orderflow.find_violations(clock.at) as found`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop view orderflow.invariant_violation; drop function orderflow.find_violations');
  }
}
