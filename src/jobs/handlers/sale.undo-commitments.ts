import { wakeBackorders } from '../../persistence/backorders.ts';
import { lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { withdrawOverrides } from '../../persistence/overrides.ts';
import { voidRequests } from '../../persistence/payments.ts';
import { requestRefunds } from '../../persistence/refund-ledger.ts';
import { releaseReservations } from '../../persistence/reservations.ts';
import { lockStock } from '../../persistence/stock.ts';
import { internal } from '../handler.ts';

/**
 * Gives back what the sale has taken, as the ledgers say, in reverse order: money, credit, stock. What was asked of the payer is voided and what was captured is
 * refunded, as far as that has not happened: both are written down here and made true by the reconciler, so that no sale stays half undone because a provider is away.
 * Money that came in by hand (a bank transfer that finance recorded) goes back by hand: finance has an incident until it has. It may run again and finds only what
 * is left.
 */
export const saleUndoCommitments = internal('sale.undo-commitments', async ({ tx, job, now }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  await voidRequests(tx, sale, now);
  await requestRefunds(tx, sale, { reason: `${sale.number} came to nothing`, key: job.key, at: now });
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  await releaseCredit(tx, sale.id, job.key, now);
  const skus = (await saleLines(tx, sale.id)).map((line) => line.sku);
  await lockStock(tx, skus);
  await releaseReservations(tx, sale.id, job.key, now);
  await wakeBackorders(tx, await lockStock(tx, skus));
  await withdrawOverrides(tx, sale.id, now);
  return { variables: {} };
});
