import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';
import { openWaitsOf } from './waits.ts';

const head = `jsonb_build_object('id', f.id, 'number', f.number, 'saleOrder', jsonb_build_object('id', s.id, 'number', s.number), 'location', f.location,
  'workflowState', f.workflow_state, 'backorderOfId', f.backorder_of_id, 'carrier', f.carrier, 'tracking', f.tracking,
  'shippedAt', orderflow.iso(f.shipped_at), 'deliveredAt', orderflow.iso(f.delivered_at), 'returnWindowEndsAt', orderflow.iso(f.return_window_ends_at),
  'cancelRequestedAt', orderflow.iso(f.cancel_requested_at), 'processInstanceId', f.process_instance_id, 'revision', f.revision, 'createdAt', orderflow.iso(f.created_at), 'closedAt', orderflow.iso(f.closed_at))`;
/** What travels with it: promised from stock, as picked, and how much of it no return claims and has not come back. */
const lines = `coalesce((select jsonb_agg(jsonb_build_object('lineNo', l.line_no, 'sku', l.sku, 'quantity', x.quantity, 'picked', x.picked,
    'allocated', coalesce((select sum(r.quantity) from orderflow.stock_reservation r
       where r.fulfilment_id = f.id and r.sale_line_id = l.id and r.status in ('SOFT', 'FIRM', 'SHIPPED')), 0),
    'returnable', case when f.delivered_at is null then 0 else x.quantity - coalesce((select sum(case when r.restocked_at is not null then y.accepted
         when r.closed_at is null then y.requested else 0 end) from orderflow.return_line y join orderflow.return_request r on r.id = y.return_request_id
       where r.fulfilment_id = f.id and y.sale_line_id = l.id), 0) end) order by l.line_no)
  from orderflow.fulfilment_line x join orderflow.sale_line l on l.id = x.sale_line_id where x.fulfilment_id = f.id), '[]')`;
const from = 'orderflow.fulfilment f join orderflow.sale_order s on s.id = f.sale_order_id';

/** A fulfilment by id or number, with its lines and its waits. @throws Problem not-found */
export async function readFulfilmentView(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const [row] = await reader.query<{ fulfilment: JsonObject; instanceId: string | null }>(
    `select ${head} || jsonb_build_object('workflowContext', f.workflow_context, 'cancelReason', f.cancel_reason, 'lines', ${lines},
              'backorders', coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'number', b.number, 'workflowState', b.workflow_state) order by b.number)
                 from orderflow.fulfilment b where b.backorder_of_id = f.id), '[]'),
              'returns', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'number', r.number, 'workflowState', r.workflow_state) order by r.number)
                 from orderflow.return_request r where r.fulfilment_id = f.id), '[]')) as fulfilment,
            f.process_instance_id as "instanceId"
       from ${from} where f.${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no fulfilment ${idOrNumber}.`);
  return { ...row.fulfilment, waits: await openWaitsOf(reader, row.instanceId) };
}

const searchable: Searchable = {
  item: head,
  from,
  where: 'true',
  id: 'f.id',
  fields: {
    id: 'f.id::text',
    number: 'f.number',
    saleOrderId: 's.id::text',
    saleOrderNumber: 's.number',
    workflowState: 'f.workflow_state',
    tracking: 'f.tracking',
    createdAt: 'f.created_at',
  },
};

export const searchFulfilments = (reader: Reader, request: SearchRequest): Promise<Page> =>
  searchPage(reader, searchable, request);
