import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { lineJson, moneyJson } from './money.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';
import { openWaitsOf } from './waits.ts';

const money = (column: string): string => moneyJson(`s.${column}_minor`, 's.currency');
/** Derived from the ledger, never typed in. */
const paymentStatus = `case when s.unapplied_minor > 0 then 'OVERPAID' when s.prepay_minor > 0 and s.captured_minor - s.refunded_minor + s.authorized_minor >= s.prepay_minor then 'COVERED'
  when s.captured_minor + s.authorized_minor > s.refunded_minor then 'PARTIAL' else 'NONE' end`;
/** Where its goods are, by the lines: what is left to leave, what is on its way, what has arrived or was lost. */
const fulfilmentStatus = `(select case when sum(l.shipped) = 0 then 'NONE' when sum(l.shipped) < sum(l.ordered - l.cancelled) then 'PARTIAL'
  when sum(l.delivered + l.lost) < sum(l.shipped) then 'SHIPPED' else 'DELIVERED' end from orderflow.sale_line l where l.sale_order_id = s.id)`;
/** What of it has come back or is to. */
const returnStatus = `(select case when sum(l.return_requested) > 0 then 'REQUESTED' when sum(l.returned) = 0 then 'NONE'
  when sum(l.returned) < sum(l.delivered) then 'PARTIAL' else 'RETURNED' end from orderflow.sale_line l where l.sale_order_id = s.id)`;
const head = `jsonb_build_object('id', s.id, 'number', s.number, 'customerId', s.customer_id, 'customerCode', c.code, 'currency', s.currency,
  'workflowState', s.workflow_state, 'paymentStatus', ${paymentStatus}, 'fulfilmentStatus', ${fulfilmentStatus}, 'returnStatus', ${returnStatus}, 'paymentMethod', s.payment_method, 'total', ${money('total')},
  'onTerms', ${money('on_terms')}, 'prepay', ${money('prepay')}, 'authorized', ${money('authorized')}, 'captured', ${money('captured')}, 'refunded', ${money('refunded')},
  'unapplied', ${money('unapplied')}, 'overcaptureAllowed', ${money('overcapture_allowed')}, 'processInstanceId', s.process_instance_id, 'revision', s.revision, 'createdBy', s.created_by,
  'createdAt', orderflow.iso(s.created_at), 'clearedAt', orderflow.iso(s.cleared_at), 'closedAt', orderflow.iso(s.closed_at))`;
const from = 'orderflow.sale_order s join orderflow.customer c on c.id = s.customer_id';

const detail = `jsonb_build_object('workflowContext', s.workflow_context, 'cancelReason', s.cancel_reason,
  'lines', (select jsonb_agg(${lineJson('l', 'l.ordered', 's.currency')} || jsonb_build_object('cancelled', l.cancelled, 'reserved', l.reserved,
              'backordered', l.backordered, 'shipped', l.shipped, 'delivered', l.delivered, 'lost', l.lost, 'returnRequested', l.return_requested, 'returned', l.returned) order by l.line_no)
              from orderflow.sale_line l where l.sale_order_id = s.id),
  'quotation', (select jsonb_build_object('id', q.id, 'number', q.number) from orderflow.quotation q where q.id = s.quotation_id),
  'fulfilments', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'number', f.number, 'workflowState', f.workflow_state) order by f.number)
              from orderflow.fulfilment f where f.sale_order_id = s.id), '[]'),
  'payments', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'provider', m.provider, 'status', m.status, 'reference', m.reference,
              'amount', ${moneyJson('m.amount_minor', 'm.currency')}, 'applied', ${moneyJson('m.applied_minor', 'm.currency')}, 'failureCode', m.failure_code,
              'reason', m.reason, 'occurredAt', orderflow.iso(m.occurred_at)) order by m.recorded_at, m.id)
              from orderflow.payment m where m.sale_order_id = s.id), '[]'),
  'invoices', coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'number', i.number, 'kind', i.kind, 'amount', ${moneyJson('i.amount_minor', 'i.currency')},
              'open', ${moneyJson('i.open_minor', 'i.currency')}, 'dueAt', orderflow.iso(i.due_at)) order by i.number)
              from orderflow.invoice i where i.sale_order_id = s.id), '[]'),
  'overrideRequests', coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'kind', o.kind, 'status', o.status) order by o.requested_at)
              from orderflow.override_request o where o.subject_id = s.id), '[]'))`;

/** The id of a sale order given by id or number. @throws Problem not-found */
export async function saleOrderId(reader: Reader, idOrNumber: string): Promise<string> {
  const [row] = await reader.query<{ id: string }>(
    `select id from orderflow.sale_order where ${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no sale order ${idOrNumber}.`);
  return row.id;
}

/** A sale order by id or number, with its lines, its waits and the phases before and after. @throws Problem not-found */
export async function readSaleOrder(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const [row] = await reader.query<{ sale: JsonObject; instanceId: string | null }>(
    `select ${head} || ${detail} as sale, s.process_instance_id as "instanceId" from ${from} where s.${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no sale order ${idOrNumber}.`);
  return { ...row.sale, waits: await openWaitsOf(reader, row.instanceId) };
}

const searchable: Searchable = {
  item: head,
  from,
  where: 'true',
  id: 's.id',
  fields: {
    id: 's.id::text',
    number: 's.number',
    quotationId: 's.quotation_id::text',
    customerId: 's.customer_id::text',
    customerCode: 'c.code',
    workflowState: 's.workflow_state',
    paymentStatus,
    currency: 's.currency',
    totalMinor: 's.total_minor',
    createdBy: 's.created_by',
    createdAt: 's.created_at',
  },
};

export const searchSaleOrders = (reader: Reader, request: SearchRequest): Promise<Page> =>
  searchPage(reader, searchable, request);
