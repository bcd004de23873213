import type { Payment } from '../../persistence/entities/index.ts';
import type { Transaction } from '../../persistence/transaction.ts';

/** A movement of money that is not settled, with what it takes to ask the provider for it. */
export interface ToSettle extends Pick<
  Payment,
  | 'id'
  | 'kind'
  | 'status'
  | 'reference'
  | 'amountMinor'
  | 'currency'
  | 'method'
  | 'saleOrderId'
  | 'fulfilmentId'
  | 'attempts'
  | 'recordedAt'
> {
  readonly saleNumber: string;
  /** The intent or authorisation, or the capture that goes back. */
  readonly parent: Pick<Payment, 'kind' | 'reference' | 'providerReference' | 'amountMinor' | 'method'> | null;
}

/** The unsettled ones of these rows, in the order in which they were written down. */
export const toSettle = (tx: Transaction, ids: readonly string[]): Promise<ToSettle[]> =>
  tx.query<ToSettle>(
    `select p.id, p.kind, p.status, p.reference, p.amount_minor as "amountMinor", p.currency, p.method, p.sale_order_id as "saleOrderId",
            p.fulfilment_id as "fulfilmentId", p.attempts, p.recorded_at as "recordedAt", s.number as "saleNumber",
            case when a.id is not null then jsonb_build_object('kind', a.kind, 'reference', a.reference, 'providerReference', a.provider_reference,
                                                               'amountMinor', a.amount_minor, 'method', a.method) end as parent
       from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id left join orderflow.payment a on a.id = p.parent_id
      where p.id = any ($1) and p.status in ('REQUESTED', 'PENDING', 'UNKNOWN') order by p.recorded_at, p.id`,
    [ids],
  );
