import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** How long an offer stands, days. */
const validityDays = 30;

/** Sends the offer: from here on it is frozen and stands until its validity ends. */
export const quotationIssue = internal('quotation.issue', async ({ tx, job, now }) => {
  const validUntil = new Date(now.getTime() + validityDays * 86_400_000);
  await tx.execute('update orderflow.quotation set valid_until = $2, sent_at = $3 where id = $1', [
    job.subject.id,
    validUntil,
    now,
  ]);
  return { variables: { quotation: { ...variable(job, 'quotation'), validUntil: validUntil.toISOString() } } };
});
