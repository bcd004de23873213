import { lockSaleOrder } from '../../persistence/orders.ts';
import { firmUp } from '../../persistence/reservations.ts';
import { countSale } from '../../persistence/sales-aggregate.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Nothing stands in the way any more: reservations become firm, the credit hold is committed. */
export const saleClear = internal('sale.clear', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await firmUp(tx, sale.id);
  await tx.execute(`update orderflow.credit_hold set status = 'COMMITTED' where sale_order_id = $1 and status = 'HELD'`, [
    sale.id,
  ]);
  await tx.execute('update orderflow.sale_order set cleared_at = $2 where id = $1', [sale.id, now]);
  await countSale(tx, sale, now);
  return { variables: { sale: { ...variable(job, 'sale'), result: 'CLEARED' } } };
});
