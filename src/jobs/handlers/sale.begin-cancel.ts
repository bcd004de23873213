import { withdrawOverrides } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Somebody cancels: jobs in flight have lost their tokens already, so what is left is to withdraw what was asked of others. */
export const saleBeginCancel = internal('sale.begin-cancel', async ({ tx, job, now }) => {
  await tx.execute('update orderflow.sale_order set cancel_requested_at = coalesce(cancel_requested_at, $2) where id = $1', [
    job.subject.id,
    now,
  ]);
  await withdrawOverrides(tx, job.subject.id, now);
  return { variables: { sale: { ...variable(job, 'sale'), result: 'CANCELLED' } } };
});
