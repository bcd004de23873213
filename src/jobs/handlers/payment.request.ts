import { Payment } from '../../persistence/entities/index.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { newId } from '../../support/ids.ts';
import { external } from '../handler.ts';
import type { PaymentOutcome } from '../providers/port.ts';
import { variable, type Variables } from '../variables.ts';

/** How long a customer has to pay, days. */
const paymentDays = 3;

interface Intent {
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
}

/** Asks the provider to collect the prepayment. Written down first; asked with the job's key, so that a second asking is the same one. */
export const paymentRequest = external<Intent, PaymentOutcome>({
  type: 'payment.request',

  async intend({ tx }, job, now) {
    const sale = await lockSaleOrder(tx, job.subject.id);
    const { prepayMinor, method } = variable(job, 'payment');
    const intent = { reference: job.key, amountMinor: prepayMinor, currency: sale.currency, method: method ?? 'PREPAY' };
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(Payment)
      .values({
        id: newId(),
        saleOrderId: sale.id,
        kind: 'INTENT',
        provider: 'payments',
        reference: intent.reference,
        amountMinor: intent.amountMinor,
        currency: intent.currency,
        status: 'REQUESTED',
        occurredAt: now,
        recordedAt: now,
      })
      .orIgnore()
      .execute();
    return intent;
  },

  call: ({ payments }, job, intent) =>
    payments.requestPayment({ ...intent, reference: job.businessKey, idempotencyKey: job.key }),

  async record({ tx, job, now }, intent, outcome) {
    const declined = outcome.status === 'declined';
    await tx.execute(
      `update orderflow.payment set status = $2, failure_code = $3, provider_reference = $4 where provider = 'payments' and kind = 'INTENT' and reference = $1`,
      [
        intent.reference,
        declined ? 'FAILED' : 'SUCCEEDED',
        declined ? outcome.code : null,
        declined ? null : outcome.providerReference,
      ],
    );
    if (declined) return { error: { code: 'PAYMENT_DECLINED', message: outcome.message } };
    const dueAt = new Date(now.getTime() + paymentDays * 86_400_000).toISOString();
    const payment: Variables['payment'] = { ...variable(job, 'payment'), dueAt };
    return { variables: { payment } };
  },
});
