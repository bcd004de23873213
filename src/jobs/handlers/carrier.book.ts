import { intendBooking, openBookings, settleBooking, type OpenBooking } from '../../persistence/carrier-bookings.ts';
import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { external } from '../handler.ts';
import type { BookingOutcome } from '../providers/port.ts';
import { variable } from '../variables.ts';
import { voidLabels } from '../void-labels.ts';

interface Intent {
  readonly lines: OpenBooking['lines'];
  /** Labels of an earlier preparation, which was interrupted. */
  readonly stale: readonly OpenBooking[];
}

/** Books the carrier, with the job's key, so that a second booking is the same one; labels of an earlier try are voided first. */
export const carrierBook = external<Intent, BookingOutcome>({
  type: 'carrier.book',

  async intend({ tx }, job, now) {
    const lines = (await fulfilmentLines(tx, job.subject.id)).map(({ sku, quantity }) => ({ sku, quantity }));
    await intendBooking(tx, { key: job.key, fulfilmentId: job.subject.id, lines, at: now });
    return { lines, stale: await openBookings(tx, job.subject.id, job.key) };
  },

  async call({ carrier }, job, { lines, stale }) {
    await voidLabels(carrier, job, stale);
    return carrier.book({ idempotencyKey: job.key, reference: job.businessKey, lines });
  },

  async record({ tx, job }, { stale }, outcome) {
    for (const { key } of stale) await settleBooking(tx, key, { status: 'VOIDED' });
    if (outcome.status === 'rejected') {
      await settleBooking(tx, job.key, { status: 'REJECTED' });
      return { error: { code: 'CARRIER_REJECTED', message: `the carrier rejected ${job.businessKey}: ${outcome.message}` } };
    }
    const { carrier, tracking } = outcome;
    await settleBooking(tx, job.key, { status: 'BOOKED', carrier, tracking });
    await tx.execute('update orderflow.fulfilment set carrier = $2, tracking = $3 where id = $1', [
      job.subject.id,
      carrier,
      tracking,
    ]);
    return { variables: { shipment: { ...variable(job, 'shipment'), carrier, tracking } } };
  },
});
