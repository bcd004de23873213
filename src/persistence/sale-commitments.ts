import { setAside, type Level, type OpenLine, type SafetyGrants, type Taking } from '../domain/reserving.ts';
import { newId } from '../support/ids.ts';
import { claimedStock, wakeBackorders } from './backorders.ts';
import { lockCreditProfile, releaseCredit } from './credit.ts';
import type { SaleLine, SaleOrder } from './entities/index.ts';
import { emit } from './events.ts';
import { saleLines } from './orders.ts';
import { supersedeOverrides, usableOverride, type UsableOverride } from './overrides.ts';
import { lockStock, takeStock } from './stock.ts';
import { releaseReservation, type ReservationRow } from './reservations.ts';
import type { Transaction } from './transaction.ts';

/** How many pieces of each line nobody has promised yet. */
export const openLines = (lines: readonly SaleLine[]): OpenLine[] =>
  lines.map(({ id, lineNo, sku, ordered, cancelled, reserved, backordered, shipped }) => ({
    id,
    lineNo,
    sku,
    open: ordered - cancelled - reserved - backordered - shipped,
  }));

/**
 * The levels of these products, locked in the order of their ids. What shipments are waiting for in front of everybody counts as set aside, like safety stock: only
 * an override takes it.
 */
export async function reservableLevels(
  tx: Transaction,
  lines: readonly { readonly sku: string }[],
): Promise<(Level & { readonly location: string })[]> {
  const skus = [...new Set(lines.map((line) => line.sku))];
  const levels = await lockStock(tx, skus);
  return setAside(levels, await claimedStock(tx, skus));
}

/**
 * Takes the stock of a plan and binds it to the sale's lines, until `expiresAt` or for good. What a line has from a level already grows. The levels are locked.
 */
export async function bookTakings(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'number'>,
  takings: readonly Taking[],
  booking: {
    readonly jobKey: string;
    readonly overrideRequestId: string | null;
    readonly expiresAt: Date | null;
    readonly at: Date;
  },
): Promise<void> {
  const { jobKey, overrideRequestId, expiresAt, at } = booking;
  for (const { lineId, lineNo, levelId, quantity, fromSafety } of takings) {
    if (!(await takeStock(tx, levelId, quantity, `${jobKey}:${lineNo}`, at, fromSafety)))
      throw new Error(`the stock of level ${levelId} went under our lock`);
    await tx.execute(
      `insert into orderflow.stock_reservation (id, stock_level_id, sale_line_id, quantity, status, expires_at, override_request_id, job_key, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (sale_line_id, stock_level_id) where status in ('SOFT', 'FIRM') and fulfilment_id is null
       do update set quantity = stock_reservation.quantity + excluded.quantity, status = excluded.status, expires_at = excluded.expires_at,
                     override_request_id = coalesce(excluded.override_request_id, stock_reservation.override_request_id)`,
      [
        newId(),
        levelId,
        lineId,
        quantity,
        expiresAt ? 'SOFT' : 'FIRM',
        expiresAt,
        fromSafety > 0 ? overrideRequestId : null,
        jobKey,
        at,
      ],
    );
    await tx.execute('update orderflow.sale_line set reserved = reserved + $2 where id = $1', [lineId, quantity]);
  }
  if (takings.length > 0) {
    const lines = takings.map(({ lineNo, quantity, fromSafety }) => ({ lineNo, quantity, fromSafety }));
    await emit(tx, {
      type: 'inventory.reserved',
      subject: { type: 'sale_order', id: sale.id, number: sale.number },
      data: { lines },
    });
  }
}

/** What an approved STOCK override lets a sale take from safety stock, pieces by level. */
export async function stockGrants(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'fingerprint'>,
  at: Date,
): Promise<{ readonly override: UsableOverride | undefined; readonly grants: SafetyGrants }> {
  const override = await usableOverride(tx, { kind: 'STOCK', subjectId: sale.id, fingerprint: sale.fingerprint, at });
  const safety = (override?.scope['safety'] ?? []) as readonly { readonly levelId: string; readonly quantity: number }[];
  return { override, grants: new Map(safety.map(({ levelId, quantity }) => [levelId, quantity])) };
}

/**
 * Gives back what a sale holds while it is still open: credit, reserved and promised stock, and what was asked of others for it. Its lines are not cancelled.
 * The sale's row is locked; credit and stock are locked here. It may run again and finds nothing then.
 */
export async function releaseOpenSale(tx: Transaction, sale: SaleOrder, reference: string, at: Date): Promise<void> {
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  await releaseCredit(tx, sale.id, reference, at);
  const lines = await saleLines(tx, sale.id);
  const skus = lines.map((line) => line.sku);
  await lockStock(tx, skus);
  const rows = await tx.query<ReservationRow & { lineNo: number }>(
    `select r.id, r.stock_level_id as "stockLevelId", l.id as "saleLineId", l.line_no as "lineNo", r.quantity
       from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
      where l.sale_order_id = $1 and r.status in ('SOFT', 'FIRM') and r.fulfilment_id is null order by r.stock_level_id, r.id`,
    [sale.id],
  );
  for (const row of rows) await releaseReservation(tx, row, row.quantity, 'open', reference, at);
  await tx.execute('update orderflow.sale_line set backordered = 0 where sale_order_id = $1', [sale.id]);
  if (rows.length > 0) {
    const released = rows.map(({ lineNo, quantity }) => ({ lineNo, quantity }));
    await emit(tx, {
      type: 'inventory.released',
      subject: { type: 'sale_order', id: sale.id, number: sale.number },
      data: { lines: released },
    });
    await wakeBackorders(tx, await lockStock(tx, skus));
  }
  await supersedeOverrides(tx, sale.id, at);
  await tx.execute('update orderflow.sale_order set on_terms_minor = 0, prepay_minor = 0 where id = $1', [sale.id]);
}
