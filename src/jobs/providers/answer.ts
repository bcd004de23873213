import type { ProviderAnswer } from '../../persistence/payments.ts';
import { ProviderUnavailable, type PaymentOutcome } from './port.ts';

/** What a provider said; an answer that never came, or that cannot be trusted, is `unknown` and no error. */
export const answerOf = (outcome: Promise<PaymentOutcome>): Promise<ProviderAnswer> =>
  outcome.catch((error: unknown) => {
    if (error instanceof ProviderUnavailable) return { status: 'unknown' };
    throw error;
  });

/** When to ask again what became of it: after 2 s, then twice as long each time, at most ten minutes. */
export const unknownAfter = (now: Date, attempts: number): Date =>
  new Date(now.getTime() + Math.min(600_000, 2_000 * 2 ** Math.min(attempts, 20)));
