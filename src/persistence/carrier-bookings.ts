import type { CarrierBooking } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** A label that may exist at the carrier: one that was booked, or asked for without our knowing what became of it. */
export interface OpenBooking {
  readonly key: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly tracking: string | null;
}

/** Writes down that a carrier is about to be asked, once for each key. */
export const intendBooking = (
  tx: Transaction,
  booking: { readonly key: string; readonly fulfilmentId: string; readonly lines: OpenBooking['lines']; readonly at: Date },
): Promise<number> =>
  tx.execute(
    `insert into orderflow.carrier_booking (key, fulfilment_id, lines, status, requested_at) values ($1, $2, $3, 'REQUESTED', $4)
     on conflict (key) do nothing`,
    [booking.key, booking.fulfilmentId, JSON.stringify(booking.lines), booking.at],
  );

/** Every label of a shipment that may exist, but for the one with this key; oldest first. */
export const openBookings = (tx: Transaction, fulfilmentId: string, exceptKey: string | null): Promise<OpenBooking[]> =>
  tx.query<OpenBooking>(
    `select key, lines, tracking from orderflow.carrier_booking
      where fulfilment_id = $1 and status in ('REQUESTED', 'BOOKED') and key is distinct from $2 order by requested_at, key`,
    [fulfilmentId, exceptKey],
  );

/** Writes down what became of a booking. */
export const settleBooking = (
  tx: Transaction,
  key: string,
  outcome:
    | { readonly status: 'BOOKED'; readonly carrier: string; readonly tracking: string }
    | { readonly status: Exclude<CarrierBooking['status'], 'BOOKED' | 'REQUESTED'> },
): Promise<number> =>
  outcome.status === 'BOOKED'
    ? tx.execute(`update orderflow.carrier_booking set status = 'BOOKED', carrier = $2, tracking = $3 where key = $1`, [
        key,
        outcome.carrier,
        outcome.tracking,
      ])
    : tx.execute('update orderflow.carrier_booking set status = $2 where key = $1', [key, outcome.status]);
