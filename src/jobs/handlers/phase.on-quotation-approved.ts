import { onQuotationApproved } from '../../commands/phase-coordinator.ts';
import { internal } from '../handler.ts';

/** Hands the approved quotation over to a sale order, once. */
export const phaseOnQuotationApproved = internal('phase.onQuotationApproved', async ({ unit, job, now }) => {
  await onQuotationApproved(unit, job.subject.id, now);
  return { variables: {} };
});
