import { intendCaptures, owedForShipment, settleCapture, type PlannedCapture } from '../../persistence/captures.ts';
import { activeHold, invoiceCredit, lockCreditProfile } from '../../persistence/credit.ts';
import { issueInvoice } from '../../persistence/invoices.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import type { ProviderAnswer } from '../../persistence/payments.ts';
import { external } from '../handler.ts';
import { answerOf, unknownAfter } from '../providers/answer.ts';

/**
 * What has left is paid or owed from now on. What was paid in advance counts first; what is on terms leaves the credit hold and becomes an invoice; the rest is taken
 * from the card's authorisation, for this shipment alone. A refusal, or no authorisation to take it from, is CAPTURE_FAILED; no answer is neither: the reconciler
 * finds out, and the shipment goes on.
 */
export const paymentCaptureOnShipment = external<readonly PlannedCapture[], readonly ProviderAnswer[]>({
  type: 'payment.capture-on-shipment',

  async intend({ tx }, job, now) {
    const fulfilment = await readFulfilment(tx, job.subject.id);
    const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
    const onTerms = (await activeHold(tx, sale.id))?.amountMinor ?? 0;
    const amountMinor = (await owedForShipment(tx, sale, fulfilment.id)) - onTerms;
    return intendCaptures(tx, sale, { fulfilmentId: fulfilment.id, amountMinor, key: job.key }, now);
  },

  async call({ payments }, _job, captures) {
    const answers: ProviderAnswer[] = [];
    for (const { reference, authorizationReference, amountMinor } of captures) {
      const request = { paymentReference: authorizationReference, amountMinor, idempotencyKey: reference };
      answers.push(await answerOf(payments.capturePayment(request)));
    }
    return answers;
  },

  async record({ tx, job, now }, captures, answers) {
    const fulfilment = await readFulfilment(tx, job.subject.id);
    const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
    for (const [index, { reference }] of captures.entries()) {
      await settleCapture(tx, sale, reference, answers[index] ?? { status: 'unknown' }, unknownAfter(now, 0), now);
    }
    const owedMinor = await owedForShipment(tx, sale, fulfilment.id);
    await lockCreditProfile(tx, sale.customerId, sale.currency);
    const heldMinor = await invoiceCredit(tx, sale.id, owedMinor, job.key, now);
    // an order on terms owes all that it has not paid, also where its hold does not reach
    const invoicedMinor = sale.onTermsMinor > 0 ? owedMinor : heldMinor;
    if (invoicedMinor > 0) {
      await issueInvoice(tx, {
        sale,
        fulfilmentId: fulfilment.id,
        kind: 'SHIPMENT',
        amountMinor: invoicedMinor,
        reference: job.key,
        at: now,
      });
    }
    if (invoicedMinor === owedMinor) return { variables: {} };
    const refusal = answers.find((answer) => answer.status === 'declined');
    const message = refusal?.status === 'declined' ? refusal.message : `nothing is authorised to take it from`;
    return {
      error: { code: 'CAPTURE_FAILED', message: `${owedMinor - invoicedMinor} minor units for ${fulfilment.number}: ${message}` },
    };
  },
});
