import { ImpossibleState } from '../support/errors.ts';
import { Fulfilment, Quotation, QuotationLine, SaleLine, SaleOrder } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** The next number of a series, e.g. `S-000042`. Numbers of rolled back transactions stay unused. */
export async function nextNumber(
  tx: Transaction,
  series: 'quotation' | 'sale_order' | 'fulfilment' | 'return_request',
): Promise<string> {
  const { number } = await tx.one<{ number: number }>(`select nextval('orderflow.${series}_number') as number`);
  return `${series.charAt(0).toUpperCase()}-${String(number).padStart(6, '0')}`;
}

/** Locks an order's row; its instance is locked before it (docs/adr/0005, lock order). */
export const lockQuotation = async (tx: Transaction, id: string): Promise<Quotation> =>
  found(await tx.manager.findOne(Quotation, { where: { id }, lock: { mode: 'for_no_key_update' } }), 'quotation', id);

export const lockSaleOrder = async (tx: Transaction, id: string): Promise<SaleOrder> =>
  found(await tx.manager.findOne(SaleOrder, { where: { id }, lock: { mode: 'for_no_key_update' } }), 'sale order', id);

/** A fulfilment is written by its own instance's commands only, so the instance's lock covers it. */
export const readFulfilment = async (tx: Transaction, id: string): Promise<Fulfilment> =>
  found(await tx.manager.findOneBy(Fulfilment, { id }), 'fulfilment', id);

export const quotationLines = (tx: Transaction, quotationId: string): Promise<QuotationLine[]> =>
  tx.manager.find(QuotationLine, { where: { quotationId }, order: { lineNo: 'ASC' } });

export const saleLines = (tx: Transaction, saleOrderId: string): Promise<SaleLine[]> =>
  tx.manager.find(SaleLine, { where: { saleOrderId }, order: { lineNo: 'ASC' } });

/** Writes down how the sale is to be paid, as the diagram has split it; minor units. */
export const agreePayment = (
  tx: Transaction,
  saleOrderId: string,
  payment: { readonly method: SaleOrder['paymentMethod']; readonly onTermsMinor: number; readonly prepayMinor: number },
): Promise<number> =>
  tx.execute('update orderflow.sale_order set payment_method = $2, on_terms_minor = $3, prepay_minor = $4 where id = $1', [
    saleOrderId,
    payment.method,
    payment.onTermsMinor,
    payment.prepayMinor,
  ]);

function found<T>(row: T | null, what: string, id: string): T {
  if (row === null) throw new ImpossibleState(`there is no ${what} ${id}`);
  return row;
}
