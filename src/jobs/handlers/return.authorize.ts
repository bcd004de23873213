import { readReturn } from '../../persistence/returns.ts';
import { internal } from '../handler.ts';

/** How long goods may take to come back, ms: as long as the timer at `r_goods`. */
const transitMs = 21 * 86_400_000;

/** Gives the return the number that goes on its label, and says until when the goods have to be here. */
export const returnAuthorize = internal('return.authorize', async ({ tx, job, now }) => {
  const { id, number } = await readReturn(tx, job.subject.id);
  const rma = { number: `RMA-${number.slice(2)}`, expiresAt: new Date(now.getTime() + transitMs).toISOString() };
  await tx.execute('update orderflow.return_request set rma_number = $2, rma_expires_at = $3 where id = $1', [
    id,
    rma.number,
    rma.expiresAt,
  ]);
  return { variables: { rma } };
});
