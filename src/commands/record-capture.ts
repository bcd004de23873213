import { appliedPart } from '../domain/captures.ts';
import { Payment, type SaleOrder } from '../persistence/entities/index.ts';
import { isUniqueViolation } from '../persistence/errors.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface Capture {
  /** Id or number. */
  readonly saleOrderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the provider or the bank calls it; the same reference is the same money. */
  readonly reference: string;
  /** When the money was taken; now when left out. */
  readonly occurredAt?: Date;
}

/** Records money that finance has seen arrive. @throws Problem forbidden, not-found, validation-failed, reference-reused */
export const recordCapture = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Capture): Promise<Performed> =>
  perform(
    deps,
    { ...request, name: 'record a capture', payload: { ...input, occurredAt: input.occurredAt?.toISOString() ?? null } },
    async (unit) => {
      requireAnyRole(unit.actor, permissions['record a capture'], 'record a capture');
      const { saleId, isNew } = await applyCapture(unit, 'manual', input);
      return revised(isNew ? 201 : 200, await readSaleOrder(unit.tx, saleId));
    },
  );

/**
 * Writes money that was really taken into the ledger, as far as it counts for the order; the rest is unapplied, never refused. Then pokes the sale, which
 * reads the ledger for itself: a poke too many, or one that nobody waits for, does no harm.
 */
export async function applyCapture(unit: Unit, provider: string, capture: Capture): Promise<{ saleId: string; isNew: boolean }> {
  const { tx, now } = unit;
  const order = await lockOrder(tx, 'sale_order', capture.saleOrderId);
  const sale = await lockSaleOrder(tx, order.id);
  if (capture.currency !== sale.currency) {
    const message = `${sale.number} is in ${sale.currency}, the capture is in ${capture.currency}`;
    throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/currency', message }] });
  }
  const earlier = await tx.manager.findOneBy(Payment, { provider, kind: 'CAPTURE', reference: capture.reference });
  if (earlier) {
    if (earlier.saleOrderId === sale.id && earlier.amountMinor === capture.amountMinor) return { saleId: sale.id, isNew: false };
    throw new Problem(
      'reference-reused',
      `The reference ${capture.reference} stands for another capture. One reference is one movement of money.`,
    );
  }
  // a sale that came to nothing is owed nothing: all of it is unapplied, and somebody has to give it back
  const isOver = sale.workflowState === 'CANCELLED' || sale.workflowState === 'REJECTED';
  const appliedMinor = isOver ? 0 : appliedPart(sale, capture.amountMinor);
  const unappliedMinor = capture.amountMinor - appliedMinor;
  if (!Number.isSafeInteger(sale.unappliedMinor + unappliedMinor)) {
    const message = `${sale.number} cannot hold that much money; check the amount`;
    throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/amountMinor', message }] });
  }
  await insertCapture(tx, {
    id: newId(),
    saleOrderId: sale.id,
    kind: 'CAPTURE',
    provider,
    reference: capture.reference,
    amountMinor: capture.amountMinor,
    appliedMinor,
    currency: capture.currency,
    status: 'SUCCEEDED',
    occurredAt: capture.occurredAt ?? now,
    recordedAt: now,
  });
  await tx.execute(
    'update orderflow.sale_order set captured_minor = captured_minor + $2, unapplied_minor = unapplied_minor + $3, revision = revision + 1 where id = $1',
    [sale.id, appliedMinor, unappliedMinor],
  );
  if (isOver) await openMoneyIncident(unit, order.instance.id, sale, capture);
  const subscription = await lockSubscription(tx, 'payment.captured', sale.id);
  if (subscription) await correlate(unit, subscription, 'payment.captured', {});
  return { saleId: sale.id, isNew: true };
}

/** @throws Problem reference-reused when another order's capture took the reference at this very moment */
async function insertCapture(
  tx: Transaction,
  row: Omit<Payment, 'failureCode' | 'providerReference' | 'refundOf'>,
): Promise<void> {
  try {
    await tx.manager.insert(Payment, row);
  } catch (error) {
    if (!isUniqueViolation(error, 'payment_provider_kind_reference_key')) throw error;
    throw new Problem(
      'reference-reused',
      `The reference ${row.reference} stands for another capture. One reference is one movement of money.`,
    );
  }
}

/** Money for a sale that is over stays visible until it has gone back. */
const openMoneyIncident = (unit: Unit, instanceId: string, sale: SaleOrder, capture: Capture): Promise<number> =>
  unit.tx.execute(
    `insert into orderflow.incident (id, instance_id, kind, message, details, opened_at) values ($1, $2, 'late-money', $3, $4, orderflow.now())`,
    [
      newId(),
      instanceId,
      `${capture.amountMinor} minor units of ${capture.currency} arrived after ${sale.number} was ${sale.workflowState}; they have to go back`,
      JSON.stringify({ reference: capture.reference, amountMinor: capture.amountMinor, currency: capture.currency }),
    ],
  );
