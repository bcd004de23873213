import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { lineJson, moneyJson } from './money.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';
import { openWaitsOf } from './waits.ts';

const head = `jsonb_build_object('id', q.id, 'number', q.number, 'customerId', q.customer_id, 'customerCode', c.code, 'currency', q.currency,
  'note', q.note, 'offerRevision', q.offer_revision, 'workflowState', q.workflow_state, 'total', ${moneyJson('q.total_minor', 'q.currency')},
  'validUntil', orderflow.iso(q.valid_until), 'remindAt', orderflow.iso(q.remind_at), 'processInstanceId', q.process_instance_id, 'revision', q.revision,
  'createdBy', q.created_by, 'createdAt', orderflow.iso(q.created_at), 'closedAt', orderflow.iso(q.closed_at))`;
const from = 'orderflow.quotation q join orderflow.customer c on c.id = q.customer_id';

/** A quotation by id or number, with its lines, its waits and the sale order that followed. @throws Problem not-found */
export async function readQuotation(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const [row] = await reader.query<{ quotation: JsonObject; instanceId: string | null }>(
    `select ${head} || jsonb_build_object('workflowContext', q.workflow_context,
              'lines', (select jsonb_agg(${lineJson('l', 'l.quantity', 'q.currency')} order by l.line_no) from orderflow.quotation_line l where l.quotation_id = q.id),
              'earlierOffers', coalesce((select jsonb_agg(jsonb_build_object('offerRevision', r.offer_revision, 'total', ${moneyJson('r.total_minor', 'q.currency')},
                  'lines', r.lines, 'sentAt', orderflow.iso(r.sent_at), 'validUntil', orderflow.iso(r.valid_until),
                  'supersededAt', orderflow.iso(r.superseded_at)) order by r.offer_revision)
                from orderflow.quotation_revision r where r.quotation_id = q.id), '[]'),
              'saleOrder', (select jsonb_build_object('id', s.id, 'number', s.number) from orderflow.sale_order s where s.quotation_id = q.id)) as quotation,
            q.process_instance_id as "instanceId"
       from ${from} where q.${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no quotation ${idOrNumber}.`);
  return { ...row.quotation, waits: await openWaitsOf(reader, row.instanceId) };
}

const searchable: Searchable = {
  item: head,
  from,
  where: 'true',
  id: 'q.id',
  fields: {
    id: 'q.id::text',
    number: 'q.number',
    customerId: 'q.customer_id::text',
    customerCode: 'c.code',
    workflowState: 'q.workflow_state',
    currency: 'q.currency',
    totalMinor: 'q.total_minor',
    createdBy: 'q.created_by',
    createdAt: 'q.created_at',
  },
};

export const searchQuotations = (reader: Reader, request: SearchRequest): Promise<Page> =>
  searchPage(reader, searchable, request);
