import { id } from '../life.ts';
import type { Corruption } from './corruption.ts';

const profile = (change: string): string => `update orderflow.credit_profile set ${change}`;
const invoice = (change: string): string => `update orderflow.invoice set ${change} where id = '${id('invoice of F-000001')}'`;
const entry = (kind: string, amount: number): string =>
  `insert into orderflow.invoice_entry (id, invoice_id, kind, amount_minor, reference, at)
   values (gen_random_uuid(), '${id('invoice of F-000001')}', '${kind}', ${amount}, 'again', orderflow.now())`;

export const invoiceCorruptions: readonly Corruption[] = [
  {
    check: 'A21c',
    because: 'unpaid invoices drifted from the invoices',
    sql: profile('unpaid_invoices_minor = unpaid_invoices_minor - 1'),
  },
  { check: 'A21c', because: 'more is overdue than is unpaid', sql: profile('overdue_minor = unpaid_invoices_minor + 1') },
  { check: 'A21q', because: 'an invoice was paid and is open all the same', sql: entry('PAID', 6000) },
  {
    check: 'A21q',
    also: ['A21c'],
    because: 'an invoice is paid although nobody paid it',
    sql: invoice('open_minor = 0'),
  },
  {
    check: 'A21r',
    because: 'credit that left the hold is nowhere owed',
    sql: invoice(`reference = 'another'`),
  },
  { check: 'A21s', because: 'money on account was invented', sql: profile('unapplied_cash_minor = 1') },
  {
    check: 'A21t',
    because: 'money that an invoice set free went nowhere',
    sql: [entry('FREED', 10), entry('CREDITED', 10)],
  },
];
