import { lineValueMinor } from '../../domain/money.ts';
import { closeDemand, wakeBackorders } from '../../persistence/backorders.ts';
import { lockCreditProfile } from '../../persistence/credit.ts';
import { openBookings, settleBooking, type OpenBooking } from '../../persistence/carrier-bookings.ts';
import { emit } from '../../persistence/events.ts';
import { fulfilmentLines, tellSaleWhenLast } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment, saleLines } from '../../persistence/orders.ts';
import { withdrawOverrides } from '../../persistence/overrides.ts';
import { cancelValue } from '../../persistence/refunds.ts';
import { releaseReservation, reservationsOf } from '../../persistence/reservations.ts';
import { lockStock } from '../../persistence/stock.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { external } from '../handler.ts';
import { voidLabels } from '../void-labels.ts';

/**
 * Undoes the preparation of a shipment that will not leave, as the ledgers say: its labels, its allocation, its place in the queue. Its pieces are cancelled, and
 * what was held or paid for them is given back. Whatever has been undone by the sale as a whole is not there any more.
 */
export const fulfilmentUndo = external<readonly OpenBooking[], void>({
  type: 'fulfilment.undo',

  intend: ({ tx }, job) => openBookings(tx, job.subject.id, null),

  call: ({ carrier }, job, bookings) => voidLabels(carrier, job, bookings),

  async record({ tx, job, now }, bookings) {
    const fulfilment = await readFulfilment(tx, job.subject.id);
    const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
    await lockCreditProfile(tx, sale.customerId, sale.currency); // before any stock level: docs/adr/0007
    for (const { key } of bookings) await settleBooking(tx, key, { status: 'VOIDED' });
    const before = await cancelledBefore(tx, sale.id);
    const lines = await fulfilmentLines(tx, fulfilment.id);
    const skus = lines.map((line) => line.sku);
    await lockStock(tx, skus);
    for (const row of await reservationsOf(tx, fulfilment.id)) {
      await releaseReservation(tx, row, row.quantity, 'cancelled', job.key, now);
    }
    for (const line of lines) {
      await tx.execute(
        `update orderflow.sale_line set backordered = backordered - least(backordered, $2), cancelled = cancelled + least(backordered, $2) where id = $1`,
        [line.saleLineId, line.quantity - line.allocated],
      );
    }
    await closeDemand(tx, fulfilment.id, 'CANCELLED');
    await withdrawOverrides(tx, fulfilment.id, now);
    const cancelled = (await saleLines(tx, sale.id)).map((line) => ({ line, from: before.get(line.id) ?? 0 }));
    await cancelValue(tx, {
      sale,
      fulfilmentId: fulfilment.id,
      // what is cancelled are the last pieces of a line
      amountMinor: cancelled.reduce(
        (sum, { line, from }) => sum + lineValueMinor(line, line.ordered - line.cancelled, line.ordered - from),
        0,
      ),
      reason: `${fulfilment.number} was cancelled`,
      key: `cancel:${fulfilment.id}`,
      at: now,
    });
    await wakeBackorders(tx, await lockStock(tx, skus));
    await tellSaleWhenLast(tx, sale, fulfilment);
    await emit(tx, {
      type: 'inventory.released',
      subject: { type: 'fulfilment', id: fulfilment.id, number: fulfilment.number },
      data: {
        lines: cancelled
          .map(({ line, from }) => ({ lineNo: line.lineNo, sku: line.sku, quantity: line.cancelled - from }))
          .filter((line) => line.quantity > 0),
      },
    });
    return { variables: {} };
  },
});

/** How much of each line was cancelled until now, by line. */
async function cancelledBefore(tx: Transaction, saleOrderId: string): Promise<Map<string, number>> {
  return new Map((await saleLines(tx, saleOrderId)).map((line) => [line.id, line.cancelled]));
}
