import { planDeadline } from '../../persistence/deadlines.ts';
import { lockQuotation } from '../../persistence/orders.ts';
import { consumeOverride, usableOverride } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Sends the offer: from here on it is frozen and stands until its validity ends. A discount that somebody had to approve uses that approval up. */
export const quotationIssue = internal('quotation.issue', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  if (variable(job, 'discount').level !== 'NONE') {
    const wanted = { kind: 'PRICE', subjectId: quotation.id, fingerprint: quotation.fingerprint ?? '', at: now } as const;
    const override = await usableOverride(tx, wanted);
    if (!override || !(await consumeOverride(tx, override.id, now)))
      return { error: { code: 'OVERRIDE_VOID', message: `no approval stands for ${quotation.number} as it is now` } };
  }
  const subject = { type: 'quotation', id: quotation.id } as const;
  const validUntil = await planDeadline(tx, { subject, kind: 'quotation-validity', from: now });
  const remindAt = await planDeadline(tx, { subject, kind: 'quotation-reminder', from: now });
  await tx.execute(
    'update orderflow.quotation set valid_until = $2, remind_at = $3, reminded_at = null, sent_at = $4 where id = $1',
    [quotation.id, validUntil, remindAt, now],
  );
  const frozen = { validUntil: validUntil.toISOString(), remindAt: remindAt.toISOString() };
  return { variables: { quotation: { ...variable(job, 'quotation'), ...frozen } } };
});
