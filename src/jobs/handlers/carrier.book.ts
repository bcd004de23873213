import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { external } from '../handler.ts';
import type { BookingOutcome } from '../providers/port.ts';
import { variable } from '../variables.ts';

interface Intent {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Books the carrier, with the job's key, so that a second booking is the same one. */
export const carrierBook = external<Intent, BookingOutcome>({
  type: 'carrier.book',

  async intend({ tx }, job) {
    const lines = await fulfilmentLines(tx, job.subject.id);
    return { lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
  },

  call: ({ carrier }, job, { lines }) => carrier.book({ idempotencyKey: job.key, reference: job.businessKey, lines }),

  async record({ tx, job }, _intent, outcome) {
    if (outcome.status === 'rejected') throw new Error(`the carrier rejected ${job.businessKey}: ${outcome.message}`);
    const { carrier, tracking } = outcome;
    await tx.execute('update orderflow.fulfilment set carrier = $2, tracking = $3 where id = $1', [
      job.subject.id,
      carrier,
      tracking,
    ]);
    return { variables: { shipment: { ...variable(job, 'shipment'), carrier, tracking } } };
  },
});
