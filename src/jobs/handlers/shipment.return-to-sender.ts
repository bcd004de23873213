import { wakeBackorders } from '../../persistence/backorders.ts';
import { fulfilmentLines, tellSaleWhenLast } from '../../persistence/fulfilments.ts';
import { loseValue } from '../../persistence/given-back.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { changeOnHand, lockStock } from '../../persistence/stock.ts';
import { external } from '../handler.ts';

/**
 * Has the carrier bring a shipment back that it could not hand over: the goods lie where they left, and what was paid or invoiced for them is given back. On the
 * sale's lines they count as delivered and returned at once.
 */
export const shipmentReturnToSender = external<string, void>({
  type: 'shipment.return-to-sender',

  async intend({ tx }, job) {
    return (await readFulfilment(tx, job.subject.id)).tracking ?? job.businessKey;
  },

  async call({ carrier }, job, tracking) {
    const outcome = await carrier.returnToSender({ idempotencyKey: job.key, tracking });
    if (outcome.status === 'rejected') throw new Error(`the carrier does not bring ${tracking} back: ${outcome.message}`);
  },

  async record({ tx, job, now }) {
    const fulfilment = await readFulfilment(tx, job.subject.id);
    const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
    await loseValue(tx, sale, fulfilment, 'returned', `return-to-sender:${fulfilment.id}`, now);
    const levels = await lockStock(
      tx,
      (await fulfilmentLines(tx, fulfilment.id)).map((line) => line.sku),
    );
    const left = await tx.query<{ id: string; levelId: string; quantity: number }>(
      `select id, stock_level_id as "levelId", quantity from orderflow.stock_reservation where fulfilment_id = $1 and status = 'SHIPPED' order by stock_level_id, id`,
      [fulfilment.id],
    );
    for (const { id, levelId, quantity } of left) {
      await changeOnHand(tx, levelId, 'RETURNED', quantity, `${job.key}:${id}`, now);
    }
    await wakeBackorders(tx, levels, { arrived: true });
    await tellSaleWhenLast(tx, sale, fulfilment);
    return { variables: {} };
  },
});
