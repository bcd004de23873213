import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { emit } from './events.ts';
import { wake } from './messages.ts';
import { resolveMoneyIncident } from './money-incidents.ts';
import type { Transaction } from './transaction.ts';

/** The provider that we ask by its port; money that people record by hand has the provider `manual`. */
export const paymentProvider = 'payments';

/** How long a request that was written down may stay without an answer before the reconciler asks what became of it, ms. */
export const staleMs = 5 * 60_000;

/** What we know of a sale where money is concerned. */
export type PaidSale = Pick<SaleOrder, 'id' | 'number' | 'currency'>;

/** What a provider said to a request of ours; `unknown`: no answer that can be trusted, the reconciler asks again. */
export type ProviderAnswer =
  | { readonly status: 'accepted'; readonly providerReference: string }
  | { readonly status: 'declined'; readonly code: string; readonly message: string }
  | { readonly status: 'unknown' };

/** An intent or authorisation that is neither declined nor voided, and how much of it may still be collected. */
export interface OpenRequest extends Pick<Payment, 'id' | 'reference' | 'providerReference' | 'amountMinor' | 'status'> {
  readonly kind: 'INTENT' | 'AUTH';
  readonly openMinor: number;
}

/** Everything asked for and not declined or voided, oldest first; captures under way are taken from it already. */
export const openRequests = (tx: Transaction, saleOrderId: string): Promise<OpenRequest[]> =>
  tx.query<OpenRequest>(
    `select i.id, i.kind, i.reference, i.provider_reference as "providerReference", i.amount_minor as "amountMinor", i.status,
            greatest(0, i.amount_minor - coalesce((select sum(c.amount_minor) from orderflow.payment c
                                                    where c.parent_id = i.id and c.kind = 'CAPTURE' and c.status <> 'FAILED'), 0))::bigint as "openMinor"
       from orderflow.payment i
      where i.sale_order_id = $1 and i.kind in ('INTENT', 'AUTH') and i.status <> 'FAILED'
        and not exists (select 1 from orderflow.payment v where v.provider = i.provider and v.kind = 'VOID' and v.reference = i.reference)
      order by i.recorded_at, i.id`,
    [saleOrderId],
  );

/** Writes down what a request of ours will be, before it is made; a second call with its reference does nothing. */
export async function intendPayment(
  tx: Transaction,
  sale: PaidSale,
  payment: Pick<Payment, 'kind' | 'reference' | 'amountMinor'> & Partial<Payment>,
  at: Date,
): Promise<void> {
  await tx.manager
    .createQueryBuilder()
    .insert()
    .into(Payment)
    .values({
      id: newId(),
      saleOrderId: sale.id,
      provider: paymentProvider,
      currency: sale.currency,
      status: 'REQUESTED',
      occurredAt: at,
      recordedAt: at,
      ...payment,
    })
    .orIgnore()
    .execute();
}

/**
 * Writes down what became of an intent or authorisation. It is settled once: an answer to what is settled changes nothing. Answers the status that it has now. The
 * sale's row is locked.
 */
export async function settleRequest(
  tx: Transaction,
  sale: PaidSale,
  reference: string,
  answer: ProviderAnswer,
  nextAt: Date,
): Promise<Payment['status']> {
  const status = answer.status === 'accepted' ? 'SUCCEEDED' : answer.status === 'declined' ? 'FAILED' : 'UNKNOWN';
  const settled = await tx.maybeOne<{ id: string; kind: 'INTENT' | 'AUTH'; amountMinor: number }>(
    `update orderflow.payment set status = $2, provider_reference = coalesce($3, provider_reference), failure_code = $4, next_at = $5
      where provider = '${paymentProvider}' and kind in ('INTENT', 'AUTH') and reference = $1 and status in ('REQUESTED', 'PENDING', 'UNKNOWN')
      returning id, kind, amount_minor as "amountMinor"`,
    [
      reference,
      status,
      answer.status === 'accepted' ? answer.providerReference : null,
      answer.status === 'declined' ? answer.code : null,
      answer.status === 'unknown' ? nextAt : null,
    ],
  );
  if (!settled) {
    const known = await tx.one<{ status: Payment['status'] }>(
      `select status from orderflow.payment where provider = '${paymentProvider}' and kind in ('INTENT', 'AUTH') and reference = $1`,
      [reference],
    );
    return known.status;
  }
  if (status === 'UNKNOWN') return status;
  await resolveMoneyIncident(tx, settled.id, paymentProvider);
  if (status === 'SUCCEEDED' && settled.kind === 'AUTH') await changeAuthorized(tx, sale.id, settled.amountMinor);
  const type = status === 'FAILED' ? 'payment.declined' : settled.kind === 'AUTH' ? 'payment.authorized' : 'payment.requested';
  const { id, amountMinor } = settled;
  await paymentEvent(tx, sale, type, { id, amountMinor, ...(answer.status === 'declined' && { code: answer.code }) });
  return status;
}

/**
 * The payer's bank said no to what the provider had accepted before; answers false when that is known, or when it was voided. What was collected of it stays. The
 * sale's row is locked.
 */
export async function declineRequest(tx: Transaction, sale: PaidSale, providerReference: string, code: string): Promise<boolean> {
  const open = (await openRequests(tx, sale.id)).find((request) => request.providerReference === providerReference);
  if (!open) return false;
  await endRequest(tx, sale, open, code);
  await paymentEvent(tx, sale, 'payment.declined', { id: open.id, amountMinor: open.openMinor, code });
  return true;
}

/**
 * Takes back everything that was asked for and not collected: a VOID of each is written down, which the reconciler makes true. What was collected stays. Answers how
 * many. The sale's row is locked.
 */
export async function voidRequests(tx: Transaction, sale: PaidSale, at: Date): Promise<number> {
  const open = await openRequests(tx, sale.id);
  for (const request of open) {
    const { id: parentId, reference, amountMinor } = request;
    await intendPayment(tx, sale, { kind: 'VOID', reference, parentId, amountMinor, nextAt: at }, at);
    // of what nobody knows whether it was accepted, nothing may be counted later
    if (request.status === 'SUCCEEDED') await dropAuthorized(tx, sale, request);
    else await endRequest(tx, sale, request, 'voided');
  }
  if (open.length > 0) await wake(tx, 'payments');
  return open.length;
}

async function endRequest(tx: Transaction, sale: PaidSale, request: OpenRequest, code: string): Promise<void> {
  await tx.execute(`update orderflow.payment set status = 'FAILED', failure_code = $2, next_at = null where id = $1`, [
    request.id,
    code,
  ]);
  await resolveMoneyIncident(tx, request.id, paymentProvider);
  if (request.status === 'SUCCEEDED') await dropAuthorized(tx, sale, request);
}

async function dropAuthorized(tx: Transaction, sale: PaidSale, { kind, openMinor }: OpenRequest): Promise<void> {
  if (kind === 'AUTH' && openMinor > 0) await changeAuthorized(tx, sale.id, -openMinor);
}

/** Authorised and neither captured nor voided: what may still be taken. */
export const changeAuthorized = (tx: Transaction, saleOrderId: string, changeMinor: number): Promise<number> =>
  tx.execute('update orderflow.sale_order set authorized_minor = authorized_minor + $2 where id = $1', [
    saleOrderId,
    changeMinor,
  ]);

/** Tells that money moved, or was to move. */
export const paymentEvent = (
  tx: Transaction,
  sale: PaidSale,
  type: string,
  data: { readonly id: string; readonly amountMinor: number } & JsonObject,
): Promise<unknown> => {
  const { id, amountMinor, ...more } = data;
  return emit(tx, {
    type,
    subject: { type: 'sale_order', id: sale.id, number: sale.number },
    data: { paymentId: id, amountMinor, currency: sale.currency, ...more },
  });
};
