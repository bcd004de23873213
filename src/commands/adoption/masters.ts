import { newId } from '../../support/ids.ts';
import {
  columnsOf,
  digestOf,
  findingOf,
  keyOf,
  RecordFault,
  type Columns,
  type Entity,
  type Finding,
  type LegacyRecord,
  type LegacyRecords,
} from './records.ts';
import { planCredit } from './master-credit.ts';
import type { Existing, MasterPlan, MasterUnit } from './master-plan.ts';
import { paymentMethods } from './legacy.ts';

/** Reads the master data of the old system, in the order in which it refers to each other. Nothing is changed that exists here. */
export function planMasters(
  records: LegacyRecords,
  existing: Existing,
  now: Date,
  isSettled: (entity: Entity, record: LegacyRecord) => boolean,
): MasterPlan & {
  readonly customers: ReadonlyMap<string, string>;
  readonly skus: ReadonlySet<string>;
  readonly credit: ReadonlyMap<string, string>;
} {
  const units: MasterUnit[] = [];
  const findings: Finding[] = [];
  const customers = new Map(existing.customers);
  const skus = new Set(existing.products.keys());
  const levels = new Map(existing.levels);
  const credit = new Map(existing.credit);
  const each = (entity: Entity, plan: (columns: Columns, record: LegacyRecord, key: string) => MasterUnit): void => {
    for (const record of records[entity]) {
      if (isSettled(entity, record)) continue;
      const key = keyOf(entity, record);
      try {
        units.push(plan(columnsOf(record), record, key));
      } catch (error) {
        findings.push(findingOf(entity, record, error));
      }
    }
  };
  const tied = (entity: Entity, record: LegacyRecord, targetId: string, rows: MasterUnit['rows']): MasterUnit => ({
    rows,
    records: [{ entity, key: keyOf(entity, record), digest: digestOf(record), targetId }],
  });

  each('customers', (columns, record, code) => {
    const known = customers.get(code);
    if (known !== undefined) return tied('customers', record, known, []);
    const row = { id: newId(), ...customerRow(columns) };
    customers.set(code, row.id);
    return tied('customers', record, row.id, [{ table: 'customer', row }]);
  });
  each('products', (columns, record, sku) => {
    const known = existing.products.get(sku);
    if (known !== undefined) return tied('products', record, known, []);
    const row = { id: newId(), ...productRow(columns) };
    skus.add(sku);
    return tied('products', record, row.id, [{ table: 'product', row }]);
  });
  each('stock', (columns, record, key) => {
    const sku = columns.text('sku');
    if (!skus.has(sku)) throw new RecordFault('missing', `there is no product ${sku}`);
    if (levels.has(key))
      throw new RecordFault('exists', `there is stock of ${key} here already; nobody knows which of the two counts`);
    const row = levelRow(columns);
    levels.set(key, row.id);
    const rows: MasterUnit['rows'][number][] = [{ table: 'stock_level', row }];
    if (row.on_hand > 0) {
      const opening = {
        id: newId(),
        stock_level_id: row.id,
        kind: 'RECEIVED',
        quantity: row.on_hand,
        reference: `backfill:${key}`,
        at: now.toISOString(),
      };
      rows.push({ table: 'stock_movement', row: opening });
    }
    return tied('stock', record, row.id, rows);
  });
  planCredit(records, { existing, customers, credit, now, isSettled }, units, findings);
  return { units, findings, customers, skus, credit };
}

const customerRow = ({ text, maybe, oneOf }: Columns) => ({
  code: text('code'),
  name: maybe('name') ?? text('code'),
  tier: oneOf('tier', ['STANDARD', 'GOLD'], 'STANDARD'),
  status: oneOf('status', ['ACTIVE', 'BLOCKED', 'CLOSED'], 'ACTIVE'),
  payment_method: maybe('payment_method') === null ? null : oneOf('payment_method', paymentMethods),
  shipping_policy: oneOf('shipping_policy', ['COMPLETE_ONLY', 'ALLOW_SPLIT', 'ASK'], 'ALLOW_SPLIT'),
  revision: 1,
});

function productRow(columns: Columns) {
  const { text, maybe, whole, money, oneOf } = columns;
  const currency = columns.currency();
  return {
    sku: text('sku'),
    name: maybe('name') ?? text('sku'),
    currency,
    list_price_minor: money('list_price', currency),
    cost_minor: money('cost', currency),
    tax_class: maybe('tax_class') ?? 'NONE',
    line_policy: oneOf('line_policy', ['BACKORDER', 'NO_BACKORDER', 'DISCONTINUED'], 'BACKORDER'),
    replenish_days: whole('replenish_days', 7),
    return_window_seconds: whole('return_window_days', 30) * 86_400,
    restricted: oneOf('restricted', ['YES', 'NO'], 'NO') === 'YES',
    goods_class: oneOf('goods_class', ['STANDARD', 'CUSTOM_MADE', 'PERISHABLE'], 'STANDARD'),
  };
}

const levelRow = ({ text, whole }: Columns) => ({
  id: newId(),
  sku: text('sku'),
  location: text('location'),
  on_hand: whole('on_hand'),
  safety: whole('safety', 0),
  revision: 1,
});
