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
    /** The STOCK override that let it draw on the safety stock. */
    readonly overrideRequestId?: string;
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
    overrideRequestId: reservation.overrideRequestId ?? null,
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

/** What of a sale lies where, for it alone, and travels with no shipment yet: by line, and within it by location. */
export const reservedByLocation = (
  tx: Transaction,
  saleOrderId: string,
): Promise<{ lineId: string; location: string; quantity: number }[]> =>
  tx.query(
    `select l.id as "lineId", v.location, sum(r.quantity)::bigint as quantity
       from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.stock_level v on v.id = r.stock_level_id
      where l.sale_order_id = $1 and ${active} and r.fulfilment_id is null
      group by l.id, v.location order by l.line_no, v.location`,
    [saleOrderId],
  );

/** What is reserved of a sale line travels with this shipment: all of it, or what lies at one location. */
export const assignToFulfilment = (
  tx: Transaction,
  saleLineId: string,
  fulfilmentId: string,
  location: string | null,
): Promise<number> =>
  tx.execute(
    `update orderflow.stock_reservation r set fulfilment_id = $2 from orderflow.stock_level v
      where v.id = r.stock_level_id and r.sale_line_id = $1 and ${active} and r.fulfilment_id is null and ($3::text is null or v.location = $3)`,
    [saleLineId, fulfilmentId, location],
  );

export interface ReservationRow {
  readonly id: string;
  readonly stockLevelId: string;
  readonly saleLineId: string;
  readonly quantity: number;
}

const select = `select r.id, r.stock_level_id as "stockLevelId", r.sale_line_id as "saleLineId", r.quantity
                  from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id`;

/** What is promised to a shipment and has not left. */
export const reservationsOf = (tx: Transaction, fulfilmentId: string): Promise<ReservationRow[]> =>
  tx.query<ReservationRow>(`${select} where r.fulfilment_id = $1 and ${active} order by r.stock_level_id, r.id`, [fulfilmentId]);

/**
 * Gives a reservation back, or a part of it, which thereby becomes a row of its own. `into` says what becomes of the pieces for their sale line: promised for
 * later, cancelled, or open again. The level is locked.
 */
export async function releaseReservation(
  tx: Transaction,
  row: ReservationRow,
  quantity: number,
  into: 'backordered' | 'cancelled' | 'open',
  reference: string,
  at: Date,
): Promise<void> {
  let released = row.id;
  if (quantity < row.quantity) {
    released = newId();
    await tx.execute('update orderflow.stock_reservation set quantity = quantity - $2 where id = $1', [row.id, quantity]);
    await tx.execute(
      `insert into orderflow.stock_reservation (id, stock_level_id, sale_line_id, fulfilment_id, quantity, status, expires_at, override_request_id, job_key, created_at)
       select $2, stock_level_id, sale_line_id, fulfilment_id, $3, 'RELEASED', null, override_request_id, $4, created_at
         from orderflow.stock_reservation where id = $1`,
      [row.id, released, quantity, `${reference}:${row.id}`],
    );
  } else {
    await tx.execute(`update orderflow.stock_reservation set status = 'RELEASED', expires_at = null where id = $1`, [row.id]);
  }
  await releaseStock(tx, row.stockLevelId, quantity, `${reference}:${released}`, at);
  const moved = into === 'open' ? '' : `, ${into} = ${into} + $2`;
  await tx.execute(`update orderflow.sale_line set reserved = reserved - $2${moved} where id = $1`, [row.saleLineId, quantity]);
}

/** Gives back everything that a sale has reserved or been promised. The levels are locked first (lockStock). */
export async function releaseReservations(tx: Transaction, saleOrderId: string, reference: string, at: Date): Promise<void> {
  const rows = await tx.query<ReservationRow>(
    `${select} where l.sale_order_id = $1 and ${active} order by r.stock_level_id, r.id`,
    [saleOrderId],
  );
  for (const row of rows) await releaseReservation(tx, row, row.quantity, 'open', reference, at);
  await tx.execute(
    'update orderflow.sale_line set backordered = 0, cancelled = ordered - shipped where sale_order_id = $1 and reserved = 0',
    [saleOrderId],
  );
}

/** The goods of a fulfilment leave the house. Answers what has left. */
export async function shipReservations(
  tx: Transaction,
  fulfilmentId: string,
  reference: string,
  at: Date,
): Promise<ReservationRow[]> {
  const rows = await reservationsOf(tx, fulfilmentId);
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
