import { holdAccount, lockCreditProfile } from './credit.ts';
import type { Invoice, SaleOrder } from './entities/index.ts';
import { issueInvoice } from './invoices.ts';
import type { Transaction } from './transaction.ts';

/**
 * Goods have gone and the money for them has not come, or was taken back: the customer owes it at once, and gets nothing more on account before somebody has looked.
 * Nothing happens without an amount. The sale's row is locked; the profile is locked here.
 */
export async function raiseReceivable(
  tx: Transaction,
  receivable: {
    readonly sale: Pick<SaleOrder, 'id' | 'number' | 'customerId' | 'currency'>;
    readonly fulfilmentId: string | null;
    readonly kind: Extract<Invoice['kind'], 'RECEIVABLE' | 'CHARGEBACK'>;
    readonly amountMinor: number;
    readonly reference: string;
    readonly reason: string;
    readonly at: Date;
  },
): Promise<void> {
  const { reason, ...invoice } = receivable;
  if (invoice.amountMinor <= 0) return;
  const profile = await lockCreditProfile(tx, invoice.sale.customerId, invoice.sale.currency);
  const { number } = await issueInvoice(tx, { ...invoice, dueAt: invoice.at });
  await holdAccount(tx, profile.id, `${reason} (${number})`);
}
