import { newId } from '../support/ids.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** A payment request that the provider may still collect; `paymentReference` is what the provider knows it by. */
export interface OpenIntent {
  readonly reference: string;
  readonly paymentReference: string;
}

/** Everything asked for and not declined or voided. */
export const openIntents = (tx: Transaction, saleOrderId: string): Promise<OpenIntent[]> =>
  tx.query<OpenIntent>(
    `select i.reference, coalesce(i.provider_reference, s.number) as "paymentReference"
       from orderflow.payment i join orderflow.sale_order s on s.id = i.sale_order_id
      where i.sale_order_id = $1 and i.kind = 'INTENT' and i.status <> 'FAILED'
        and not exists (select 1 from orderflow.payment v where v.provider = i.provider and v.kind = 'VOID' and v.reference = i.reference)
      order by i.recorded_at, i.id`,
    [saleOrderId],
  );

/** Writes down that these payment requests were voided. */
export const voidIntents = (tx: Transaction, saleOrderId: string, references: readonly string[], at: Date): Promise<number> =>
  tx.execute(
    `insert into orderflow.payment (id, sale_order_id, kind, provider, reference, amount_minor, currency, status, occurred_at, recorded_at)
     select gen_random_uuid(), i.sale_order_id, 'VOID', i.provider, i.reference, i.amount_minor, i.currency, 'SUCCEEDED', $3, $3
       from orderflow.payment i where i.sale_order_id = $1 and i.kind = 'INTENT' and i.reference = any($2)
     on conflict (provider, kind, reference) do nothing`,
    [saleOrderId, references, at],
  );

/** Money of a sale that came through a provider and has not gone back. */
export interface Refundable {
  readonly provider: string;
  readonly amountMinor: number;
}

export const refundable = (tx: Transaction, saleOrderId: string): Promise<Refundable[]> =>
  tx.query<Refundable>(
    `select provider, (sum(amount_minor) filter (where kind = 'CAPTURE') - coalesce(sum(amount_minor) filter (where kind = 'REFUND'), 0))::bigint as "amountMinor"
       from orderflow.payment where sale_order_id = $1 and kind in ('CAPTURE', 'REFUND') and status = 'SUCCEEDED'
      group by provider
     having sum(amount_minor) filter (where kind = 'CAPTURE') > coalesce(sum(amount_minor) filter (where kind = 'REFUND'), 0)
      order by provider`,
    [saleOrderId],
  );

/** Writes down that all of this money went back: first what was unapplied, then what counted for the order. */
export async function recordRefunds(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'currency' | 'unappliedMinor'>,
  refunds: readonly (Refundable & { readonly reference: string })[],
  at: Date,
): Promise<void> {
  let unapplied = sale.unappliedMinor;
  for (const { provider, amountMinor, reference } of refunds) {
    const fromUnapplied = Math.min(unapplied, amountMinor);
    unapplied -= fromUnapplied;
    const appliedMinor = amountMinor - fromUnapplied;
    await tx.manager.insert(Payment, {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'REFUND',
      provider,
      reference,
      amountMinor,
      appliedMinor,
      currency: sale.currency,
      status: 'SUCCEEDED',
      occurredAt: at,
      recordedAt: at,
    });
    await tx.execute(
      'update orderflow.sale_order set refunded_minor = refunded_minor + $2, unapplied_minor = unapplied_minor - $3 where id = $1',
      [sale.id, appliedMinor, fromUnapplied],
    );
  }
}
