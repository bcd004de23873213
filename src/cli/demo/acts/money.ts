import { Invoice } from '../../../contract/invoice.ts';
import { check, type Stage } from '../stage.ts';
import { money, readSale } from './sale-orders.ts';

/** The customer pays what is open on the last invoice of a sale, or a part of it. */
export async function payInvoiceOf(stage: Stage, saleId: string, share = 1): Promise<void> {
  const { number, invoices } = await readSale(stage, saleId);
  const invoice = invoices.findLast(({ open }) => open.amountMinor > 0);
  check(invoice !== undefined, `${number} has no invoice to pay.`);
  const amountMinor = Math.ceil(invoice.open.amountMinor * share);
  stage.say(`${number} finance: ${money(amountMinor)} received for ${invoice.number}`);
  const payment = { amountMinor, reference: stage.reference(`transfer for ${invoice.number}`) };
  await stage.as('finance').post(Invoice, `/v1/invoices/${invoice.id}/payments`, payment);
}
