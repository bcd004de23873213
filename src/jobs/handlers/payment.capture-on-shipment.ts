import { lineAmount } from '../../domain/money.ts';
import { invoiceCredit, lockCreditProfile } from '../../persistence/credit.ts';
import { fulfilmentLines } from '../../persistence/fulfilments.ts';
import { lockSaleOrder, readFulfilment } from '../../persistence/orders.ts';
import { internal } from '../handler.ts';

/** What left on credit is owed from now on: exposure moves from open orders to unpaid invoices. What was prepaid is paid. */
export const paymentCaptureOnShipment = internal('payment.capture-on-shipment', async ({ tx, job, now }) => {
  const fulfilment = await readFulfilment(tx, job.subject.id);
  const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  const lines = await fulfilmentLines(tx, fulfilment.id);
  const valueMinor = lines.reduce((sum, line) => sum + lineAmount(line.quantity, line.unitPriceMinor, line.discountBp), 0);
  await invoiceCredit(tx, sale.id, valueMinor, job.key, now);
  return { variables: {} };
});
