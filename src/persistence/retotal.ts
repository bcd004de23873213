import { saleTermsOf, saleTotalMinor } from '../domain/pricing.ts';
import { sha256 } from '../support/ids.ts';
import type { SaleOrder } from './entities/index.ts';
import { saleLines } from './orders.ts';
import { paymentEvent } from './payments.ts';
import { refundable } from './refund-ledger.ts';
import type { Transaction } from './transaction.ts';

/**
 * Makes a sale's total and fingerprint those of its lines, after these were changed; how it is paid is agreed anew. Money that exceeds the new total counts for the
 * order no more and is unapplied, never lost. The sale's row is locked. Answers the new total, minor units.
 */
export async function retotal(tx: Transaction, sale: SaleOrder): Promise<number> {
  const lines = await saleLines(tx, sale.id);
  const totalMinor = saleTotalMinor(lines);
  await unapply(tx, sale, sale.capturedMinor - sale.refundedMinor - totalMinor - sale.overcaptureAllowedMinor);
  await tx.execute(
    `update orderflow.sale_order set total_minor = $2, fingerprint = $3, on_terms_minor = 0, prepay_minor = 0, revision = revision + 1 where id = $1`,
    [sale.id, totalMinor, sha256(saleTermsOf(sale.customerId, sale.currency, lines))],
  );
  return totalMinor;
}

/** Takes so much of the captured money off the order, from what came last. */
async function unapply(tx: Transaction, sale: SaleOrder, excessMinor: number): Promise<void> {
  if (excessMinor <= 0) return;
  let rest = excessMinor;
  for (const { id, appliedMinor } of await refundable(tx, sale.id)) {
    const amountMinor = Math.min(rest, appliedMinor);
    if (amountMinor <= 0) continue;
    rest -= amountMinor;
    await tx.execute('update orderflow.payment set applied_minor = applied_minor - $2 where id = $1', [id, amountMinor]);
    await paymentEvent(tx, sale, 'payment.excess-received', { id, amountMinor });
  }
  await tx.execute(
    'update orderflow.sale_order set captured_minor = captured_minor - $2, unapplied_minor = unapplied_minor + $2 where id = $1',
    [sale.id, excessMinor - rest],
  );
}
