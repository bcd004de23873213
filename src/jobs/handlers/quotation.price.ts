import { priceOf, termsOf } from '../../domain/pricing.ts';
import { Customer } from '../../persistence/entities/index.ts';
import { lockQuotation, quotationLines } from '../../persistence/orders.ts';
import { catalogue } from '../../persistence/prices.ts';
import { beginNextOffer } from '../../persistence/quotations.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { sha256 } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/**
 * Prices the lines by the catalogue of the day, and binds the offer to them by its fingerprint. A price that somebody named stays, and is held against the list.
 * An offer that was sent and could not be accepted any more (PRICE_STALE) is put away as it was, and this is the next one.
 */
export const quotationPrice = internal('quotation.price', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  const { tier } = await tx.manager.findOneByOrFail(Customer, { id: quotation.customerId });
  const offerRevision = quotation.sentAt === null ? quotation.offerRevision : await beginNextOffer(tx, quotation, now);
  const lines = await quotationLines(tx, quotation.id);
  const entries = await catalogue(tx, { tier, currency: quotation.currency, at: now }, lines);
  const priced = lines.map((line, index) => {
    const entry = entries[index];
    if (!entry) throw new ImpossibleState(`there is no product ${line.sku}`);
    const { id, sku, quantity, discountBp } = line;
    const unitPriceMinor = line.followsList ? entry.listPriceMinor : line.unitPriceMinor;
    return { ...entry, id, sku, quantity, discountBp, unitPriceMinor };
  });
  for (const { id, unitPriceMinor, taxBp } of priced) {
    await tx.execute('update orderflow.quotation_line set unit_price_minor = $2, tax_bp = $3 where id = $1', [
      id,
      unitPriceMinor,
      taxBp,
    ]);
  }
  const price = priceOf(priced);
  const fingerprint = sha256(termsOf(quotation.customerId, quotation.currency, priced));
  await tx.execute(
    'update orderflow.quotation set total_minor = $2, margin_bp = $3, max_line_discount_bp = $4, fingerprint = $5 where id = $1',
    [quotation.id, price.totalMinor, price.marginBp, price.maxLineDiscountBp, fingerprint],
  );
  return { variables: { quotation: { ...variable(job, 'quotation'), ...price, offerRevision } } };
});
