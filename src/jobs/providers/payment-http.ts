import { z } from 'zod';
import type { PaymentOutcome, PaymentProvider, VoidOutcome } from './port.ts';
import { ProviderFault } from './port.ts';
import { callProvider, type ProviderAnswer, type ProviderEndpoint } from './provider-call.ts';

const created = z.object({ id: z.string().min(1) });
const intent = z.object({
  id: z.string().min(1),
  status: z.enum(['open', 'declined', 'voided']),
  currency: z.string(),
  captures: z.array(z.object({ id: z.string(), amountMinor: z.int().positive(), occurredAt: z.string() })),
});

const outcome = z.object({
  outcome: z.enum(['done', 'declined', 'unchanged']),
  providerReference: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});

/** A PaymentProvider that speaks the sandbox's HTTP contract: intents, refunds, `Idempotency-Key`. */
export function createHttpPaymentProvider(options: Omit<ProviderEndpoint, 'provider'>): PaymentProvider {
  const endpoint: ProviderEndpoint = { provider: 'payments', ...options };
  return {
    requestPayment: async ({ idempotencyKey, reference, amountMinor, currency, method, take }) => {
      const body = { reference, amountMinor, currency, method, ...(take === 'authorize' && { captureMethod: 'manual' }) };
      const answer = await callProvider(endpoint, { method: 'POST', path: '/payments/intents', idempotencyKey, body }, created);
      return outcomeOf(endpoint, answer);
    },

    capturePayment: async ({ idempotencyKey, paymentReference, amountMinor }) => {
      const path = `/payments/intents/${encodeURIComponent(paymentReference)}/captures`;
      const answer = await callProvider(endpoint, { method: 'POST', path, idempotencyKey, body: { amountMinor } }, created);
      if (answer.status === 'absent')
        return { status: 'declined', code: 'no-such-intent', message: `there is no authorisation ${paymentReference}` };
      return outcomeOf(endpoint, answer);
    },

    voidPayment: async ({ idempotencyKey, paymentReference }): Promise<VoidOutcome> => {
      const path = `/payments/intents/${encodeURIComponent(paymentReference)}/void`;
      const answer = await callProvider(endpoint, { method: 'POST', path, idempotencyKey }, created);
      if (answer.status === 'absent') return answer;
      if (answer.status === 'ok') return { status: 'voided', providerReference: answer.body.id };
      throw new ProviderFault(endpoint.provider, `payments does not void ${paymentReference}: ${answer.code}, ${answer.message}`);
    },

    refund: async ({ idempotencyKey, ...body }) => {
      const answer = await callProvider(endpoint, { method: 'POST', path: '/payments/refunds', idempotencyKey, body }, created);
      return outcomeOf(endpoint, answer);
    },

    findOutcome: async (idempotencyKey) => {
      const path = `/payments/requests/${encodeURIComponent(idempotencyKey)}`;
      const answer = await callProvider(endpoint, { method: 'GET', path }, outcome);
      if (answer.status === 'absent') return undefined;
      if (answer.status === 'refused')
        throw new ProviderFault(endpoint.provider, `payments does not tell of ${idempotencyKey}: ${answer.message}`);
      const { providerReference, code, message, ...known } = answer.body;
      if (known.outcome === 'declined')
        return { status: 'declined', code: code ?? 'declined', message: message ?? 'the provider declined it' };
      if (providerReference === null)
        throw new ProviderFault(endpoint.provider, `payments did ${idempotencyKey} and names nothing`);
      return { status: 'accepted', providerReference };
    },

    findPayment: async (reference) => {
      const path = `/payments/intents/${encodeURIComponent(reference)}`;
      const answer = await callProvider(endpoint, { method: 'GET', path }, intent);
      if (answer.status === 'absent') return undefined;
      if (answer.status === 'refused')
        throw new ProviderFault(endpoint.provider, `payments does not show ${reference}: ${answer.message}`);
      const { id, status, currency, captures } = answer.body;
      return {
        providerReference: id,
        status,
        currency,
        captures: captures.map(({ id, ...capture }) => ({ captureReference: id, ...capture })),
      };
    },
  };
}

function outcomeOf(endpoint: ProviderEndpoint, answer: ProviderAnswer<{ id: string }>): PaymentOutcome {
  if (answer.status === 'ok') return { status: 'accepted', providerReference: answer.body.id };
  if (answer.status === 'refused') return { ...answer, status: 'declined' };
  throw new ProviderFault(
    endpoint.provider,
    `${endpoint.url} answered a request for money with "no such payment"; is it the right address?`,
  );
}
