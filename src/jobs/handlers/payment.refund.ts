import { lockSaleOrder } from '../../persistence/orders.ts';
import { giveBack } from '../../persistence/refunds.ts';
import { settleRefund, type PlannedRefund } from '../../persistence/refund-ledger.ts';
import { paymentProvider, staleMs, type ProviderAnswer } from '../../persistence/payments.ts';
import { external } from '../handler.ts';
import { unknownAfter } from '../providers/answer.ts';
import { toSettle, type ToSettle } from '../settling/rows.ts';
import { askRefund } from '../settling/ask.ts';
import { variable } from '../variables.ts';

interface Intent {
  readonly refunds: readonly PlannedRefund[];
  /** Those that a provider makes. */
  readonly rows: readonly ToSettle[];
  /** What nothing was found to give back from. */
  readonly missingMinor: number;
}

/**
 * Gives the value of returned goods back: by a credit note where it was invoiced, else to where the money came from. REFUND_FAILED when the provider refuses, when
 * captures do not reach (`refund_cap`), or when the money came by hand and can only go back so; a person transfers it then. When no answer comes the return goes on:
 * the reconciler asks until it knows.
 */
export const paymentRefund = external<Intent, readonly ProviderAnswer[]>({
  type: 'payment.refund',

  async intend({ tx }, job, now) {
    const { id, saleId, fulfilmentId } = variable(job, 'returnRequest');
    const { amountMinor } = variable(job, 'refund');
    const sale = await lockSaleOrder(tx, saleId);
    const nextAt = new Date(now.getTime() + staleMs);
    const reason = `return ${job.businessKey}`;
    const given = await giveBack(tx, { sale, fulfilmentId, amountMinor, reason, key: returnKey(id), nextAt, at: now });
    const refunds = given.refunds.filter((refund) => refund.status !== 'FAILED');
    const ours = refunds.filter((refund) => refund.provider === paymentProvider);
    return {
      refunds,
      rows: await toSettle(
        tx,
        ours.map((refund) => refund.id),
      ),
      missingMinor: amountMinor - given.creditedMinor - given.refundMinor,
    };
  },

  async call({ payments }, _job, { rows }) {
    const answers: ProviderAnswer[] = [];
    for (const row of rows) answers.push(await askRefund(payments, row));
    return answers;
  },

  async record({ tx, job, now }, { refunds, rows, missingMinor }, answers) {
    const sale = await lockSaleOrder(tx, variable(job, 'returnRequest').saleId);
    const settle = { nextAt: unknownAfter(now, 0), at: now, by: `worker:${job.type}`, onRefusal: 'fail' } as const;
    let refusal = missingMinor > 0 ? `refund_cap: captures lack ${missingMinor} minor units` : undefined;
    for (const [index, { reference }] of rows.entries()) {
      const answer = answers[index] ?? { status: 'unknown' };
      const status = await settleRefund(tx, sale, reference, answer, settle);
      if (status === 'FAILED') refusal = answer.status === 'declined' ? answer.message : 'the provider refused';
    }
    if (refunds.some((refund) => refund.provider !== paymentProvider && refund.status === 'REQUESTED'))
      refusal ??= 'the money came by hand and goes back by hand';
    if (refusal === undefined) return { variables: {} };
    return { error: { code: 'REFUND_FAILED', message: `${job.businessKey} cannot be refunded: ${refusal}` } };
  },
});

/** What the refunds of a return are known by; a transfer by hand names the same key. */
const returnKey = (returnId: string): string => `return:${returnId}`;
