import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';
import { openWaitsOf } from './waits.ts';

const head = `jsonb_build_object('id', f.id, 'number', f.number, 'saleOrder', jsonb_build_object('id', s.id, 'number', s.number), 'location', f.location,
  'workflowState', f.workflow_state, 'backorderOfId', f.backorder_of_id, 'carrier', f.carrier, 'tracking', f.tracking,
  'shippedAt', orderflow.iso(f.shipped_at), 'deliveredAt', orderflow.iso(f.delivered_at), 'returnWindowEndsAt', orderflow.iso(f.return_window_ends_at),
  'processInstanceId', f.process_instance_id, 'revision', f.revision, 'createdAt', orderflow.iso(f.created_at), 'closedAt', orderflow.iso(f.closed_at))`;
const from = 'orderflow.fulfilment f join orderflow.sale_order s on s.id = f.sale_order_id';

/** A fulfilment by id or number, with its lines and its waits. @throws Problem not-found */
export async function readFulfilmentView(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const [row] = await reader.query<{ fulfilment: JsonObject; instanceId: string | null }>(
    `select ${head} || jsonb_build_object('workflowContext', f.workflow_context,
              'lines', (select jsonb_agg(jsonb_build_object('lineNo', l.line_no, 'sku', l.sku, 'quantity', x.quantity) order by l.line_no)
                 from orderflow.fulfilment_line x join orderflow.sale_line l on l.id = x.sale_line_id where x.fulfilment_id = f.id)) as fulfilment,
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
