import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import { isUuid } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { moneyJson } from './money.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';
import { openWaitsOf } from './waits.ts';

const head = `jsonb_build_object('id', r.id, 'number', r.number, 'fulfilment', jsonb_build_object('id', f.id, 'number', f.number),
  'saleOrder', jsonb_build_object('id', s.id, 'number', s.number), 'workflowState', r.workflow_state, 'reason', r.reason, 'requestedBy', r.requested_by,
  'requestedAt', orderflow.iso(r.requested_at), 'rmaNumber', r.rma_number, 'rmaExpiresAt', orderflow.iso(r.rma_expires_at),
  'receivedAt', orderflow.iso(r.received_at), 'refund', ${moneyJson('r.refund_minor', 's.currency')}, 'processInstanceId', r.process_instance_id,
  'revision', r.revision, 'closedAt', orderflow.iso(r.closed_at))`;
const from =
  'orderflow.return_request r join orderflow.fulfilment f on f.id = r.fulfilment_id join orderflow.sale_order s on s.id = r.sale_order_id';

/** A return by id or number, with its lines and its waits. @throws Problem not-found */
export async function readReturnView(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const [row] = await reader.query<{ return: JsonObject; instanceId: string | null }>(
    `select ${head} || jsonb_build_object('workflowContext', r.workflow_context,
              'lines', (select jsonb_agg(jsonb_build_object('lineNo', l.line_no, 'sku', l.sku, 'requested', x.requested, 'accepted', x.accepted, 'good', x.good) order by l.line_no)
                 from orderflow.return_line x join orderflow.sale_line l on l.id = x.sale_line_id where x.return_request_id = r.id)) as "return",
            r.process_instance_id as "instanceId"
       from ${from} where r.${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no return ${idOrNumber}.`);
  return { ...row.return, waits: await openWaitsOf(reader, row.instanceId) };
}

const searchable: Searchable = {
  item: head,
  from,
  where: 'true',
  id: 'r.id',
  fields: {
    id: 'r.id::text',
    number: 'r.number',
    fulfilmentId: 'f.id::text',
    fulfilmentNumber: 'f.number',
    saleOrderId: 's.id::text',
    saleOrderNumber: 's.number',
    workflowState: 'r.workflow_state',
    reason: 'r.reason',
    rmaNumber: 'r.rma_number',
    requestedBy: 'r.requested_by',
    requestedAt: 'r.requested_at',
  },
};

export const searchReturns = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);
