import type { Database } from '../../src/persistence/database.ts';

export interface OpenWork {
  /** What is due now, in a word or two each. */
  readonly due: readonly string[];
  /** What rests until somebody looks at it. */
  readonly incidents: readonly string[];
}

/** The instances of all orders of some customers ($1). */
const mine = `
  select process_instance_id as id from orderflow.quotation where customer_id = any($1)
  union all select process_instance_id from orderflow.sale_order where customer_id = any($1)
  union all select f.process_instance_id from orderflow.fulfilment f join orderflow.sale_order s on s.id = f.sale_order_id where s.customer_id = any($1)
  union all select r.process_instance_id from orderflow.return_request r join orderflow.sale_order s on s.id = r.sale_order_id where s.customer_id = any($1)`;

/** What the service has still to do for the orders of these customers without anybody asking. */
export async function openWork(database: Database, customerIds: readonly string[]): Promise<OpenWork> {
  const rows = await database.query<{ isIncident: boolean; what: string }>(
    `with mine as (${mine})
     select false as "isIncident", 'job ' || o.job_type as what from orderflow.outbox o join mine on mine.id = o.instance_id
      where o.done_at is null and o.cancelled_at is null and o.next_at <> 'infinity'
     union all
     select false, 'timer ' || w.element_id from orderflow.wait w join mine on mine.id = w.instance_id
      where w.kind = 'timer' and w.status = 'open' and w.due_at <= orderflow.now() and w.next_at <> 'infinity'
     union all
     select false, 'message ' || m.name from orderflow.message m
       join orderflow.wait w on w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
       join mine on mine.id = w.instance_id
      where m.consumed_at is null and m.expires_at > orderflow.now() and m.next_at <> 'infinity'
     union all
     select false, lower(p.kind) || ' ' || p.reference from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
      where p.status = 'REQUESTED' and s.customer_id = any($1)
     union all
     select true, format('%s at %s of %s: %s', n.kind, n.element_id, i.business_key, n.message) from orderflow.incident n
       join mine on mine.id = n.instance_id join orderflow.process_instance i on i.id = n.instance_id where n.resolved_at is null`,
    [customerIds],
  );
  return {
    due: rows.filter(({ isIncident }) => !isIncident).map(({ what }) => what),
    incidents: rows.filter(({ isIncident }) => isIncident).map(({ what }) => what),
  };
}
