import { emit } from '../../persistence/events.ts';
import { lockQuotation } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** Reminds the customer of the open offer, once for each offer: whoever sends mail listens for the event. */
export const notifyQuotationReminder = internal('notify.quotation-reminder', async ({ tx, job, now }) => {
  const quotation = await lockQuotation(tx, job.subject.id);
  const { id, number, offerRevision, validUntil } = quotation;
  const reminded = await tx.execute(
    'update orderflow.quotation set reminded_at = $2, revision = revision + 1 where id = $1 and reminded_at is null',
    [id, now],
  );
  if (reminded > 0) {
    const data = { offerRevision, validUntil: validUntil?.toISOString() ?? null };
    await emit(tx, { type: 'quotation.reminded', subject: { type: 'quotation', id, number }, data });
  }
  return { variables: {} };
});
