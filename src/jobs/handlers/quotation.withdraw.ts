import { withdrawOverrides } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';

/** We take the offer back; what was asked for it is asked no more. */
export const quotationWithdraw = internal('quotation.withdraw', async ({ tx, job, now }) => {
  await withdrawOverrides(tx, job.subject.id, now);
  return { variables: {} };
});
