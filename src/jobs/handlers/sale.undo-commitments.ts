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
import type { Job } from '../../commands/job.ts';
import { external, type Providers } from '../handler.ts';

interface Intent {
  readonly intents: readonly OpenIntent[];
  readonly method: string;
  readonly refunds: readonly { readonly capture: Refundable; readonly key: string }[];
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
    const captures = await refundable(tx, sale.id);
    return {
      intents: await openIntents(tx, sale.id),
      method: sale.paymentMethod ?? 'PREPAY',
      refunds: captures.map((capture) => ({ capture, key: `${job.key}:refund:${capture.reference}` })),
      currency: sale.currency,
    };
  },

  async call(providers, job, intent) {
    for (const open of intent.intents) await withdraw(providers, job, open, intent.method);
    for (const { capture, key } of intent.refunds.filter((each) => each.capture.provider === 'payments')) {
      const outcome = await providers.payments.refund({
        reference: job.businessKey,
        amountMinor: capture.amountMinor,
        currency: intent.currency,
        captureReference: capture.reference,
        idempotencyKey: key,
      });
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
    const [late] = await refundable(tx, sale.id);
    if (late)
      throw new Error(`${late.amountMinor} minor units arrived for ${job.businessKey} while the rest went back; once more`);
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

/**
 * Takes a payment request back. One that was on its way when the sale was cancelled is asked for once more under its own key: then the provider has it,
 * this call knows what became of it, and the one that was on its way finds the same answer instead of opening a payment that nobody voids.
 */
async function withdraw({ payments }: Providers, job: Job, open: OpenIntent, method: string): Promise<void> {
  let paymentReference = open.providerReference;
  if (paymentReference === null) {
    const { amountMinor, currency } = open;
    const asked = await payments.requestPayment({
      amountMinor,
      currency,
      method,
      reference: job.businessKey,
      idempotencyKey: open.reference,
    });
    if (asked.status === 'declined') return;
    paymentReference = asked.providerReference;
  }
  await payments.voidPayment({ paymentReference, idempotencyKey: `${job.key}:void:${open.reference}` });
}
