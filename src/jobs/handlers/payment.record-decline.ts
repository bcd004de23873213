import { lockCreditProfile, releaseCredit } from '../../persistence/credit.ts';
import { agreePayment, lockSaleOrder } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';
import { variable, type Variables } from '../variables.ts';

/** Counts the decline and drops the method with the credit that was held for it: the next method decides anew. */
export const paymentRecordDecline = internal('payment.record-decline', async ({ tx, job, now }) => {
  const old = variable(job, 'payment');
  const payment: Variables['payment'] = { ...old, method: null, onTermsMinor: 0, prepayMinor: 0, attempts: old.attempts + 1 };
  const sale = await lockSaleOrder(tx, job.subject.id);
  await agreePayment(tx, job.subject.id, payment);
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  await releaseCredit(tx, job.subject.id, job.key, now);
  return { variables: { payment } };
});
