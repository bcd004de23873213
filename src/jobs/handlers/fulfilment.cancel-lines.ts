import { openFulfilment } from '../../commands/open-fulfilment.ts';
import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { shrinkLine } from '../../persistence/short-picks.ts';
import { internal } from '../handler.ts';

/**
 * The customer does not want to wait any longer. What is there already becomes a shipment of its own, with its reservations; what is missing stays here and is
 * cancelled with this shipment, by `fulfilment.undo`, which the diagram turns to next.
 */
export const fulfilmentCancelLines = internal('fulfilment.cancel-lines', async ({ unit, tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  await lockSaleOrder(tx, fulfilment.saleOrderId);
  const lines = await fulfilmentLines(tx, fulfilment.id);
  const there = lines.filter((line) => line.allocated > 0);
  const waits = lines.some((line) => line.allocated < line.quantity);
  await tx.execute(
    `update orderflow.fulfilment set cancel_requested_at = $2, cancel_reason = 'the backorder took too long' where id = $1 and cancel_requested_at is null`,
    [fulfilment.id, now],
  );
  if (there.length > 0 && waits) {
    for (const line of there) await shrinkLine(tx, line, line.quantity - line.allocated);
    await openFulfilment(unit, {
      saleOrderId: fulfilment.saleOrderId,
      location: fulfilment.location,
      backorderOfId: fulfilment.id,
      lines: there.map((line) => ({ lineId: line.saleLineId, quantity: line.allocated })),
      trigger: 'split',
      now,
      reserve: async (childId) => {
        await tx.execute(
          `update orderflow.stock_reservation set fulfilment_id = $2 where fulfilment_id = $1 and status in ('SOFT', 'FIRM')`,
          [fulfilment.id, childId],
        );
      },
    });
  }
  return { variables: { prep: { result: 'CANCELLED' } } };
});
