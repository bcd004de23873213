import { tellSaleWhenLast } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { returnsOf } from '../../persistence/returns.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Counts the returns of a shipment anew, so that a poke too many or too few does no harm. When everything has come back, the shipment is over. */
export const returnRollup = internal('return.rollup', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  const { open, allReturned } = await returnsOf(tx, fulfilment.id);
  const { endsAt } = variable(job, 'returnWindow');
  const windowOpen = variable(job, 'returns').windowOpen && endsAt !== null && now < new Date(endsAt);
  if (open === 0 && allReturned) await tellSaleWhenLast(tx, sale, fulfilment);
  return { variables: { returns: { open, allReturned, windowOpen } } };
});
