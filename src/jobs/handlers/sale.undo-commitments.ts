import { lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { withdrawOverrides } from '../../persistence/overrides.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import {
  openIntents,
  recordRefunds,
  refundable,
  voidIntents,
  type OpenIntent,
  type Refundable,
} from '../../persistence/payments.ts';
import { releaseReservations } from '../../persistence/reservations.ts';
import { lockStock, wakeBackorders } from '../../persistence/stock.ts';
import { external } from '../handler.ts';

interface Intent {
  readonly intents: readonly OpenIntent[];
  readonly refunds: readonly (Refundable & { readonly reference: string })[];
  readonly currency: string;
}

/**
 * Gives back what the sale has taken, as the ledgers say, in reverse order: money, credit, stock. It may run again at any point and finds only what
 * is left. Money that came in by hand (a bank transfer that finance recorded) goes back by hand: it is written down, no provider is asked.
 */
export const saleUndoCommitments = external<Intent, void>({
  type: 'sale.undo-commitments',

  async intend({ tx }, job) {
    const sale = await lockSaleOrder(tx, job.subject.id);
    const refunds = (await refundable(tx, sale.id)).map((each) => ({
      ...each,
      reference: `${job.key}:refund:${each.amountMinor}`,
    }));
    return { intents: await openIntents(tx, sale.id), refunds, currency: sale.currency };
  },

  async call({ payments }, job, { intents, refunds, currency }) {
    for (const { paymentReference, reference } of intents) {
      await payments.voidPayment({ paymentReference, idempotencyKey: `${job.key}:void:${reference}` });
    }
    for (const { amountMinor, reference } of refunds.filter((each) => each.provider === 'payments')) {
      const outcome = await payments.refund({ reference: job.businessKey, amountMinor, currency, idempotencyKey: reference });
      if (outcome.status === 'declined') throw new Error(`the provider refuses to refund ${job.businessKey}: ${outcome.message}`);
    }
  },

  async record({ tx, job, now }, { intents, refunds }) {
    const sale = await lockSaleOrder(tx, job.subject.id);
    await voidIntents(
      tx,
      sale.id,
      intents.map((intent) => intent.reference),
      now,
    );
    await recordRefunds(tx, sale, refunds, now);
    await lockCreditProfile(tx, sale.customerId, sale.currency);
    await releaseCredit(tx, sale.id, job.key, now);
    const skus = (await saleLines(tx, sale.id)).map((line) => line.sku);
    await lockStock(tx, skus);
    await releaseReservations(tx, sale.id, job.key, now);
    await wakeBackorders(tx, await lockStock(tx, skus));
    await withdrawOverrides(tx, sale.id, now);
    return { variables: {} };
  },
});
