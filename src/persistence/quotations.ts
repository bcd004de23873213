import { QuotationRevision, type Quotation } from './entities/index.ts';
import { quotationLines } from './orders.ts';
import type { Transaction } from './transaction.ts';

/**
 * Puts the present offer away as it was sent and begins the next one; answers its number. The row of the quotation is locked. While the quotation is still shown as
 * SENT its validity stays, until the next offer is sent.
 */
export async function beginNextOffer(tx: Transaction, quotation: Quotation, at: Date): Promise<number> {
  const lines = await quotationLines(tx, quotation.id);
  await tx.manager.insert(QuotationRevision, {
    quotationId: quotation.id,
    offerRevision: quotation.offerRevision,
    lines: lines.map(({ lineNo, sku, quantity, unitPriceMinor, discountBp, taxBp }) => ({
      lineNo,
      sku,
      quantity,
      unitPriceMinor,
      discountBp,
      taxBp,
    })),
    totalMinor: quotation.totalMinor,
    maxLineDiscountBp: quotation.maxLineDiscountBp,
    marginBp: quotation.marginBp,
    fingerprint: quotation.fingerprint ?? '',
    sentAt: quotation.sentAt,
    validUntil: quotation.validUntil,
    supersededAt: at,
  });
  await tx.execute(
    `update orderflow.quotation set offer_revision = offer_revision + 1, sent_at = null, remind_at = null, reminded_at = null, accepted_at = null,
            valid_until = case when workflow_state = 'SENT' then valid_until end
      where id = $1`,
    [quotation.id],
  );
  return quotation.offerRevision + 1;
}
