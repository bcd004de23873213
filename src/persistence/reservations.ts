import { newId } from '../support/ids.ts';
import { StockReservation, type SaleLine } from './entities/index.ts';
import { releaseStock, shipStock } from './stock.ts';
import type { Transaction } from './transaction.ts';

/** How long a soft reservation stands while its sale is not cleared, ms. */
export const softReservationMs = 7 * 86_400_000;

/** Binds promised stock to a sale line: soft until `expiresAt`, or firm for a fulfilment. The stock has been taken from its level before. */
export async function reserveLine(
  tx: Transaction,
  reservation: {
    readonly line: Pick<SaleLine, 'id'>;
    readonly levelId: string;
    readonly quantity: number;
    readonly fulfilmentId: string | null;
    readonly expiresAt: Date | null;
    readonly jobKey: string;
    readonly at: Date;
  },
): Promise<void> {
  await tx.manager.insert(StockReservation, {
    id: newId(),
    stockLevelId: reservation.levelId,
    saleLineId: reservation.line.id,
    fulfilmentId: reservation.fulfilmentId,
    quantity: reservation.quantity,
    status: reservation.expiresAt ? 'SOFT' : 'FIRM',
    expiresAt: reservation.expiresAt,
    jobKey: reservation.jobKey,
    createdAt: reservation.at,
  });
  await tx.execute('update orderflow.sale_line set reserved = reserved + $2 where id = $1', [
    reservation.line.id,
    reservation.quantity,
  ]);
}

const active = `r.status in ('SOFT', 'FIRM')`;

/** From here on the stock is the sale's, without a time limit. */
export const firmUp = (tx: Transaction, saleOrderId: string): Promise<number> =>
  tx.execute(
    `update orderflow.stock_reservation r set status = 'FIRM', expires_at = null
       from orderflow.sale_line l where l.id = r.sale_line_id and l.sale_order_id = $1 and r.status = 'SOFT'`,
    [saleOrderId],
  );

/** The reserved part of a sale line travels with this fulfilment. */
export const assignToFulfilment = (tx: Transaction, saleLineId: string, fulfilmentId: string): Promise<number> =>
  tx.execute(
    `update orderflow.stock_reservation r set fulfilment_id = $2 where r.sale_line_id = $1 and ${active} and r.fulfilment_id is null`,
    [saleLineId, fulfilmentId],
  );

interface ReservationRow {
  readonly id: string;
  readonly stockLevelId: string;
  readonly saleLineId: string;
  readonly quantity: number;
}

const select = `select r.id, r.stock_level_id as "stockLevelId", r.sale_line_id as "saleLineId", r.quantity
                  from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id`;

/** Gives back everything that a sale has reserved or been promised. The levels are locked first (lockStock). */
export async function releaseReservations(tx: Transaction, saleOrderId: string, reference: string, at: Date): Promise<void> {
  const rows = await tx.query<ReservationRow>(
    `${select} where l.sale_order_id = $1 and ${active} order by r.stock_level_id, r.id`,
    [saleOrderId],
  );
  for (const row of rows) {
    await releaseStock(tx, row.stockLevelId, row.quantity, `${reference}:${row.id}`, at);
    await tx.execute(`update orderflow.stock_reservation set status = 'RELEASED', expires_at = null where id = $1`, [row.id]);
    await tx.execute('update orderflow.sale_line set reserved = reserved - $2 where id = $1', [row.saleLineId, row.quantity]);
  }
  await tx.execute(
    'update orderflow.sale_line set backordered = 0, cancelled = ordered - shipped where sale_order_id = $1 and reserved = 0',
    [saleOrderId],
  );
}

/** The goods of a fulfilment leave the house. Answers the value that has left, by sale line. */
export async function shipReservations(
  tx: Transaction,
  fulfilmentId: string,
  reference: string,
  at: Date,
): Promise<ReservationRow[]> {
  const rows = await tx.query<ReservationRow>(
    `${select} where r.fulfilment_id = $1 and ${active} order by r.stock_level_id, r.id`,
    [fulfilmentId],
  );
  for (const row of rows) {
    await shipStock(tx, row.stockLevelId, row.quantity, `${reference}:${row.id}`, at);
    await tx.execute(`update orderflow.stock_reservation set status = 'SHIPPED', expires_at = null where id = $1`, [row.id]);
    await tx.execute('update orderflow.sale_line set reserved = reserved - $2, shipped = shipped + $2 where id = $1', [
      row.saleLineId,
      row.quantity,
    ]);
  }
  return rows;
}
