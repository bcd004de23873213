import { ImpossibleState } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { wakeCredit } from './credit-waking.ts';
import { addCash, exposureChanged, lockCreditProfile } from './credit.ts';
import { planDeadline } from './deadlines.ts';
import { Invoice, InvoiceEntry, type SaleOrder } from './entities/index.ts';
import { emit } from './events.ts';
import type { Transaction } from './transaction.ts';

// A profile's unpaid invoices are the sum of what is open on its invoices; both change in one transaction, on the locked profile.

/**
 * Issues an invoice; a second call with the same reference answers the first one's. What it is for has left the order's credit hold before (`invoiceCredit`), or
 * was never on credit. The sale's row is locked; the profile is locked here.
 */
export async function issueInvoice(
  tx: Transaction,
  invoice: {
    readonly sale: Pick<SaleOrder, 'id' | 'number' | 'customerId' | 'currency'>;
    readonly fulfilmentId: string | null;
    readonly kind: Invoice['kind'];
    readonly amountMinor: number;
    readonly reference: string;
    /** By the customer's terms when left out. */
    readonly dueAt?: Date;
    readonly at: Date;
  },
): Promise<Invoice> {
  const { sale, fulfilmentId, kind, amountMinor, reference, at } = invoice;
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const earlier = await tx.manager.findOneBy(Invoice, { reference });
  if (earlier) return earlier;
  const { number } = await tx.one<{ number: number }>(`select nextval('orderflow.invoice_number') as number`);
  const id = newId();
  const dueAt = invoice.dueAt ?? (await dueByTerms(tx, id, profile.termsDays, at));
  const row = {
    id,
    number: `I-${String(number).padStart(6, '0')}`,
    kind,
    creditProfileId: profile.id,
    saleOrderId: sale.id,
    fulfilmentId,
    reference,
    amountMinor,
    openMinor: amountMinor,
    currency: sale.currency,
    issuedAt: at,
    dueAt,
    revision: 1,
  };
  await tx.manager.insert(Invoice, row);
  await tx.manager.insert(InvoiceEntry, { id: newId(), invoiceId: row.id, kind: 'ISSUED', amountMinor, reference, at });
  await changeUnpaid(tx, profile.id, amountMinor, at);
  await emit(tx, {
    type: 'payment.invoiced',
    subject: { type: 'sale_order', id: sale.id, number: sale.number },
    data: { invoiceId: row.id, invoice: row.number, kind, amountMinor, currency: sale.currency, dueAt: dueAt.toISOString() },
  });
  await exposureChanged(tx, profile.id, { unpaidInvoicesMinor: amountMinor, invoice: row.number });
  return row;
}

/** The terms are days of the calendar, the last of which has to be a day on which people work. */
async function dueByTerms(tx: Transaction, invoiceId: string, termsDays: number, at: Date): Promise<Date> {
  if (termsDays === 0) return at;
  const from = new Date(at.getTime() + (termsDays - 1) * 86_400_000);
  return planDeadline(tx, { subject: { type: 'invoice', id: invoiceId }, kind: 'invoice-due', from, workingHours: 24 });
}

/** Finds an invoice by its id and locks it together with its profile, the profile first. */
export async function lockInvoice(tx: Transaction, id: string): Promise<Invoice> {
  await tx.query(
    'select 1 from orderflow.credit_profile p join orderflow.invoice i on i.credit_profile_id = p.id where i.id = $1 for no key update of p',
    [id],
  );
  return tx.manager.findOneOrFail(Invoice, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

/**
 * Money arrived for an invoice that `lockInvoice` has locked: it pays what is open, and what exceeds that is the customer's money on account. The same reference is
 * the same money: a second call answers how much it stood for and changes nothing.
 */
export async function payInvoice(
  tx: Transaction,
  invoice: Invoice,
  amountMinor: number,
  reference: string,
  at: Date,
): Promise<{ readonly knownMinor?: number }> {
  const { known } = await tx.one<{ known: number | null }>(
    `select sum(amount_minor)::bigint as known from (
       select amount_minor from orderflow.invoice_entry where invoice_id = $1 and kind = 'PAID' and reference = $2
        union all select amount_minor from orderflow.credit_movement where credit_profile_id = $3 and credit_hold_id is null and kind = 'CASH_IN' and reference = $4) m`,
    [invoice.id, reference, invoice.creditProfileId, cashReference(invoice, reference)],
  );
  if (known !== null) return { knownMinor: known };
  const paidMinor = Math.min(amountMinor, invoice.openMinor);
  const onAccountMinor = amountMinor - paidMinor;
  await enter(tx, invoice, 'PAID', paidMinor, reference, at);
  if (onAccountMinor > 0) await addCash(tx, invoice.creditProfileId, onAccountMinor, cashReference(invoice, reference), at);
  await exposureChanged(tx, invoice.creditProfileId, { unpaidInvoicesMinor: -paidMinor, invoice: invoice.number });
  await wakeCredit(tx, { id: invoice.creditProfileId });
  return {};
}

/**
 * Credits a part of what the sale (or one shipment of it) was invoiced: open parts are owed no more; paid parts become the customer's money on account. Answers
 * how much of the amount was credited, and how much of that is money on account; the same for a second call with its reference. The sale's row is locked; the profile is locked here.
 */
export async function creditInvoices(
  tx: Transaction,
  credit: {
    readonly sale: Pick<SaleOrder, 'id' | 'customerId' | 'currency'>;
    readonly fulfilmentId: string | null;
    readonly amountMinor: number;
    readonly reference: string;
    readonly at: Date;
  },
): Promise<{ readonly creditedMinor: number; readonly onAccountMinor: number }> {
  const { sale, fulfilmentId, reference, at } = credit;
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const earlier = await tx.one<{ creditedMinor: number; onAccountMinor: number }>(
    `select coalesce(sum(e.amount_minor) filter (where e.kind = 'CREDITED'), 0)::bigint as "creditedMinor",
            coalesce(sum(e.amount_minor) filter (where e.kind = 'FREED'), 0)::bigint as "onAccountMinor"
       from orderflow.invoice_entry e join orderflow.invoice i on i.id = e.invoice_id where i.sale_order_id = $1 and e.reference = $2`,
    [sale.id, reference],
  );
  if (earlier.creditedMinor > 0) return earlier;
  const invoices = await tx.query<{
    id: string;
    number: string;
    openMinor: number;
    creditableMinor: number;
    creditProfileId: string;
  }>(
    `select i.id, i.number, i.open_minor as "openMinor", i.credit_profile_id as "creditProfileId",
            i.amount_minor - coalesce((select sum(e.amount_minor) from orderflow.invoice_entry e
                                        where e.invoice_id = i.id and e.kind in ('CREDITED', 'WRITTEN_OFF')), 0)::bigint as "creditableMinor"
       from orderflow.invoice i
      where i.sale_order_id = $1 and ($2::uuid is null or i.fulfilment_id = $2 or i.fulfilment_id is null)
      order by (i.fulfilment_id is null), (i.open_minor = 0), i.issued_at, i.id`,
    [sale.id, fulfilmentId],
  );
  let rest = credit.amountMinor;
  let onAccountMinor = 0;
  for (const invoice of invoices) {
    const part = Math.min(rest, invoice.creditableMinor);
    if (part <= 0) continue;
    const freed = Math.max(0, part - invoice.openMinor);
    if (freed > 0) await enter(tx, invoice, 'FREED', freed, reference, at);
    await enter(tx, { ...invoice, openMinor: invoice.openMinor + freed }, 'CREDITED', part, reference, at);
    if (freed > 0) await addCash(tx, profile.id, freed, cashReference(invoice, reference), at);
    rest -= part;
    onAccountMinor += freed;
  }
  const creditedMinor = credit.amountMinor - rest;
  if (creditedMinor > 0) {
    await exposureChanged(tx, profile.id, { unpaidInvoicesMinor: onAccountMinor - creditedMinor, reference });
    await wakeCredit(tx, { id: profile.id });
  }
  return { creditedMinor, onAccountMinor };
}

const cashReference = (invoice: { readonly number: string }, reference: string): string => `${invoice.number}:${reference}`;

/** Writes an entry and what it makes of the invoice and of the profile. */
async function enter(
  tx: Transaction,
  invoice: Pick<Invoice, 'id' | 'number' | 'creditProfileId' | 'openMinor'>,
  kind: InvoiceEntry['kind'],
  amountMinor: number,
  reference: string,
  at: Date,
): Promise<void> {
  if (amountMinor === 0) return;
  const change = kind === 'FREED' ? amountMinor : -amountMinor;
  const changed = await tx.execute(
    'update orderflow.invoice set open_minor = open_minor + $2, revision = revision + 1 where id = $1 and open_minor + $2 between 0 and amount_minor',
    [invoice.id, change],
  );
  if (changed === 0)
    throw new ImpossibleState(`${invoice.number} has ${invoice.openMinor} open: ${kind} of ${amountMinor} does not fit`);
  await tx.manager.insert(InvoiceEntry, { id: newId(), invoiceId: invoice.id, kind, amountMinor, reference, at });
  await changeUnpaid(tx, invoice.creditProfileId, change, at);
}

/** What is overdue follows in the same statement: the profile never says that more is overdue than is unpaid. */
const changeUnpaid = (tx: Transaction, profileId: string, changeMinor: number, at: Date): Promise<number> =>
  tx.execute(
    `update orderflow.credit_profile p
        set unpaid_invoices_minor = p.unpaid_invoices_minor + $2, overdue_minor = o.amount, max_overdue_days = o.days, revision = p.revision + 1
       from (select coalesce(sum(open_minor), 0)::bigint as amount, coalesce(max(extract(day from $3::timestamptz - due_at)), 0)::int as days
               from orderflow.invoice where credit_profile_id = $1 and open_minor > 0 and due_at < $3) o
      where p.id = $1`,
    [profileId, changeMinor, at],
  );
