import { termsOf } from '../../domain/pricing.ts';
import { Customer } from '../../persistence/entities/index.ts';
import { lockQuotation, quotationLines } from '../../persistence/orders.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { sha256 } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Accepts the offer if it still stands. The guard decides, not the timer: an acceptance in the second of the expiry is too late although no timer
 * has fired yet (scenario 31).
 */
export const quotationAccept = internal('quotation.accept', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  if (quotation.validUntil === null || now > quotation.validUntil) {
    return {
      error: { code: 'QUOTATION_EXPIRED', message: `${quotation.number} was valid until ${quotation.validUntil?.toISOString()}` },
    };
  }
  const lines = await quotationLines(tx, quotation.id);
  if (sha256(termsOf(quotation.customerId, quotation.currency, lines)) !== quotation.fingerprint) {
    throw new ImpossibleState(`the lines of ${quotation.number} have changed since it was sent`);
  }
  const customer = await tx.manager.findOneByOrFail(Customer, { id: quotation.customerId });
  if (customer.status !== 'ACTIVE')
    throw new Error(`customer ${customer.code} is ${customer.status}; unblock them and resolve the incident`);
  await tx.execute('update orderflow.quotation set accepted_at = $2 where id = $1', [quotation.id, now]);
  return { variables: { quotation: { ...variable(job, 'quotation'), result: 'ACCEPTED' } } };
});
