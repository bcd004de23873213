import type { ProviderAnswer } from '../../persistence/payments.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { answerOf } from '../providers/answer.ts';
import type { PaymentOutcome, PaymentProvider } from '../providers/port.ts';
import type { ToSettle } from './rows.ts';

// Every question carries the key of its row: asked again, it is the same one. None is asked inside a transaction.

/** Gives money back, or finds out that this was done. */
export const askRefund = (payments: PaymentProvider, row: ToSettle): Promise<ProviderAnswer> => {
  const { saleNumber: reference, amountMinor, currency, reference: idempotencyKey } = row;
  const captureReference = parentOf(row).providerReference ?? parentOf(row).reference;
  return answerOf(payments.refund({ reference, amountMinor, currency, captureReference, idempotencyKey }));
};

/** Takes a part of an authorisation, or finds out that this was done. */
export const askCapture = (payments: PaymentProvider, row: ToSettle): Promise<ProviderAnswer> => {
  const { amountMinor, reference: idempotencyKey } = row;
  const paymentReference = parentOf(row).providerReference ?? parentOf(row).reference;
  return answerOf(payments.capturePayment({ paymentReference, amountMinor, idempotencyKey }));
};

/** What became of a request for money; one that never arrived is made now. */
export const askRequest = (payments: PaymentProvider, row: ToSettle): Promise<ProviderAnswer> =>
  answerOf(requestAgain(payments, row.saleNumber, row));

/**
 * Ends an intent or authorisation. One whose answer never came is asked for once more under its own key: then the provider has it, this call knows what became of
 * it, and the one that was on its way finds the same answer instead of opening a payment that nobody voids.
 */
export const askVoid = async (payments: PaymentProvider, row: ToSettle): Promise<ProviderAnswer> => {
  const request = parentOf(row);
  let paymentReference = request.providerReference;
  if (paymentReference === null) {
    const asked = await answerOf(requestAgain(payments, row.saleNumber, { ...request, currency: row.currency }));
    if (asked.status !== 'accepted') return asked.status === 'declined' ? { status: 'accepted', providerReference: '-' } : asked;
    paymentReference = asked.providerReference;
  }
  const voided = payments.voidPayment({ paymentReference, idempotencyKey: `${row.reference}:void` });
  return answerOf(voided.then((): PaymentOutcome => ({ status: 'accepted', providerReference: paymentReference })));
};

async function requestAgain(
  payments: PaymentProvider,
  saleNumber: string,
  request: Pick<ToSettle, 'kind' | 'reference' | 'amountMinor' | 'currency' | 'method'>,
): Promise<PaymentOutcome> {
  const { reference: idempotencyKey, amountMinor, currency, method } = request;
  const known = await payments.findOutcome(idempotencyKey);
  if (known) return known;
  const again = { reference: saleNumber, amountMinor, currency, method: method ?? 'PREPAY', idempotencyKey };
  return payments.requestPayment({ ...again, ...(request.kind === 'AUTH' && { take: 'authorize' }) });
}

function parentOf({ parent, kind, reference }: ToSettle): NonNullable<ToSettle['parent']> {
  if (!parent) throw new ImpossibleState(`${kind} ${reference} belongs to no other movement of money`);
  return parent;
}
