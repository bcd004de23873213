import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import { isUuid } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { moneyJson } from './money.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const money = (column: string): string => moneyJson(`i.${column}_minor`, 'i.currency');
const status = `case when i.open_minor = 0 then 'SETTLED' when i.due_at < orderflow.now() then 'OVERDUE' when i.open_minor < i.amount_minor then 'PART_PAID'
  else 'OPEN' end`;
const head = `jsonb_build_object('id', i.id, 'number', i.number, 'kind', i.kind, 'status', ${status}, 'customerId', c.id, 'customerCode', c.code,
  'saleOrder', case when s.id is not null then jsonb_build_object('id', s.id, 'number', s.number) end,
  'fulfilment', case when f.id is not null then jsonb_build_object('id', f.id, 'number', f.number) end,
  'amount', ${money('amount')}, 'open', ${money('open')}, 'issuedAt', orderflow.iso(i.issued_at), 'dueAt', orderflow.iso(i.due_at), 'revision', i.revision)`;
const entries = `jsonb_build_object('entries', (select jsonb_agg(jsonb_build_object('kind', e.kind, 'amount', ${moneyJson('e.amount_minor', 'i.currency')},
  'reference', e.reference, 'at', orderflow.iso(e.at)) order by e.at, e.id) from orderflow.invoice_entry e where e.invoice_id = i.id))`;
const from = `orderflow.invoice i join orderflow.credit_profile p on p.id = i.credit_profile_id join orderflow.customer c on c.id = p.customer_id
  left join orderflow.sale_order s on s.id = i.sale_order_id left join orderflow.fulfilment f on f.id = i.fulfilment_id`;

/** The id of an invoice given by id or number. @throws Problem not-found */
export async function invoiceId(reader: Reader, idOrNumber: string): Promise<string> {
  const [row] = await reader.query<{ id: string }>(
    `select id from orderflow.invoice where ${isUuid(idOrNumber) ? 'id' : 'number'} = $1`,
    [idOrNumber],
  );
  if (!row) throw new Problem('not-found', `There is no invoice ${idOrNumber}.`);
  return row.id;
}

/** An invoice by id or number, with what was entered on it. @throws Problem not-found */
export async function readInvoice(reader: Reader, idOrNumber: string): Promise<JsonObject> {
  const id = await invoiceId(reader, idOrNumber);
  const [row] = await reader.query<{ invoice: JsonObject }>(
    `select ${head} || ${entries} as invoice from ${from} where i.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no invoice ${idOrNumber}.`);
  return row.invoice;
}

const searchable: Searchable = {
  item: head,
  from,
  where: 'true',
  id: 'i.id',
  fields: {
    id: 'i.id::text',
    number: 'i.number',
    kind: 'i.kind',
    status,
    customerId: 'c.id::text',
    customerCode: 'c.code',
    saleOrderId: 'i.sale_order_id::text',
    fulfilmentId: 'i.fulfilment_id::text',
    currency: 'i.currency',
    openMinor: 'i.open_minor',
    dueAt: 'i.due_at',
    issuedAt: 'i.issued_at',
  },
};

export const searchInvoices = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);
