import { z } from 'zod';
import { ProviderFault, type Carrier, type LabelOutcome, type LabelRequest } from './port.ts';
import { callProvider, type ProviderEndpoint } from './provider-call.ts';

const booking = z.object({ carrier: z.string().min(1), tracking: z.string().min(1) });
const shipment = z.object({ tracking: z.string().min(1) });

/** A Carrier that speaks the sandbox's HTTP contract: shipments, `Idempotency-Key`. */
export function createHttpCarrier(options: Omit<ProviderEndpoint, 'provider'>): Carrier {
  const endpoint: ProviderEndpoint = { provider: 'carrier', ...options };

  const onLabel =
    (action: string) =>
    async ({ idempotencyKey, tracking }: LabelRequest): Promise<LabelOutcome> => {
      const path = `/shipments/${encodeURIComponent(tracking)}/${action}`;
      const answer = await callProvider(endpoint, { method: 'POST', path, idempotencyKey }, shipment);
      if (answer.status === 'absent') return answer;
      return answer.status === 'ok' ? { status: 'done' } : { ...answer, status: 'rejected' };
    };

  return {
    void: onLabel('void'),
    trace: onLabel('trace'),
    returnToSender: onLabel('return-to-sender'),
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
