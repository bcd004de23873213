import { external } from '../handler.ts';
import { variable } from '../variables.ts';

/** Asks the carrier to look for a shipment of which nothing has been heard. */
export const carrierTrace = external<string, void>({
  type: 'carrier.trace',
  intend: (_unit, job) => Promise.resolve(variable(job, 'shipment').tracking ?? job.businessKey),
  call: async ({ carrier }, job, tracking) => {
    await carrier.trace({ idempotencyKey: job.key, tracking });
  },
  record: () => Promise.resolve({ variables: {} }),
});
