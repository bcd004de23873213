import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { moneyJson } from './money.ts';

const product = `jsonb_build_object('sku', p.sku, 'name', p.name, 'listPrice', ${moneyJson('p.list_price_minor', 'p.currency')}, 'taxClass', p.tax_class, 'restricted', p.restricted, 'goodsClass', p.goods_class,
  'linePolicy', p.line_policy, 'replenishDays', p.replenish_days)`;

/** Every product, by sku. */
export async function listProducts(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ product: JsonObject }>(
    `select ${product} as product from orderflow.product p order by p.sku`,
  );
  return rows.map((row) => row.product);
}

/** @throws Problem not-found */
export async function readProduct(reader: Reader, sku: string): Promise<JsonObject> {
  const [row] = await reader.query<{ product: JsonObject }>(
    `select ${product} as product from orderflow.product p where p.sku = $1`,
    [sku],
  );
  if (!row) throw new Problem('not-found', `There is no product ${sku}.`);
  return row.product;
}

/** How much of a product lies where, what is promised, and who waits for it. @throws Problem not-found */
export async function readStock(reader: Reader, sku: string): Promise<JsonObject> {
  const [row] = await reader.query<{ stock: JsonObject }>(
    `select jsonb_build_object('sku', p.sku,
              'levels', coalesce((select jsonb_agg(jsonb_build_object('location', l.location, 'onHand', l.on_hand, 'reserved', l.reserved, 'safety', l.safety,
                          'free', greatest(0, l.on_hand - l.reserved - l.safety), 'revision', l.revision) order by l.location)
                          from orderflow.stock_level l where l.sku = p.sku), '[]'),
              'backordered', coalesce((select sum(d.quantity) from orderflow.backorder_demand d where d.sku = p.sku and d.status = 'OPEN'), 0)) as stock
       from orderflow.product p where p.sku = $1`,
    [sku],
  );
  if (!row) throw new Problem('not-found', `There is no product ${sku}.`);
  return row.stock;
}
