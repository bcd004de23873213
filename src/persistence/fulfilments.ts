import { newId } from '../support/ids.ts';
import type { Transaction } from './transaction.ts';

/** A line of a shipment with how much of it is promised from stock. */
export interface FulfilmentLineRow {
  readonly saleLineId: string;
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly allocated: number;
  readonly unitPriceMinor: number;
  readonly discountBp: number;
}

export const fulfilmentLines = (tx: Transaction, fulfilmentId: string): Promise<FulfilmentLineRow[]> =>
  tx.query<FulfilmentLineRow>(
    `select l.id as "saleLineId", l.line_no as "lineNo", l.sku, f.quantity, l.unit_price_minor as "unitPriceMinor", l.discount_bp as "discountBp",
            coalesce((select sum(r.quantity) from orderflow.stock_reservation r
                       where r.fulfilment_id = f.fulfilment_id and r.sale_line_id = l.id and r.status in ('SOFT', 'FIRM', 'SHIPPED')), 0)::bigint as allocated
       from orderflow.fulfilment_line f join orderflow.sale_line l on l.id = f.sale_line_id
      where f.fulfilment_id = $1 order by l.line_no`,
    [fulfilmentId],
  );

/** Queues what a shipment is missing; a demand that was filled once and is missing again is open again. */
export async function queueDemand(
  tx: Transaction,
  fulfilmentId: string,
  missing: readonly FulfilmentLineRow[],
  committedAt: Date,
): Promise<void> {
  for (const line of missing) {
    await tx.execute(
      `insert into orderflow.backorder_demand (id, fulfilment_id, sale_line_id, sku, quantity, committed_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (fulfilment_id, sale_line_id) do update set status = 'OPEN', quantity = excluded.quantity`,
      [newId(), fulfilmentId, line.saleLineId, line.sku, line.quantity - line.allocated, committedAt],
    );
  }
}

/** Are all other shipments of the sale done? The sale's row is locked first. */
export async function isLastFulfilment(tx: Transaction, saleOrderId: string, fulfilmentId: string): Promise<boolean> {
  const { open } = await tx.one<{ open: number }>(
    'select count(*) as open from orderflow.fulfilment where sale_order_id = $1 and id <> $2 and closed_at is null',
    [saleOrderId, fulfilmentId],
  );
  return open === 0;
}
