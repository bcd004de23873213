import { newId } from '../support/ids.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** A payment request that the provider may still collect. */
export interface OpenIntent {
  /** Ours, and the key that the request was made with. */
  readonly reference: string;
  /** The provider's; null while we do not know what became of the request. */
  readonly providerReference: string | null;
  readonly amountMinor: number;
  readonly currency: string;
}

/** Everything asked for and not declined or voided. */
export const openIntents = (tx: Transaction, saleOrderId: string): Promise<OpenIntent[]> =>
  tx.query<OpenIntent>(
    `select i.reference, i.provider_reference as "providerReference", i.amount_minor as "amountMinor", i.currency
       from orderflow.payment i
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

/** A capture that has not gone back. */
export interface Refundable {
  readonly id: string;
  readonly provider: string;
  /** What the provider calls the capture. */
  readonly reference: string;
  readonly amountMinor: number;
  /** The part that counts for the order. */
  readonly appliedMinor: number;
}

export const refundable = (tx: Transaction, saleOrderId: string): Promise<Refundable[]> =>
  tx.query<Refundable>(
    `select c.id, c.provider, c.reference, c.amount_minor as "amountMinor", c.applied_minor as "appliedMinor"
       from orderflow.payment c
      where c.sale_order_id = $1 and c.kind = 'CAPTURE' and c.status = 'SUCCEEDED'
        and not exists (select 1 from orderflow.payment r where r.refund_of = c.id)
      order by c.recorded_at, c.id`,
    [saleOrderId],
  );

/** Writes down that captures went back, each under the key that its refund was made with. */
export async function recordRefunds(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'currency'>,
  refunds: readonly { readonly capture: Refundable; readonly key: string }[],
  at: Date,
): Promise<void> {
  for (const { capture, key } of refunds) {
    const { id: refundOf, provider, amountMinor, appliedMinor } = capture;
    await tx.manager.insert(Payment, {
      id: newId(),
      saleOrderId: sale.id,
      kind: 'REFUND',
      provider,
      reference: key,
      refundOf,
      amountMinor,
      appliedMinor,
      currency: sale.currency,
      status: 'SUCCEEDED',
      occurredAt: at,
      recordedAt: at,
    });
    await tx.execute(
      'update orderflow.sale_order set refunded_minor = refunded_minor + $2, unapplied_minor = unapplied_minor - $3 where id = $1',
      [sale.id, appliedMinor, amountMinor - appliedMinor],
    );
  }
}
