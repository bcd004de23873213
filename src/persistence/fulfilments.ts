import type { LineTerms } from '../domain/money.ts';
import type { Fulfilment, SaleOrder } from './entities/index.ts';
import { leaveMessage } from './messages.ts';
import type { Transaction } from './transaction.ts';

/** A line of a shipment with how much of it is promised from stock, and what its sale line says. */
export interface FulfilmentLineRow extends LineTerms {
  readonly id: string;
  readonly saleLineId: string;
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  /** What the picker found; null until then. */
  readonly picked: number | null;
  readonly allocated: number;
}

export const fulfilmentLines = (tx: Transaction, fulfilmentId: string): Promise<FulfilmentLineRow[]> =>
  tx.query<FulfilmentLineRow>(
    `select f.id, l.id as "saleLineId", l.line_no as "lineNo", l.sku, f.quantity, f.picked, l.unit_price_minor as "unitPriceMinor",
            l.discount_bp as "discountBp", l.tax_bp as "taxBp",
            coalesce((select sum(r.quantity) from orderflow.stock_reservation r
                       where r.fulfilment_id = f.fulfilment_id and r.sale_line_id = l.id and r.status in ('SOFT', 'FIRM', 'SHIPPED')), 0)::bigint as allocated
       from orderflow.fulfilment_line f join orderflow.sale_line l on l.id = f.sale_line_id
      where f.fulfilment_id = $1 order by l.line_no`,
    [fulfilmentId],
  );

/** The lines of a shipment of which not everything is promised from stock. */
export const missingLines = async (tx: Transaction, fulfilmentId: string): Promise<FulfilmentLineRow[]> =>
  (await fulfilmentLines(tx, fulfilmentId)).filter((line) => line.quantity > line.allocated);

/** Whoever picks begins anew. */
export const forgetPicks = (tx: Transaction, fulfilmentId: string): Promise<number> =>
  tx.execute('update orderflow.fulfilment_line set picked = null where fulfilment_id = $1 and picked is not null', [
    fulfilmentId,
  ]);

/** How long the sale has to notice, ms. */
const noticeMs = 90 * 86_400_000;

/** A shipment is over; the last one of a sale says so to the sale, which counts for itself. The sale's row is locked. */
export async function tellSaleWhenLast(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id'>,
  fulfilment: Pick<Fulfilment, 'id'>,
): Promise<void> {
  const { open } = await tx.one<{ open: number }>(
    'select count(*) as open from orderflow.fulfilment where sale_order_id = $1 and id <> $2 and closed_at is null',
    [sale.id, fulfilment.id],
  );
  if (open > 0) return;
  await leaveMessage(tx, {
    name: 'sale.fulfilments-closed',
    correlationKey: sale.id,
    variables: {},
    source: `sale:${sale.id}`,
    messageId: `fulfilments-closed:${fulfilment.id}`,
    timeToLiveMs: noticeMs,
  });
}

/** How long a shipment that prepares itself has to notice, ms. */
const pokeMs = 86_400_000;

/**
 * Marks shipments of a sale that have not left as given up, and tells them; goods issue looks at the mark, so that the sale's lock decides what still leaves.
 * Answers how many were told. The sale's row is locked.
 */
export async function cancelOpenFulfilments(tx: Transaction, saleOrderId: string, reason: string, at: Date): Promise<number> {
  const open = await tx.query<{ id: string }>(
    `update orderflow.fulfilment set cancel_requested_at = $2, cancel_reason = $3
      where sale_order_id = $1 and shipped_at is null and closed_at is null and cancel_requested_at is null returning id`,
    [saleOrderId, at, reason],
  );
  for (const { id } of open) {
    await leaveMessage(tx, {
      name: 'fulfilment.cancel-requested',
      correlationKey: id,
      variables: {},
      source: `sale:${saleOrderId}`,
      messageId: `cancel:${id}`,
      timeToLiveMs: pokeMs,
    });
  }
  return open.length;
}

/** A shipment on hold may look again whether it is released. Nothing happens when it is not on hold. */
export async function tellHoldReleased(tx: Transaction, fulfilmentId: string, source: string): Promise<void> {
  const waits = await tx.maybeOne(`select 1 from orderflow.fulfilment where id = $1 and workflow_state = 'ON_HOLD'`, [
    fulfilmentId,
  ]);
  if (!waits) return;
  await leaveMessage(tx, {
    name: 'fulfilment.hold-released',
    correlationKey: fulfilmentId,
    variables: {},
    source,
    timeToLiveMs: pokeMs,
  });
}

/** A customer's account has become better: whatever it holds back looks again. Each checks for itself, so a poke too many does no harm. */
export async function releaseHeldFulfilments(
  tx: Transaction,
  account: { readonly customerId: string; readonly currency: string; readonly source: string },
): Promise<void> {
  const held = await tx.query<{ id: string }>(
    `select f.id from orderflow.fulfilment f join orderflow.sale_order s on s.id = f.sale_order_id
      where s.customer_id = $1 and s.currency = $2 and f.workflow_state = 'ON_HOLD' and f.closed_at is null order by s.cleared_at, f.number`,
    [account.customerId, account.currency],
  );
  for (const { id } of held) await tellHoldReleased(tx, id, account.source);
}
