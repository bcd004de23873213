import { lessFee } from '../../domain/money.ts';
import { wakeBackorders } from '../../persistence/backorders.ts';
import { notKeptMinor } from '../../persistence/given-back.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { paidBy } from '../../persistence/refunds.ts';
import { readReturn, returnLines, type ReturnLineRow } from '../../persistence/returns.ts';
import { changeOnHand, ensureLevel, lockStock } from '../../persistence/stock.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { internal } from '../handler.ts';
import { variable, type Variables } from '../variables.ts';

/**
 * What was accepted has come back: good pieces can be sold again, the others are scrapped, and what they were sold for, less the fee, is to be refunded. Where
 * nothing was accepted nothing happens; the diagram then rejects the return.
 */
export const inventoryRestock = internal('inventory.restock', async ({ tx, job, now }) => {
  const request = await readReturn(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, request.saleOrderId);
  const lines = await returnLines(tx, request.id);
  const inspection = {
    acceptedQty: lines.reduce((sum, line) => sum + line.accepted, 0),
    goodQty: lines.reduce((sum, line) => sum + line.good, 0),
  };
  const worthMinor = lines.reduce((sum, line) => sum + notKeptMinor(line, line.accepted), 0);
  const amountMinor = lessFee(worthMinor, variable(job, 'eligibility').feeBp);
  if (inspection.acceptedQty > 0) {
    const { location } = await readFulfilment(tx, request.fulfilmentId);
    await settle(tx, lines);
    await restock(tx, lines, location, job.key, now);
    await tx.execute('update orderflow.return_request set restocked_at = $2, refund_minor = $3, fee_minor = $4 where id = $1', [
      request.id,
      now,
      amountMinor,
      worthMinor - amountMinor,
    ]);
  }
  const refund: Variables['refund'] = {
    amountMinor,
    ...(await paidBy(tx, sale, request.fulfilmentId)),
    method: null,
    extraApproval: null,
    manualReference: null,
  };
  return { variables: { inspection, refund } };
});

/** What was requested of each line is settled: what was accepted has been returned, the rest stays with its buyer. */
async function settle(tx: Transaction, lines: readonly ReturnLineRow[]): Promise<void> {
  for (const line of lines) {
    await tx.execute(
      'update orderflow.sale_line set return_requested = return_requested - $2, returned = returned + $3 where id = $1',
      [line.saleLineId, line.requested, line.accepted],
    );
  }
}

async function restock(
  tx: Transaction,
  lines: readonly ReturnLineRow[],
  location: string,
  reference: string,
  at: Date,
): Promise<void> {
  for (const { sku } of lines) await ensureLevel(tx, sku, location);
  const levels = await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  for (const { lineNo, sku, accepted, good } of lines) {
    const level = levels.find((each) => each.sku === sku && each.location === location);
    if (!level) throw new ImpossibleState(`there is no level of ${sku} at ${location}`);
    await changeOnHand(tx, level.id, 'RETURNED', accepted, `${reference}:${lineNo}`, at);
    await changeOnHand(tx, level.id, 'SCRAPPED', good - accepted, `${reference}:${lineNo}`, at);
  }
  await wakeBackorders(tx, levels, { arrived: true });
}
