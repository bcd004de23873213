import type { JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

/** A workflowState that an element brought an order into. */
export interface EnteredState {
  readonly state: string;
  readonly elementId: string;
}

export type OrderTable = 'quotation' | 'sale_order' | 'fulfilment';

/**
 * Writes an order's workflowState and workflowContext, and one transition row for every change of state in `entered`, numbered without a gap
 * from the order's own row, which this transaction thereby locks.
 */
export async function recordTransitions(
  tx: Transaction,
  subject: { readonly type: OrderTable; readonly id: string },
  moment: Moment & {
    readonly trigger: string;
    readonly onBehalfOf: string | null;
    readonly reason: string | null;
    readonly ended: boolean;
  },
  entered: readonly EnteredState[],
  context: JsonObject,
): Promise<void> {
  const order = await tx.one<{ state: string | null; count: number }>(
    `select workflow_state as state, transition_count as count from orderflow.${subject.type} where id = $1 for update`,
    [subject.id],
  );
  let { state, count } = order;
  const rows: object[] = [];
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
}
