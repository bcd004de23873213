import { wakeBackorders } from '../persistence/backorders.ts';
import { emit } from '../persistence/events.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import { lockStock, releaseStock } from '../persistence/stock.ts';
import { systemActor } from '../policies/actor.ts';
import { perform } from './perform.ts';
import type { Deps } from './unit.ts';

/** A sale with a soft reservation that has run out. */
export interface ExpiredReservation {
  readonly saleOrderId: string;
  readonly expiresAt: Date;
}

/** Sales whose soft reservations have run out, the oldest first. */
export const expiredReservations = (deps: Deps, limit: number): Promise<ExpiredReservation[]> =>
  deps.database.query<ExpiredReservation>(
    `select l.sale_order_id as "saleOrderId", min(r.expires_at) as "expiresAt"
       from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
      where r.status = 'SOFT' and r.expires_at <= orderflow.now()
      group by l.sale_order_id order by 2, 1 limit $1`,
    [limit],
  );

/**
 * Gives back what a sale had reserved for a time that is over; whoever waits for it is woken. The sale finds out when it clears (RESERVATION_LOST) and reserves
 * again. Answers how many reservations have expired.
 */
export async function expireReservations(deps: Deps, expired: ExpiredReservation): Promise<number> {
  const { saleOrderId, expiresAt } = expired;
  const request = {
    name: 'expire reservations',
    actor: systemActor('sweep:reservations'),
    key: `reservations:${saleOrderId}:${expiresAt.toISOString()}`,
    payload: { saleOrderId },
  };
  const { body } = await perform(deps, request, async ({ tx, now }) => {
    const sale = await lockSaleOrder(tx, saleOrderId);
    const lines = await tx.query<{ sku: string }>('select distinct sku from orderflow.sale_line where sale_order_id = $1', [
      sale.id,
    ]);
    const skus = lines.map((line) => line.sku);
    await lockStock(tx, skus);
    const rows = await tx.query<{ id: string; levelId: string; lineId: string; lineNo: number; sku: string; quantity: number }>(
      `update orderflow.stock_reservation r set status = 'EXPIRED', expires_at = null
         from orderflow.sale_line l
        where l.id = r.sale_line_id and l.sale_order_id = $1 and r.status = 'SOFT' and r.expires_at <= $2
        returning r.id, r.stock_level_id as "levelId", l.id as "lineId", l.line_no as "lineNo", l.sku, r.quantity`,
      [sale.id, now],
    );
    for (const { id, levelId, lineId, quantity } of rows) {
      await releaseStock(tx, levelId, quantity, `expired:${id}`, now);
      await tx.execute('update orderflow.sale_line set reserved = reserved - $2 where id = $1', [lineId, quantity]);
    }
    if (rows.length > 0) {
      await emit(tx, {
        type: 'inventory.expired',
        subject: { type: 'sale_order', id: sale.id, number: sale.number },
        data: { lines: rows.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity })) },
      });
      await wakeBackorders(tx, await lockStock(tx, skus));
    }
    return { status: 200, body: { expired: rows.length } };
  });
  return Number(body['expired']);
}
