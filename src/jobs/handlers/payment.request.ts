import { planDeadline } from '../../persistence/deadlines.ts';
import { Payment } from '../../persistence/entities/index.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import {
  intendPayment,
  openRequests,
  paymentProvider,
  settleRequest,
  staleMs,
  type ProviderAnswer,
} from '../../persistence/payments.ts';
import { external } from '../handler.ts';
import { answerOf, unknownAfter } from '../providers/answer.ts';
import { variable, type Variables } from '../variables.ts';

interface Intent {
  /** Null when all that is due is covered or asked for already. */
  readonly asked: Pick<Payment, 'kind' | 'amountMinor' | 'currency' | 'method'> | null;
}

/**
 * Asks the provider for what is due and neither covered nor asked for yet, so that a sale that comes here once more asks for nothing twice. What the payer is to
 * pay now is collected; a card is only authorised, and charged at each shipment. It is written down first, and asked for with the job's key, so that a second
 * asking is the same one. When no answer comes nobody knows what happened: the payment is UNKNOWN, the sale waits, and the reconciler finds out.
 */
export const paymentRequest = external<Intent, ProviderAnswer | null>({
  type: 'payment.request',

  async intend({ tx }, job, now) {
    const sale = await lockSaleOrder(tx, job.subject.id);
    const earlier = await tx.manager.findOneBy(Payment, [
      { provider: paymentProvider, kind: 'INTENT', reference: job.key },
      { provider: paymentProvider, kind: 'AUTH', reference: job.key },
    ]);
    if (earlier) return { asked: earlier };
    const { prepayMinor, method } = variable(job, 'payment');
    const open = await openRequests(tx, sale.id);
    const asked = open.filter((each) => !(each.kind === 'AUTH' && each.status === 'SUCCEEDED'));
    const coveredMinor = sale.capturedMinor - sale.refundedMinor + sale.authorizedMinor;
    const amountMinor = prepayMinor - coveredMinor - asked.reduce((sum, each) => sum + each.openMinor, 0);
    if (amountMinor <= 0) return { asked: null };
    const kind = method === 'CARD' ? 'AUTH' : 'INTENT';
    const payment = { kind, amountMinor, method: method ?? 'PREPAY' } as const;
    await intendPayment(tx, sale, { ...payment, reference: job.key, nextAt: new Date(now.getTime() + staleMs) }, now);
    return { asked: { ...payment, currency: sale.currency } };
  },

  async call({ payments }, job, { asked }) {
    if (!asked) return null;
    const { amountMinor, currency, method, kind } = asked;
    const request = { reference: job.businessKey, amountMinor, currency, method: method ?? 'PREPAY', idempotencyKey: job.key };
    return answerOf(payments.requestPayment({ ...request, ...(kind === 'AUTH' && { take: 'authorize' }) }));
  },

  async record({ tx, job, now }, _intent, answer) {
    const sale = await lockSaleOrder(tx, job.subject.id);
    if (answer) {
      const status = await settleRequest(tx, sale, job.key, answer, unknownAfter(now, 0));
      // the bank's refusal may have come before the answer to our question
      if (status === 'FAILED') {
        const message = answer.status === 'declined' ? answer.message : `the payment of ${sale.number} was declined`;
        return { error: { code: 'PAYMENT_DECLINED', message } };
      }
    }
    const dueAt = await planDeadline(tx, { subject: { type: 'sale_order', id: sale.id }, kind: 'payment-due', from: now });
    const payment: Variables['payment'] = { ...variable(job, 'payment'), dueAt: dueAt.toISOString() };
    return { variables: { payment } };
  },
});
