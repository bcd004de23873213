import { lockSaleOrder } from '../../persistence/orders.ts';
import { transferDebt } from '../../persistence/balance.ts';
import { raiseReceivable } from '../../persistence/receivables.ts';
import { recordManualRefund } from '../../persistence/refunds.ts';
import { readReturn, tellFulfilment } from '../../persistence/returns.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** The money has gone back. Where finance has transferred it by hand, that is written down here; what had gone
 * back otherwise meanwhile, the customer has twice and owes. The shipment counts its returns anew. */
export const returnClose = internal('return.close', async ({ tx, job, now }) => {
  const request = await readReturn(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, request.saleOrderId);
  const { manualReference, amountMinor } = variable(job, 'refund');
  if (manualReference !== null) {
    const { missingMinor } = await recordManualRefund(tx, sale, {
      amountMinor,
      reference: manualReference,
      key: `return:${request.id}`,
      reason: `${request.number} was refunded by hand`,
      at: now,
    });
    if (sale.adoptedAt === null) {
      await raiseReceivable(tx, {
        sale,
        fulfilmentId: request.fulfilmentId,
        kind: 'RECEIVABLE',
        amountMinor: missingMinor,
        reference: `${transferDebt}${manualReference}:${request.id}`,
        reason: `of the transfer ${manualReference} for ${request.number} so much had gone back before`,
        at: now,
      });
    }
  }
  await tellFulfilment(tx, request, 'return.closed');
  return { variables: {} };
});
