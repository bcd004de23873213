import type { Reader } from '../persistence/reader.ts';
import { isUuid } from '../support/ids.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { moneyJson } from './money.ts';

/** Every customer, by code. */
export async function listCustomers(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ customer: JsonObject }>(
    `select jsonb_build_object('id', id, 'code', code, 'name', name, 'tier', tier, 'status', status, 'paymentMethod', payment_method,
              'shippingPolicy', shipping_policy) as customer
       from orderflow.customer order by code`,
  );
  return rows.map((row) => row.customer);
}

/** The id of a customer given by id or code. @throws Problem not-found */
export async function customerId(reader: Reader, idOrCode: string): Promise<string> {
  const [row] = await reader.query<{ id: string }>(
    `select id from orderflow.customer where ${isUuid(idOrCode) ? 'id' : 'code'} = $1`,
    [idOrCode],
  );
  if (!row) throw new Problem('not-found', `There is no customer ${idOrCode}.`);
  return row.id;
}

/** What a customer may owe and owes, per currency, with the last decisions that were made on it. @throws Problem not-found */
export async function readCreditProfiles(reader: Reader, idOrCode: string): Promise<JsonObject[]> {
  const id = await customerId(reader, idOrCode);
  const money = (column: string): string => moneyJson(`p.${column}_minor`, 'p.currency');
  const rows = await reader.query<{ profile: JsonObject }>(
    `select jsonb_build_object('currency', p.currency, 'limit', ${money('limit')},
              'available', ${moneyJson('p.limit_minor - p.exposure_minor', 'p.currency')}, 'limitReducedAt', orderflow.iso(p.limit_reduced_at), 'exposure', ${money('exposure')}, 'openOrders', ${money('open_orders')},
              'unpaidInvoices', ${money('unpaid_invoices')}, 'unappliedCash', ${money('unapplied_cash')}, 'overdue', ${money('overdue')},
              'maxOverdueDays', p.max_overdue_days, 'hold', p.hold, 'holdReason', p.hold_reason, 'riskClass', p.risk_class, 'termsDays', p.terms_days,
              'revision', p.revision,
              'snapshots', coalesce((select jsonb_agg(x.snapshot) from (
                 select jsonb_build_object('at', orderflow.iso(n.at), 'saleOrder', s.number, 'outcome', n.outcome, 'limitMinor', n.limit_minor,
                          'exposureMinor', n.exposure_minor, 'orderMinor', n.order_minor) as snapshot
                   from orderflow.credit_snapshot n join orderflow.sale_order s on s.id = n.sale_order_id
                  where n.credit_profile_id = p.id order by n.at desc limit 20) x), '[]')) as profile
       from orderflow.credit_profile p where p.customer_id = $1 order by p.currency`,
    [id],
  );
  return rows.map((row) => row.profile);
}

/** What a customer has bought: the running totals as of each day with sales, newest first. @throws Problem not-found */
export async function readSalesAggregates(reader: Reader, idOrCode: string): Promise<JsonObject[]> {
  const rows = await reader.query<{ aggregate: JsonObject }>(
    `select jsonb_build_object('asOf', as_of, 'orders', orders, 'sales', ${moneyJson('sales_minor', 'currency')},
              'firstOrderAt', orderflow.iso(first_order_at), 'lastOrderAt', orderflow.iso(last_order_at)) as aggregate
       from orderflow.sales_aggregate where customer_id = $1 order by as_of desc, currency limit 400`,
    [await customerId(reader, idOrCode)],
  );
  return rows.map((row) => row.aggregate);
}
