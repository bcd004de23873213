import { lockQuotation } from '../../persistence/orders.ts';
import { supersedeOverrides } from '../../persistence/overrides.ts';
import { beginNextOffer } from '../../persistence/quotations.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** The customer asks for changes: the offer is kept as it was sent, the next one begins, and what was approved for the old one is void. */
export const quotationRevise = internal('quotation.revise', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  const offerRevision = await beginNextOffer(tx, quotation, now);
  await supersedeOverrides(tx, quotation.id, now);
  const next = { offerRevision, validUntil: null, remindAt: null };
  return { variables: { quotation: { ...variable(job, 'quotation'), ...next } } };
});
