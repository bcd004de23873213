import type { Job } from '../commands/job.ts';
import type { OpenBooking } from '../persistence/carrier-bookings.ts';
import type { Carrier } from './providers/port.ts';

/**
 * Voids every label of a shipment that may exist. A booking of which we do not know what became is asked for once more under its own key: then the carrier has
 * it, this call knows what became of it, and one that is still on its way finds the same answer instead of making a label that nobody voids. A label that is no longer unused, because the carrier has scanned the goods before we posted their
 * issue, is called back: they come back to where they are counted.
 */
export async function voidLabels(carrier: Carrier, job: Job, bookings: readonly OpenBooking[]): Promise<void> {
  for (const { key, lines, tracking: known } of bookings) {
    let tracking = known;
    if (tracking === null) {
      const asked = await carrier.book({ idempotencyKey: key, reference: job.businessKey, lines });
      if (asked.status === 'rejected') continue;
      tracking = asked.tracking;
    }
    const voided = await carrier.void({ idempotencyKey: `${job.key}:void:${tracking}`, tracking });
    if (voided.status !== 'rejected') continue;
    const back = await carrier.returnToSender({ idempotencyKey: `${job.key}:back:${tracking}`, tracking });
    if (back.status === 'rejected')
      throw new Error(
        `the carrier does not void ${tracking} of ${job.businessKey}: ${voided.message}; nor bring it back: ${back.message}`,
      );
  }
}
