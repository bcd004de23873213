import { lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/**
 * Holds what the ledger has captured, and what is authorised and can be captured, against what is due. It reads the ledger anew each time, so a lost or doubled poke
 * does no harm.
 */
export const paymentCoverage = internal('payment.coverage', async ({ tx, job, decide }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const coveredMinor = sale.capturedMinor - sale.refundedMinor + sale.authorizedMinor;
  const { value: outcome } = await decide({
    unappliedMinor: sale.unappliedMinor,
    remainingMinor: sale.prepayMinor - coveredMinor,
    netCapturedMinor: coveredMinor,
  });
  return { variables: { coverage: { outcome, capturedMinor: coveredMinor, dueMinor: sale.prepayMinor } } };
});
