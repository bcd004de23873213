import { tellSaleWhenLast } from '../../persistence/fulfilments.ts';
import { loseValue } from '../../persistence/given-back.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** The goods are gone: they are written off, and what was paid or invoiced for them is given back. */
export const shipmentWriteOff = internal('shipment.write-off', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  await loseValue(tx, sale, fulfilment, 'lost', `write-off:${fulfilment.id}`, now);
  await tellSaleWhenLast(tx, sale, fulfilment);
  return { variables: {} };
});
