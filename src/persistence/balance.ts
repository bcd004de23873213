import type { Balance } from '../domain/balance.ts';
import { lineValueMinor } from '../domain/money.ts';
import type { SaleOrder } from './entities/index.ts';
import { saleLines } from './orders.ts';
import type { Transaction } from './transaction.ts';

/** An invoice for money that was transferred to the customer once too often is about no goods: its reference begins so. */
export const transferDebt = 'transfer:';

/** Where a sale stands, from its lines and ledgers as they are now. The sale's row is locked. */
export async function readBalance(tx: Transaction, sale: SaleOrder): Promise<Balance> {
  const lines = await saleLines(tx, sale.id);
  const total = (value: (line: (typeof lines)[number]) => number): number => lines.reduce((sum, line) => sum + value(line), 0);
  const gone = total((line) => lineValueMinor(line, 0, line.lost + line.returned));
  // an adopted order may have cost more than its lines say
  const beyond =
    sale.adoptedAt === null ? 0 : Math.max(0, sale.totalMinor - total((line) => lineValueMinor(line, 0, line.ordered)));
  const promisedMinor = total((line) => lineValueMinor(line, line.shipped, line.ordered - line.cancelled)) + beyond;
  const { money, returns, invoices, hold } = await tx.one<Ledgers>(ledgers, [sale.id, transferDebt]);
  return {
    keptMinor: total((line) => lineValueMinor(line, 0, line.shipped)) - gone,
    promisedMinor,
    feesMinor: returns.fees,
    claimedMinor: returns.claimed,
    appliedMinor: sale.capturedMinor - sale.refundedMinor - money.backApplied,
    unappliedMinor: sale.unappliedMinor - (money.back - money.backApplied),
    pendingMinor: money.pending,
    authorizedMinor: Math.max(0, sale.authorizedMinor - money.pending),
    // an order on terms is owed also where its hold does not reach
    heldMinor: sale.prepayMinor === 0 ? Math.max(hold, promisedMinor) : hold,
    invoicedMinor: invoices.amount - invoices.credited,
    forgivenMinor: money.forgiven,
  };
}

interface Ledgers {
  readonly money: { readonly pending: number; readonly back: number; readonly backApplied: number; readonly forgiven: number };
  readonly returns: { readonly fees: number; readonly claimed: number };
  readonly invoices: { readonly amount: number; readonly credited: number };
  readonly hold: number;
}

/** Which refunds a person wanted: those that finance asked for or transferred, and those that were made at the provider. */
export const wantedByPerson = (payment: string): string =>
  `(starts_with(${payment}.reference, 'asked:') or starts_with(${payment}.reference, 'transfer:') or position(':refund:' in ${payment}.reference) = 0)`;

const ledgers = `
  select (select jsonb_build_object(
            'pending', coalesce(sum(amount_minor) filter (where kind = 'CAPTURE' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0),
            'back', coalesce(sum(amount_minor) filter (where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0),
            'backApplied', coalesce(sum(applied_minor) filter (where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0),
            'forgiven', coalesce(sum(applied_minor) filter (where kind = 'REFUND' and status <> 'FAILED' and ${wantedByPerson('p')}
                          and recorded_at >= (select max(f.shipped_at) from orderflow.fulfilment f where f.sale_order_id = $1)), 0))
            from orderflow.payment p where p.sale_order_id = $1) as money,
         (select jsonb_build_object(
            'fees', coalesce(sum(r.fee_minor), 0),
            'claimed', coalesce(sum(greatest(0, r.refund_minor - coalesce(p.amount, 0) - coalesce(e.amount, 0))) filter (where r.closed_at is null), 0))
            from orderflow.return_request r
            left join lateral (select sum(amount_minor) as amount from orderflow.payment
                                where sale_order_id = $1 and kind = 'REFUND' and status <> 'FAILED' and starts_with(reference, 'return:' || r.id || ':refund:')) p on true
            left join lateral (select sum(e.amount_minor) as amount from orderflow.invoice_entry e join orderflow.invoice i on i.id = e.invoice_id
                                where i.sale_order_id = $1 and e.kind = 'CREDITED' and e.reference = 'return:' || r.id) e on true
           where r.sale_order_id = $1 and r.restocked_at is not null) as returns,
         (select jsonb_build_object(
            'amount', coalesce(sum(i.amount_minor), 0), 'credited', coalesce(sum(e.credited), 0))
            from orderflow.invoice i
            left join lateral (select sum(amount_minor) as credited from orderflow.invoice_entry where invoice_id = i.id and kind = 'CREDITED') e on true
           where i.sale_order_id = $1 and not starts_with(i.reference, $2)) as invoices,
         (select coalesce(sum(amount_minor), 0)::bigint from orderflow.credit_hold where sale_order_id = $1 and status in ('HELD', 'COMMITTED')) as hold`;
