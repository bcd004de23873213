import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/**
 * Everything that happened to an order over its phases, in the order in which it happened: each change of state with actor, trigger, element, and the
 * decisions that the same step asked. @throws Problem not-found
 */
export async function readTimeline(reader: Reader, saleIdOrNumber: string): Promise<JsonObject> {
  const [sale] = await reader.query<{ id: string; number: string; quotationId: string | null }>(
    `select id, number, quotation_id as "quotationId" from orderflow.sale_order where ${isUuid(saleIdOrNumber) ? 'id' : 'number'} = $1`,
    [saleIdOrNumber],
  );
  if (!sale) throw new Problem('not-found', `There is no sale order ${saleIdOrNumber}.`);
  const rows = await reader.query<{ entry: JsonObject }>(
    `select jsonb_strip_nulls(jsonb_build_object('at', orderflow.iso(t.at), 'phase', t.entity_type, 'number', o.number, 'sequence', t.sequence,
              'from', t.from_state, 'to', t.to_state, 'actor', t.actor, 'onBehalfOf', t.on_behalf_of, 'trigger', t.trigger, 'elementId', t.element_id,
              'reason', t.reason,
              'decisions', (select jsonb_agg(jsonb_build_object('decisionId', d.decision_id, 'inputs', d.inputs, 'outcome', d.outcome, 'matchedRules', d.matched_rules))
                              from orderflow.decision_record d where d.instance_id = t.instance_id and d.instance_revision = t.instance_revision))) as entry
       from (select 'quotation' as type, id, number from orderflow.quotation where id = $2
             union all select 'sale_order', id, number from orderflow.sale_order where id = $1
             union all select 'fulfilment', id, number from orderflow.fulfilment where sale_order_id = $1
             union all select 'return_request', id, number from orderflow.return_request where sale_order_id = $1) o
       join orderflow.transition t on t.entity_type = o.type and t.entity_id = o.id
      order by t.at, t.entity_type, t.sequence`,
    [sale.id, sale.quotationId],
  );
  return { saleOrder: { id: sale.id, number: sale.number }, items: rows.map((row) => row.entry) };
}
