import { openFulfilment } from '../../commands/open-fulfilment.ts';
import { wakeBackorders } from '../../persistence/backorders.ts';
import { emit } from '../../persistence/events.ts';
import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { giveUpAllocation, shrinkLine } from '../../persistence/short-picks.ts';
import { lockStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/** What the picker did not find becomes a shipment of its own before this one is packed: a shipment is never half shipped. */
export const fulfilmentSplitShort = internal('fulfilment.split-short', async ({ unit, tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, fulfilment.saleOrderId);
  const short = (await fulfilmentLines(tx, fulfilment.id)).flatMap((line) =>
    line.picked !== null && line.picked < line.quantity ? [{ line, quantity: line.quantity - line.picked }] : [],
  );
  if (short.length === 0) return { variables: {} };
  const skus = short.map(({ line }) => line.sku);
  await lockStock(tx, skus);
  for (const { line, quantity } of short) {
    await giveUpAllocation(tx, fulfilment.id, line, quantity, job.key, now);
    await shrinkLine(tx, line, line.quantity - quantity);
  }
  const childId = await openFulfilment(unit, {
    saleOrderId: fulfilment.saleOrderId,
    location: fulfilment.location,
    backorderOfId: fulfilment.id,
    lines: short.map(({ line, quantity }) => ({ lineId: line.saleLineId, quantity })),
    trigger: 'split',
    now,
  });
  await wakeBackorders(tx, await lockStock(tx, skus));
  await emit(tx, {
    type: 'fulfilment.split',
    subject: { type: 'fulfilment', id: fulfilment.id, number: fulfilment.number },
    data: { childId, lines: short.map(({ line, quantity }) => ({ lineNo: line.lineNo, sku: line.sku, quantity })) },
  });
  return { variables: {} };
});
