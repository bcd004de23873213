import { priceOf, termsOf } from '../../domain/pricing.ts';
import { lockQuotation, quotationLines } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { sha256 } from '../../support/ids.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Totals the lines, and binds the offer to them by its fingerprint. */
export const quotationPrice = internal('quotation.price', async ({ tx, job }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  const lines = await quotationLines(tx, quotation.id);
  const price = priceOf(
    lines,
    await productsBySku(
      tx,
      lines.map((line) => line.sku),
    ),
  );
  const fingerprint = sha256(termsOf(quotation.customerId, quotation.currency, lines));
  await tx.execute(
    'update orderflow.quotation set total_minor = $2, margin_bp = $3, max_line_discount_bp = $4, fingerprint = $5 where id = $1',
    [quotation.id, price.totalMinor, price.marginBp, price.maxLineDiscountBp, fingerprint],
  );
  return { variables: { quotation: { ...variable(job, 'quotation'), ...price, offerRevision: quotation.offerRevision } } };
});
