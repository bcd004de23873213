import { companyCalendar, readWorkingCalendar } from '../../persistence/calendars.ts';
import { flagsOf } from '../../persistence/flags.ts';
import type { Definitions } from '../definitions.ts';
import { handedOver } from '../slice.ts';
import type { Unit } from '../unit.ts';
import type { Batch, HandedOver, Level, OpenInvoice, Profile } from './batch.ts';
import type { Case } from './case.ts';
import type { Known } from './checks.ts';
import type { LegacyRecords } from './records.ts';
import type { Phase, StatusMap } from './status-map.ts';

/** Reads and locks what these cases are written with: credit profiles, then stock levels, each in the order of their ids. */
export async function openBatch(
  unit: Unit & { readonly commandId: string },
  of: { readonly source: string; readonly map: StatusMap; readonly known: Known; readonly records: LegacyRecords },
  cases: readonly Case[],
): Promise<Batch> {
  const { tx, now, commandId, deps } = unit;
  const orders = cases.flatMap(({ sale, quotation }) => [sale, quotation]).filter((order) => order !== null);
  const skus = [...new Set(orders.flatMap(({ lines }) => lines.map((line) => line.sku)))];
  const customers = [...new Set(orders.map(({ customer }) => customer))];
  const profiles = await tx.query<{ key: string } & Profile>(
    `select c.code || '/' || p.currency as key, p.id, p.limit_minor as "limitMinor", p.exposure_minor as "exposureMinor", 0 as "heldMinor"
       from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id where c.code = any($1) order by p.id for no key update of p`,
    [customers],
  );
  const levels = await tx.query<{ key: string } & Level>(
    `select sku || '/' || location as key, id, on_hand as "onHand", reserved from orderflow.stock_level where sku = any($1) order by id for no key update`,
    [skus],
  );
  const products = await tx.query<{
    sku: string;
    listPriceMinor: number;
    costMinor: number;
    goodsClass: string;
    restricted: boolean;
  }>(
    `select sku, list_price_minor as "listPriceMinor", cost_minor as "costMinor", goods_class as "goodsClass", restricted from orderflow.product where sku = any($1)`,
    [skus],
  );
  const periods = await tx.query<{ name: string; hours: number }>(
    'select name, working_hours as hours from orderflow.commercial_period',
  );
  return {
    source: of.source,
    now,
    commandId,
    map: of.map,
    definitions: await latest(unit, deps.definitions),
    flags: await flagsOf(tx),
    calendar: await readWorkingCalendar(tx, companyCalendar),
    periods: new Map(periods.map(({ name, hours }) => [name, hours])),
    known: of.known,
    products: new Map(products.map(({ sku, ...product }) => [sku, product])),
    levels: new Map(levels.map(({ key, ...level }) => [key, level])),
    profiles: new Map(profiles.map(({ key, ...profile }) => [key, profile])),
    invoices: await openInvoices(
      unit,
      of,
      orders.map(({ number }) => number),
    ),
    handedOver: await ordersHandedOver(unit, cases),
    redecide: [],
  };
}

async function latest({ tx }: Unit, definitions: Definitions): Promise<Batch['definitions']> {
  const of = (phase: Phase) => definitions.latest(tx, phase);
  return {
    quotation: await of('quotation'),
    sale: await of('sale'),
    fulfilment: await of('fulfilment'),
    return: await of('return'),
  };
}

/** Adopted invoices that name one of these orders, by its number. */
async function openInvoices(
  { tx }: Unit,
  { source, records }: { readonly source: string; readonly records: LegacyRecords },
  numbers: readonly string[],
): Promise<Map<string, OpenInvoice[]>> {
  const wanted = new Set(numbers);
  const orderOf = new Map(
    records.invoices
      .map((record) => [(record['number'] ?? '').trim(), (record['sale_order'] ?? '').trim()] as const)
      .filter(([, order]) => wanted.has(order)),
  );
  const rows = await tx.query<{ key: string } & OpenInvoice>(
    `select a.key, i.id, i.reference, i.amount_minor as "amountMinor", i.open_minor as "openMinor"
       from orderflow.adoption a join orderflow.invoice i on i.id = a.target_id
      where a.source = $1 and a.entity = 'invoices' and a.key = any($2) and i.sale_order_id is null`,
    [source, [...orderOf.keys()]],
  );
  const byOrder = new Map<string, OpenInvoice[]>();
  for (const { key, ...invoice } of rows) {
    const order = orderOf.get(key) ?? '';
    byOrder.set(order, [...(byOrder.get(order) ?? []), invoice]);
  }
  return byOrder;
}

/** Orders that came into being here while their slice was off; the old system knows them by our number. */
async function ordersHandedOver({ tx }: Unit, cases: readonly Case[]): Promise<Map<string, HandedOver>> {
  const numbers = cases.flatMap(({ sale, fulfilments }) => [
    ...(sale ? [sale.number] : []),
    ...fulfilments.map(({ number }) => number),
  ]);
  const rows = await tx.query<{ number: string } & HandedOver>(
    `select s.number, s.id, s.quotation_id as "quotationId", c.code as "customerCode", s.currency, s.total_minor as "totalMinor",
            (select jsonb_object_agg(l.line_no, l.id) from orderflow.sale_line l where l.sale_order_id = s.id) as lines
       from orderflow.sale_order s join orderflow.customer c on c.id = s.customer_id
      where s.number = any($1) and s.legacy_status = $2 and s.adopted_at is null and s.process_instance_id is null`,
    [numbers, handedOver],
  );
  return new Map(rows.map(({ number, ...order }) => [number, order]));
}
