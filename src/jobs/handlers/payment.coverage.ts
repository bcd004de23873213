import { lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** Holds what the ledger has captured against what is due. It reads the ledger anew each time, so a lost or doubled poke does no harm. */
export const paymentCoverage = internal('payment.coverage', async ({ tx, job, decide }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const capturedMinor = sale.capturedMinor - sale.refundedMinor;
  const { value: outcome } = await decide({
    unappliedMinor: sale.unappliedMinor,
    remainingMinor: sale.prepayMinor - capturedMinor,
    netCapturedMinor: capturedMinor,
  });
  return { variables: { coverage: { outcome, capturedMinor, dueMinor: sale.prepayMinor } } };
});
