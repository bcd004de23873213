import { cancelOpenFulfilments } from '../../persistence/fulfilments.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** Gives up whatever of the sale has not left yet, and counts what has: goods that are gone come back by a return only. */
export const fulfilmentCancelOpen = internal('fulfilment.cancel-open', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await cancelOpenFulfilments(tx, sale.id, sale.cancelReason ?? `${sale.number} is cancelled`, now);
  const fulfilments = await tx.one<{ count: number; shipped: number }>(
    'select count(*) as count, count(shipped_at) as shipped from orderflow.fulfilment where sale_order_id = $1',
    [sale.id],
  );
  return { variables: { fulfilments } };
});
