import type { Transaction } from '../../persistence/transaction.ts';
import { columnsOf, keyOf, RecordFault, type Entity, type LegacyRecord, type LegacyRecords } from './records.ts';

/** How many there are, and what they add up to: minor units and pieces. */
export interface Figures {
  readonly count: number;
  readonly amountMinor: number;
  readonly pieces: number;
}

/** One line of the report: what the old system has, what is here, and what is on the review list or waits. */
export interface Reconciled {
  readonly entity: Entity;
  readonly status: string;
  readonly currency: string;
  readonly source: Figures;
  readonly target: Figures;
  readonly review: Figures;
}

export interface Reconciliation {
  readonly lines: readonly Reconciled[];
  /** Lines whose source is not target + review. */
  readonly differences: readonly Reconciled[];
}

type Measured = readonly [status: string, currency: string, figures: Figures];

const nothing: Figures = { count: 0, amountMinor: 0, pieces: 0 };

/** Compares old and new to the cent and to the piece, by entity, status and currency. The new side is read from the ledgers that adoption wrote. */
export async function reconcile(tx: Transaction, source: string, records: LegacyRecords): Promise<Reconciliation> {
  const adopted = await tx.query<{ name: string }>(
    `select entity || '/' || key as name from orderflow.adoption where source = $1`,
    [source],
  );
  const settled = new Set(adopted.map((row) => row.name));
  const lines: Reconciled[] = [];
  for (const [entity, sql] of Object.entries(targets) as [Entity, string][]) {
    const sums = new Map<string, { source: Figures; target: Figures; review: Figures }>();
    const add = (side: 'source' | 'target' | 'review', [status, currency, figures]: Measured): void => {
      const name = `${status}\n${currency}`;
      const sum = sums.get(name) ?? { source: nothing, target: nothing, review: nothing };
      sums.set(name, { ...sum, [side]: plus(sum[side], figures) });
    };
    const measure = measures(entity, records);
    for (const record of records[entity]) {
      const measured = measure(record);
      add('source', measured);
      if (!settled.has(`${entity}/${keyOf(entity, record)}`)) add('review', measured);
    }
    const rows = await tx.query<{ status: string; currency: string } & Figures>(sql, [source]);
    for (const { status, currency, ...figures } of rows) add('target', [status, currency, figures]);
    for (const [name, sum] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [status = '', currency = ''] = name.split('\n');
      lines.push({ entity, status, currency, ...sum });
    }
  }
  const differs = ({ source: all, target, review }: Reconciled): boolean =>
    JSON.stringify(all) !== JSON.stringify(plus(target, review));
  return { lines, differences: lines.filter(differs) };
}

const plus = (a: Figures, b: Figures): Figures => ({
  count: a.count + b.count,
  amountMinor: a.amountMinor + b.amountMinor,
  pieces: a.pieces + b.pieces,
});

/** What a record of the old system adds up to; what cannot be read counts as nothing. */
function measures(entity: Entity, records: LegacyRecords): (record: LegacyRecord) => Measured {
  const pieces = (lines: Entity, owner: string, column: string): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const line of records[lines]) {
      const key = (line[owner] ?? '').trim();
      sums.set(key, (sums.get(key) ?? 0) + orNothing(() => columnsOf(line).whole(column)));
    }
    return sums;
  };
  const lines = {
    quotations: () => pieces('quotation_lines', 'quotation', 'quantity'),
    sale_orders: () => pieces('sale_lines', 'sale_order', 'quantity'),
    fulfilments: () => pieces('fulfilment_lines', 'fulfilment', 'quantity'),
    returns: () => pieces('return_lines', 'return', 'requested'),
  } as Partial<Record<Entity, () => Map<string, number>>>;
  const byOwner = lines[entity]?.();
  const amount = amountColumn[entity];
  const status = statusColumn[entity];
  return (record) => {
    const columns = columnsOf(record);
    const currency = amount === undefined ? '' : (columns.maybe('currency') ?? '').toUpperCase();
    return [
      status === undefined ? '' : (columns.maybe(status) ?? '').toUpperCase().replaceAll(/[\s-]+/g, '_'),
      currency,
      {
        count: 1,
        amountMinor: amount === undefined ? 0 : orNothing(() => columns.money(amount, currency)),
        pieces: byOwner?.get(keyOf(entity, record)) ?? (entity === 'stock' ? orNothing(() => columns.whole('on_hand')) : 0),
      },
    ];
  };
}

function orNothing(read: () => number): number {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordFault) return 0;
    throw error;
  }
}

const amountColumn: Partial<Record<Entity, string>> = {
  credit_limits: 'limit',
  invoices: 'open',
  products: 'list_price',
  quotations: 'total',
  sale_orders: 'total',
  payments: 'amount',
};

const statusColumn: Partial<Record<Entity, string>> = {
  quotations: 'status',
  sale_orders: 'status',
  payments: 'kind',
  fulfilments: 'status',
  returns: 'status',
};

const select = (entity: Entity, what: string, from: string): string =>
  `select ${what} from orderflow.adoption a join ${from} where a.source = $1 and a.entity = '${entity}' group by 1, 2`;
const figures = (amount: string, pieces: string): string =>
  `count(*)::int as count, coalesce(sum(${amount}), 0)::bigint as "amountMinor", coalesce(sum(${pieces}), 0)::bigint as pieces`;

/** The same figures of what is here, read from the rows and ledgers that the records have become. */
const targets: Partial<Record<Entity, string>> = {
  customers: select(
    'customers',
    `'' as status, '' as currency, ${figures('0', '0')}`,
    'orderflow.customer x on x.id = a.target_id',
  ),
  credit_limits: select(
    'credit_limits',
    `'' as status, x.currency, ${figures('x.limit_minor', '0')}`,
    'orderflow.credit_profile x on x.id = a.target_id',
  ),
  invoices: select(
    'invoices',
    `'' as status, x.currency, ${figures(`(select sum(case e.kind when 'ISSUED' then e.amount_minor else -e.amount_minor end) from orderflow.invoice_entry e where e.invoice_id = x.id and e.reference = x.reference)`, '0')}`,
    'orderflow.invoice x on x.id = a.target_id',
  ),
  products: select(
    'products',
    `'' as status, x.currency, ${figures('x.list_price_minor', '0')}`,
    'orderflow.product x on x.id = a.target_id',
  ),
  stock: select(
    'stock',
    `'' as status, '' as currency, ${figures('0', `(select sum(m.quantity) from orderflow.stock_movement m where m.stock_level_id = x.id and m.kind = 'RECEIVED' and m.reference = 'backfill:' || a.key)`)}`,
    'orderflow.stock_level x on x.id = a.target_id',
  ),
  quotations: select(
    'quotations',
    `x.legacy_status as status, x.currency, ${figures('x.total_minor', '(select sum(l.quantity) from orderflow.quotation_line l where l.quotation_id = x.id)')}`,
    'orderflow.quotation x on x.id = a.target_id',
  ),
  sale_orders: select(
    'sale_orders',
    `x.legacy_status as status, x.currency, ${figures('x.total_minor', '(select sum(l.ordered) from orderflow.sale_line l where l.sale_order_id = x.id)')}`,
    'orderflow.sale_order x on x.id = a.target_id',
  ),
  payments: select(
    'payments',
    `case x.kind when 'INTENT' then 'FAILED' else x.kind end as status, x.currency, ${figures('x.amount_minor', '0')}`,
    'orderflow.payment x on x.id = a.target_id',
  ),
  fulfilments: select(
    'fulfilments',
    `x.legacy_status as status, '' as currency, ${figures('0', '(select sum(l.quantity) from orderflow.fulfilment_line l where l.fulfilment_id = x.id)')}`,
    'orderflow.fulfilment x on x.id = a.target_id',
  ),
  returns: select(
    'returns',
    `x.legacy_status as status, '' as currency, ${figures('0', '(select sum(l.requested) from orderflow.return_line l where l.return_request_id = x.id)')}`,
    'orderflow.return_request x on x.id = a.target_id',
  ),
};
