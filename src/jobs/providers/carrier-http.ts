import { z } from 'zod';
import { ProviderFault, type Carrier } from './port.ts';
import { callProvider, type ProviderEndpoint } from './provider-call.ts';

const booking = z.object({ carrier: z.string().min(1), tracking: z.string().min(1) });

/** A Carrier that speaks the sandbox's HTTP contract: shipments, `Idempotency-Key`. */
export function createHttpCarrier(options: Omit<ProviderEndpoint, 'provider'>): Carrier {
  const endpoint: ProviderEndpoint = { provider: 'carrier', ...options };
  return {
    book: async ({ idempotencyKey, ...body }) => {
      const answer = await callProvider(endpoint, { method: 'POST', path: '/shipments', idempotencyKey, body }, booking);
      if (answer.status === 'ok') return { status: 'booked', carrier: answer.body.carrier, tracking: answer.body.tracking };
      if (answer.status === 'refused') return { ...answer, status: 'rejected' };
      throw new ProviderFault(
        endpoint.provider,
        `${endpoint.url} answered a booking with "no such shipment"; is it the right address?`,
      );
    },
  };
}
