import type { Customer, Product } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** A product as it is offered to a customer on a day; prices in minor units, before tax. */
export interface CatalogueEntry extends Pick<Product, 'sku' | 'currency' | 'costMinor' | 'restricted'> {
  readonly listPriceMinor: number;
  readonly taxBp: number;
}

/** Whom, in what currency and when something is offered. */
export interface Occasion {
  readonly tier: Customer['tier'];
  readonly currency: string;
  readonly at: Date;
}

/**
 * The list price and the tax rate of each line on the day (UTC), in the order of the lines; undefined for a product that does not exist. Of the price rows that
 * fit, one for the customer's tier goes before one for everybody, then the larger minimum quantity, then the later start; without one the product's own list
 * price stands. A tax class without a rate on the day is not taxed.
 */
export async function catalogue(
  tx: Transaction,
  { tier, currency, at }: Occasion,
  lines: readonly { readonly sku: string; readonly quantity: number }[],
): Promise<(CatalogueEntry | undefined)[]> {
  const rows = await tx.query<CatalogueEntry & { index: number }>(
    `select w.index, p.sku, p.currency, p.cost_minor as "costMinor", p.restricted,
            coalesce(listed.unit_price_minor, p.list_price_minor) as "listPriceMinor", coalesce(tax.rate_bp, 0) as "taxBp"
       from jsonb_to_recordset($1::jsonb) as w (index int, sku text, quantity bigint)
       join orderflow.product p on p.sku = w.sku
       left join lateral (
         select r.unit_price_minor from orderflow.price r
          where r.sku = w.sku and r.currency = $2 and (r.tier is null or r.tier = $3) and r.min_quantity <= w.quantity
            and ($4::timestamptz at time zone 'UTC')::date between r.valid_from and coalesce(r.valid_to, 'infinity')
          order by r.tier nulls last, r.min_quantity desc, r.valid_from desc, r.id desc limit 1) listed on p.currency = $2
       left join lateral (
         select t.rate_bp from orderflow.tax_rate t
          where t.tax_class = p.tax_class and t.valid_from <= ($4::timestamptz at time zone 'UTC')::date
          order by t.valid_from desc limit 1) tax on true`,
    [JSON.stringify(lines.map(({ sku, quantity }, index) => ({ index, sku, quantity }))), currency, tier, at],
  );
  const byIndex = new Map(rows.map(({ index, ...entry }) => [index, entry]));
  return lines.map((_, index) => byIndex.get(index));
}
