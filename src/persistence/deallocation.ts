import { emit } from './events.ts';
import { missingLines } from './fulfilments.ts';
import { queueDemand } from './backorders.ts';
import { leaveMessage } from './messages.ts';
import { releaseReservation, type ReservationRow } from './reservations.ts';
import type { StockLevelRow } from './stock.ts';
import type { Transaction } from './transaction.ts';

interface Candidate extends ReservationRow {
  readonly saleOrderId: string;
  readonly fulfilmentId: string | null;
  readonly clearedAt: Date | null;
}

/** Who gives way: the youngest first, as old as its sale has been cleared; what is packed and about to leave, last. */
const candidates = `
  select r.id, r.stock_level_id as "stockLevelId", r.sale_line_id as "saleLineId", r.quantity, r.fulfilment_id as "fulfilmentId",
         l.sale_order_id as "saleOrderId", s.cleared_at as "clearedAt"
    from orderflow.stock_reservation r
    join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.sale_order s on s.id = l.sale_order_id
    join orderflow.stock_level v on v.id = r.stock_level_id
   where v.sku = $1 and v.location = $2 and r.status in ('SOFT', 'FIRM')
   order by exists (select 1 from orderflow.carrier_booking b where b.fulfilment_id = r.fulfilment_id and b.status = 'BOOKED'),
            coalesce(s.cleared_at, r.created_at) desc, r.id desc`;

/** Which of the candidates have to give way, and how much of each, until `excess` pieces are free. */
function givingWay(rows: readonly Candidate[], excess: number): { readonly row: Candidate; readonly quantity: number }[] {
  let rest = excess;
  return rows.flatMap((row) => {
    const quantity = Math.min(rest, row.quantity);
    rest -= quantity;
    return quantity > 0 ? [{ row, quantity }] : [];
  });
}

/** Locks the sales, in the order of their ids, that have to give way when only `onHand` pieces lie at a location. The level is not locked yet. */
export async function lockSalesOf(tx: Transaction, sku: string, location: string, onHand: number): Promise<void> {
  const rows = await tx.query<Candidate>(candidates, [sku, location]);
  const reserved = rows.reduce((sum, row) => sum + row.quantity, 0);
  const sales = givingWay(rows, reserved - onHand).map(({ row }) => row.saleOrderId);
  await tx.query('select 1 from orderflow.sale_order where id = any($1) order by id for no key update', [sales]);
}

/** How long a shipment has to notice, ms. */
const noticeMs = 86_400_000;

/**
 * Takes `excess` pieces back from those who were promised them last. A cleared sale is promised them for later, in the queue of its shipment; one that is not
 * cleared yet loses them, and notices when it is to be cleared. The level is locked; a sale that was not locked before it is taken only if nobody holds it.
 */
export async function deallocate(
  tx: Transaction,
  level: StockLevelRow,
  excess: number,
  reference: string,
  at: Date,
): Promise<void> {
  const giving = givingWay(await tx.query<Candidate>(candidates, [level.sku, level.location]), excess);
  const sales = giving.map(({ row }) => row.saleOrderId);
  await tx.query('select 1 from orderflow.sale_order where id = any($1) order by id for no key update nowait', [sales]);
  for (const { row, quantity } of giving) {
    await releaseReservation(tx, row, quantity, row.clearedAt === null ? 'open' : 'backordered', reference, at);
  }
  const shipments = new Map(
    giving.flatMap(({ row }) => (row.fulfilmentId === null ? [] : [[row.fulfilmentId, row.clearedAt ?? at]])),
  );
  for (const [fulfilmentId, committedAt] of shipments) {
    const missing = await missingLines(tx, fulfilmentId);
    await queueDemand(tx, fulfilmentId, missing, committedAt);
    await leaveMessage(tx, {
      name: 'inventory.deallocated',
      correlationKey: fulfilmentId,
      variables: {},
      source: `stock:${level.id}`,
      messageId: `${reference}:${fulfilmentId}`,
      timeToLiveMs: noticeMs,
    });
    await emit(tx, {
      type: 'inventory.deallocated',
      subject: { type: 'fulfilment', id: fulfilmentId },
      data: {
        lines: missing.map(({ lineNo, sku, quantity, allocated }) => ({ lineNo, sku, quantity: quantity - allocated })),
        reference,
      },
    });
  }
}
