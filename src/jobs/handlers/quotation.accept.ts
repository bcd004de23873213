import { termsOf } from '../../domain/pricing.ts';
import { Customer } from '../../persistence/entities/index.ts';
import { lockQuotation, quotationLines } from '../../persistence/orders.ts';
import { catalogue } from '../../persistence/prices.ts';
import { sha256 } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Accepts the offer if it still stands. The guard decides, not the timer: an acceptance in the second of the expiry is too late although no timer
 * has fired yet (scenario 31). Prices bind us until the validity ends, whatever the list says by then; the tax of the day does not ask us, and an offer with
 * another tax, or with lines other than those sent, is made anew. Whether the customer may still order is for the admission of the sale to say.
 */
export const quotationAccept = internal('quotation.accept', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  if (quotation.validUntil === null || now > quotation.validUntil) {
    return {
      error: { code: 'QUOTATION_EXPIRED', message: `${quotation.number} was valid until ${quotation.validUntil?.toISOString()}` },
    };
  }
  const { tier } = await tx.manager.findOneByOrFail(Customer, { id: quotation.customerId });
  const lines = await quotationLines(tx, quotation.id);
  const entries = await catalogue(tx, { tier, currency: quotation.currency, at: now }, lines);
  const today = lines.map(({ sku, quantity, unitPriceMinor, discountBp, taxBp }, index) => ({
    sku,
    quantity,
    unitPriceMinor,
    discountBp,
    taxBp: entries[index]?.taxBp ?? taxBp,
  }));
  if (sha256(termsOf(quotation.customerId, quotation.currency, today)) !== quotation.fingerprint) {
    return {
      error: { code: 'PRICE_STALE', message: `taxes or lines of ${quotation.number} are others than those it was sent with` },
    };
  }
  await tx.execute('update orderflow.quotation set accepted_at = $2 where id = $1', [quotation.id, now]);
  return { variables: { quotation: { ...variable(job, 'quotation'), result: 'ACCEPTED' } } };
});
