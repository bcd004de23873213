import type { SaleOrder } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** Counts a cleared sale in its customer's aggregate; each day with sales keeps its own snapshot of the running totals. */
export async function countSale(
  tx: Transaction,
  sale: Pick<SaleOrder, 'customerId' | 'currency' | 'totalMinor'>,
  at: Date,
): Promise<void> {
  // two sales of one customer at once: the second waits here, and builds on the first
  await tx.query('select 1 from orderflow.customer where id = $1 for no key update', [sale.customerId]);
  await tx.execute(
    `insert into orderflow.sales_aggregate as a (customer_id, currency, as_of, orders, sales_minor, first_order_at, last_order_at, computed_at)
     select $1, $2, ($4::timestamptz at time zone 'UTC')::date, coalesce(last.orders, 0) + 1, coalesce(last.sales_minor, 0) + $3,
            coalesce(last.first_order_at, $4), $4, $4
       from (select 1) one
       left join lateral (select * from orderflow.sales_aggregate where customer_id = $1 and currency = $2 order by as_of desc limit 1) last on true
     on conflict (customer_id, currency, as_of) do update
        set orders = excluded.orders, sales_minor = excluded.sales_minor, last_order_at = excluded.last_order_at, computed_at = excluded.computed_at`,
    [sale.customerId, sale.currency, sale.totalMinor, at],
  );
}

/** Has this customer had a sale that was cleared, in any currency? */
export async function hasOrderedBefore(tx: Transaction, customerId: string): Promise<boolean> {
  const found = await tx.query('select 1 from orderflow.sales_aggregate where customer_id = $1 and orders > 0 limit 1', [
    customerId,
  ]);
  return found.length > 0;
}
