import type { FulfilmentLineRow } from './fulfilments.ts';
import { releaseReservation, reservationsOf } from './reservations.ts';
import type { Transaction } from './transaction.ts';

/**
 * Gives back pieces of a line that were promised to a shipment and do not leave with it; they stay promised to the sale, for later. The sale's row and the
 * levels are locked.
 */
export async function giveUpAllocation(
  tx: Transaction,
  fulfilmentId: string,
  line: Pick<FulfilmentLineRow, 'saleLineId'>,
  quantity: number,
  reference: string,
  at: Date,
): Promise<void> {
  let rest = quantity;
  for (const row of await reservationsOf(tx, fulfilmentId)) {
    const part = row.saleLineId === line.saleLineId ? Math.min(rest, row.quantity) : 0;
    if (part === 0) continue;
    rest -= part;
    await releaseReservation(tx, row, part, 'backordered', reference, at);
  }
}

/** A line of a shipment shrinks to what leaves with it, or goes. */
export async function shrinkLine(
  tx: Transaction,
  line: Pick<FulfilmentLineRow, 'id' | 'quantity'>,
  quantity: number,
): Promise<void> {
  if (quantity === 0) await tx.execute('delete from orderflow.fulfilment_line where id = $1', [line.id]);
  else await tx.execute('update orderflow.fulfilment_line set quantity = $2 where id = $1', [line.id, quantity]);
}
