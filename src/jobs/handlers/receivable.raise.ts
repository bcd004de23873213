import { owedForShipment } from '../../persistence/captures.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { raiseReceivable } from '../../persistence/receivables.ts';
import { internal } from '../handler.ts';

/** The goods are on their way and the card gave nothing for them: they are owed at once, the account is held, and the delivery goes on. */
export const receivableRaise = internal('receivable.raise', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  await raiseReceivable(tx, {
    sale,
    fulfilmentId: fulfilment.id,
    kind: 'RECEIVABLE',
    amountMinor: await owedForShipment(tx, sale, fulfilment.id),
    reference: job.key,
    reason: `the payment for ${fulfilment.number} of ${sale.number} failed after it had left`,
    at: now,
  });
  return { variables: {} };
});
