import { lackMinor, worthMinor } from '../domain/balance.ts';
import { appliedPart, isOver } from '../domain/captures.ts';
import { lineValueMinor } from '../domain/money.ts';
import { newId } from '../support/ids.ts';
import { readBalance } from './balance.ts';
import { Payment, type SaleOrder } from './entities/index.ts';
import { resolveMoneyIncident } from './money-incidents.ts';
import {
  changeAuthorized,
  intendPayment,
  openRequests,
  paymentEvent,
  paymentProvider,
  staleMs,
  type ProviderAnswer,
} from './payments.ts';
import { balanceSale } from './settlements.ts';
import type { Transaction } from './transaction.ts';

/** Money that was really taken, by the name that the provider or the bank has for it. */
export interface TakenMoney {
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly occurredAt: Date;
  /** The provider's name for the intent that it was paid upon. */
  readonly requestReference?: string;
}

/**
 * Writes money that was taken into the ledger, as far as it counts for the order; the rest is unapplied, never refused. For a sale that came to nothing all of it is
 * unapplied: it is owed nothing. Answers the row. The sale's row is locked, and has not got this money yet.
 */
export async function addCapture(
  tx: Transaction,
  sale: SaleOrder,
  money: TakenMoney,
  at: Date,
): Promise<Pick<Payment, 'id' | 'provider' | 'reference' | 'amountMinor' | 'appliedMinor'>> {
  const { provider, reference, amountMinor, occurredAt, requestReference } = money;
  const appliedMinor = await countedPart(tx, sale, amountMinor);
  const request = requestReference === undefined ? undefined : await requestNamed(tx, sale.id, requestReference);
  const row = {
    id: newId(),
    saleOrderId: sale.id,
    kind: 'CAPTURE' as const,
    provider,
    reference,
    parentId: request?.id ?? null,
    amountMinor,
    appliedMinor,
    currency: sale.currency,
    status: 'SUCCEEDED' as const,
    occurredAt,
    recordedAt: at,
  };
  await tx.manager.insert(Payment, row);
  // somebody took a part of the authorisation at the provider, past us
  if (request?.kind === 'AUTH' && request.status === 'SUCCEEDED' && !(await isVoided(tx, request.id)))
    await changeAuthorized(tx, sale.id, -amountMinor);
  await count(tx, sale, row, at);
  return row;
}

/** A part of an authorisation that is to be taken for a shipment. */
export interface PlannedCapture {
  /** Ours, and the key that it is asked for with. */
  readonly reference: string;
  /** The provider's name for the authorisation. */
  readonly authorizationReference: string;
  readonly amountMinor: number;
}

/**
 * Writes down which parts of the sale's authorisations are to be taken for a shipment, oldest first, at most `amountMinor`; on another delivery of the same job
 * what was written down before. The sale's row is locked.
 */
export async function intendCaptures(
  tx: Transaction,
  sale: SaleOrder,
  wanted: { readonly fulfilmentId: string; readonly amountMinor: number; readonly key: string },
  at: Date,
): Promise<PlannedCapture[]> {
  const { fulfilmentId, key } = wanted;
  const written = await plannedCaptures(tx, sale.id, key);
  if (written.length > 0) return written;
  let rest = wanted.amountMinor;
  const open = (await openRequests(tx, sale.id)).filter((each) => each.kind === 'AUTH' && each.status === 'SUCCEEDED');
  for (const [index, { id: parentId, openMinor }] of open.entries()) {
    const amountMinor = Math.min(rest, openMinor);
    if (amountMinor <= 0) continue;
    const nextAt = new Date(at.getTime() + staleMs);
    const reference = `${key}:capture:${index + 1}`;
    await intendPayment(tx, sale, { kind: 'CAPTURE', reference, parentId, fulfilmentId, amountMinor, nextAt }, at);
    rest -= amountMinor;
  }
  return plannedCaptures(tx, sale.id, key);
}

const plannedCaptures = (tx: Transaction, saleOrderId: string, key: string): Promise<PlannedCapture[]> =>
  tx.query<PlannedCapture>(
    `select c.reference, a.provider_reference as "authorizationReference", c.amount_minor as "amountMinor"
       from orderflow.payment c join orderflow.payment a on a.id = c.parent_id
      where c.sale_order_id = $1 and c.kind = 'CAPTURE' and starts_with(c.reference, $2 || ':capture:') order by c.reference`,
    [saleOrderId, key],
  );

/**
 * Writes down what became of a capture that we asked for: once, whether its answer or the provider's event comes first. Answers the status that it has now. The
 * sale's row is locked, and read again after a capture that counted.
 */
export async function settleCapture(
  tx: Transaction,
  sale: SaleOrder,
  reference: string,
  answer: ProviderAnswer,
  nextAt: Date,
  at: Date,
): Promise<Payment['status']> {
  const row = await tx.manager.findOneByOrFail(Payment, { provider: paymentProvider, kind: 'CAPTURE', reference });
  if (!['REQUESTED', 'PENDING', 'UNKNOWN'].includes(row.status)) return row.status;
  const status = answer.status === 'accepted' ? 'SUCCEEDED' : answer.status === 'declined' ? 'FAILED' : 'UNKNOWN';
  const { amountMinor } = row;
  const appliedMinor = status === 'SUCCEEDED' ? await countedPart(tx, sale, amountMinor) : 0;
  await tx.execute(
    `update orderflow.payment set status = $2, applied_minor = $3, provider_reference = $4, failure_code = $5, next_at = $6, occurred_at = $7 where id = $1`,
    [
      row.id,
      status,
      appliedMinor,
      answer.status === 'accepted' ? answer.providerReference : null,
      answer.status === 'declined' ? answer.code : null,
      answer.status === 'unknown' ? nextAt : null,
      at,
    ],
  );
  if (status !== 'UNKNOWN') await resolveMoneyIncident(tx, row.id, paymentProvider);
  if (answer.status === 'declined') {
    if (await isVoided(tx, row.parentId)) await changeAuthorized(tx, sale.id, -amountMinor);
    await paymentEvent(tx, sale, 'payment.declined', { id: row.id, amountMinor, code: answer.code });
  }
  if (status !== 'SUCCEEDED') return status;
  await changeAuthorized(tx, sale.id, -amountMinor);
  await count(tx, sale, { id: row.id, amountMinor, appliedMinor }, at);
  return status;
}

/** What one shipment is worth: the pieces that follow those that left before it. */
export async function shipmentValue(tx: Transaction, fulfilmentId: string): Promise<number> {
  const lines = await tx.query<{ from: number; pieces: number; unitPriceMinor: number; discountBp: number; taxBp: number }>(
    `select own.quantity as pieces, l.unit_price_minor as "unitPriceMinor", l.discount_bp as "discountBp", l.tax_bp as "taxBp",
            coalesce((select sum(o.quantity) from orderflow.fulfilment_line o join orderflow.fulfilment e on e.id = o.fulfilment_id
                       where o.sale_line_id = own.sale_line_id and (e.shipped_at, e.id) < (f.shipped_at, f.id)), 0)::bigint as "from"
       from orderflow.fulfilment f join orderflow.fulfilment_line own on own.fulfilment_id = f.id join orderflow.sale_line l on l.id = own.sale_line_id
      where f.id = $1`,
    [fulfilmentId],
  );
  return lines.reduce((sum, line) => sum + lineValueMinor(line, line.from, line.from + line.pieces), 0);
}

/** What of a shipment neither money taken nor an invoice covers yet. */
export async function owedForShipment(tx: Transaction, sale: SaleOrder, fulfilmentId: string): Promise<number> {
  return Math.min(lackMinor(await readBalance(tx, sale)), await shipmentValue(tx, fulfilmentId));
}

/** How much of money that arrives now counts for the sale. */
async function countedPart(tx: Transaction, sale: SaleOrder, amountMinor: number): Promise<number> {
  if (isOver(sale)) return 0;
  const balance = await readBalance(tx, sale);
  return appliedPart(sale, worthMinor(balance) - balance.invoicedMinor, amountMinor);
}

const isVoided = async (tx: Transaction, requestId: string | null): Promise<boolean> =>
  (await tx.query(`select 1 from orderflow.payment where kind = 'VOID' and parent_id = $1`, [requestId])).length > 0;

const requestNamed = (
  tx: Transaction,
  saleOrderId: string,
  providerReference: string,
): Promise<Pick<Payment, 'id' | 'kind' | 'status'> | undefined> =>
  tx.maybeOne<Pick<Payment, 'id' | 'kind' | 'status'>>(
    `select id, kind, status from orderflow.payment where sale_order_id = $1 and kind in ('INTENT', 'AUTH') and provider_reference = $2`,
    [saleOrderId, providerReference],
  );

/**
 * Adds money to what the sale says of itself, and to `sale`, so that the next capture of the same transaction sees it. What a sale that is done is not owed is on its
 * way back when this transaction commits.
 */
async function count(
  tx: Transaction,
  sale: SaleOrder,
  { id, amountMinor, appliedMinor }: Pick<Payment, 'id' | 'amountMinor' | 'appliedMinor'>,
  at: Date,
): Promise<void> {
  const unappliedMinor = amountMinor - appliedMinor;
  await tx.execute(
    'update orderflow.sale_order set captured_minor = captured_minor + $2, unapplied_minor = unapplied_minor + $3, revision = revision + 1 where id = $1',
    [sale.id, appliedMinor, unappliedMinor],
  );
  sale.capturedMinor += appliedMinor;
  sale.unappliedMinor += unappliedMinor;
  await paymentEvent(tx, sale, 'payment.captured', {
    id,
    amountMinor,
    appliedMinor,
    accumulatedMinor: sale.capturedMinor - sale.refundedMinor,
    dueMinor: sale.prepayMinor,
  });
  if (unappliedMinor > 0) await paymentEvent(tx, sale, 'payment.excess-received', { id, amountMinor: unappliedMinor });
  await balanceSale(tx, sale, { reason: `arrived after ${sale.number} was ${sale.workflowState}`, key: `late:${id}`, at });
}
