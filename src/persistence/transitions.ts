import { eventsOfTransition } from '../domain/state-events.ts';
import type { JsonObject } from '../support/json.ts';
import { emit } from './events.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

/** A workflowState that an element brought an order into. */
export interface EnteredState {
  readonly state: string;
  readonly elementId: string;
}

export type OrderTable = 'quotation' | 'sale_order' | 'fulfilment' | 'return_request';

/** What the events of an order tell of it besides its state. */
const factsOf: Readonly<Record<OrderTable, string>> = {
  quotation: `'currency', o.currency, 'totalMinor', o.total_minor, 'offerRevision', o.offer_revision, 'validUntil', orderflow.iso(o.valid_until)`,
  sale_order: `'currency', o.currency, 'totalMinor', o.total_minor, 'onTermsMinor', o.on_terms_minor, 'quotationId', o.quotation_id`,
  fulfilment: `'saleOrderId', o.sale_order_id, 'location', o.location, 'carrier', o.carrier, 'tracking', o.tracking, 'backorderOfId', o.backorder_of_id,
    'lines', (select coalesce(jsonb_agg(jsonb_build_object('lineNo', l.line_no, 'sku', l.sku, 'quantity', p.quantity) order by l.line_no), '[]')
                from orderflow.fulfilment_line p join orderflow.sale_line l on l.id = p.sale_line_id where p.fulfilment_id = o.id)`,
  return_request: `'fulfilmentId', o.fulfilment_id, 'saleOrderId', o.sale_order_id, 'refundMinor', o.refund_minor, 'rmaNumber', o.rma_number,
    'lines', (select coalesce(jsonb_agg(jsonb_build_object('lineNo', l.line_no, 'sku', l.sku, 'quantity', p.requested, 'accepted', p.accepted)
                                        order by l.line_no), '[]')
                from orderflow.return_line p join orderflow.sale_line l on l.id = p.sale_line_id where p.return_request_id = o.id)`,
};

/** One change of state, as the log has it. */
interface TransitionRow {
  readonly sequence: number;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly element_id: string;
}

/**
 * Writes an order's workflowState and workflowContext, and one transition row for every change of state in `entered`, numbered without a gap
 * from the order's own row, which this transaction thereby locks. Each of them is told to the world.
 */
export async function recordTransitions(
  tx: Transaction,
  subject: { readonly type: OrderTable; readonly id: string },
  moment: Moment & {
    readonly trigger: string;
    readonly onBehalfOf: string | null;
    readonly reason: string | null;
    readonly ended: boolean;
    readonly definitionVersion: number;
  },
  entered: readonly EnteredState[],
  context: JsonObject,
): Promise<void> {
  const order = await tx.one<{ state: string | null; count: number; number: string; revision: number; facts: JsonObject | null }>(
    `select o.workflow_state as state, o.transition_count as count, o.number, o.revision,
            ${entered.length > 0 ? `jsonb_build_object(${factsOf[subject.type]})` : 'null'} as facts
       from orderflow.${subject.type} o where o.id = $1 for no key update`,
    [subject.id],
  );
  let { state, count } = order;
  const rows: TransitionRow[] = [];
  for (const next of entered) {
    if (next.state === state) continue;
    rows.push({ sequence: ++count, from_state: state, to_state: next.state, element_id: next.elementId });
    state = next.state;
  }
  await tx.execute(
    `update orderflow.${subject.type}
        set workflow_state = $2, workflow_context = $3, transition_count = $4, revision = revision + 1,
            closed_at = case when $6 then $5::timestamptz end
      where id = $1`,
    [subject.id, state, JSON.stringify(context), count, moment.at, moment.ended],
  );
  if (rows.length === 0) return;
  await tx.execute(
    `insert into orderflow.transition (entity_type, entity_id, sequence, from_state, to_state, trigger, element_id, instance_id, instance_revision,
       actor, on_behalf_of, reason, at)
     select $2, $3, sequence, from_state, to_state, $4, element_id, $5, $6, $7, $8, $9, $10
       from jsonb_to_recordset($1::jsonb) as t (sequence int, from_state text, to_state text, element_id text)`,
    [
      JSON.stringify(rows),
      subject.type,
      subject.id,
      moment.trigger,
      moment.instanceId,
      moment.revision,
      moment.actor,
      moment.onBehalfOf,
      moment.reason,
      moment.at,
    ],
  );
  await tellTransitions(tx, { ...subject, number: order.number }, moment, rows, {
    ...order.facts,
    revision: order.revision + 1,
    processInstanceId: moment.instanceId,
    reason: moment.reason,
  });
}

async function tellTransitions(
  tx: Transaction,
  subject: { readonly type: OrderTable; readonly id: string; readonly number: string },
  moment: Moment & { readonly trigger: string; readonly definitionVersion: number },
  rows: readonly TransitionRow[],
  facts: JsonObject,
): Promise<void> {
  const { actor, trigger, instanceId, definitionVersion } = moment;
  for (const { sequence, from_state: from, to_state: to, element_id: element } of rows) {
    const workflowState = { from, to };
    for (const type of eventsOfTransition(subject.type, from, to)) {
      await emit(tx, { type, subject, actor, data: { ...facts, workflowState } });
    }
    const transition = { entityType: subject.type, transition: sequence, workflowState, element, trigger };
    const data = { ...transition, processInstanceId: instanceId, definitionVersion };
    await emit(tx, { type: 'workflow.transitioned', subject, actor, data });
  }
}
