import { addCapture } from '../persistence/captures.ts';
import { Payment } from '../persistence/entities/index.ts';
import { isUniqueViolation } from '../persistence/errors.ts';
import { releaseHeldFulfilments } from '../persistence/fulfilments.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { lockOrder } from './lock-order.ts';
import { poke } from './message.ts';
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
  /** The provider's name for the intent that it was paid upon. */
  readonly requestReference?: string;
  /** When the money was taken; now when left out. */
  readonly occurredAt?: Date;
}

/** Records money that finance has seen arrive. @throws Problem forbidden, not-found, validation-failed, reference-reused */
export const recordCapture = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: Omit<Capture, 'requestReference'>,
): Promise<Performed> =>
  perform(
    deps,
    {
      ...request,
      name: 'record a capture',
      payload: { ...input, occurredAt: input.occurredAt?.toISOString() ?? null },
      about: input.saleOrderId,
    },
    async (unit) => {
      requireAnyRole(unit.actor, permissions['record a capture'], 'record a capture');
      const { saleId, isNew } = await applyCapture(unit, 'manual', input);
      return revised(isNew ? 201 : 200, await readSaleOrder(unit.tx, saleId));
    },
  );

/**
 * Writes money that was really taken into the ledger, as far as it counts for the order; the rest is unapplied, never refused. Then pokes the sale, which
 * reads the ledger for itself: a poke too many, or one that nobody waits for, does no harm. Money for a sale that came to nothing is on its way back when this
 * transaction commits: the reconciler refunds what a provider took, and what came by hand is left to finance.
 */
export async function applyCapture(unit: Unit, provider: string, capture: Capture): Promise<{ saleId: string; isNew: boolean }> {
  const { tx, now } = unit;
  const order = await lockOrder(tx, 'sale_order', capture.saleOrderId, undefined, { evenSuspended: true });
  const sale = await lockSaleOrder(tx, order.id);
  if (capture.currency !== sale.currency) {
    const message = `${sale.number} is in ${sale.currency}, the capture is in ${capture.currency}`;
    throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/currency', message }] });
  }
  const earlier =
    (await tx.manager.findOneBy(Payment, { provider, kind: 'CAPTURE', reference: capture.reference })) ??
    (await tx.manager.findOneBy(Payment, { provider, kind: 'CAPTURE', providerReference: capture.reference }));
  if (earlier) {
    if (earlier.saleOrderId === sale.id && earlier.amountMinor === capture.amountMinor) return { saleId: sale.id, isNew: false };
    throw reused(capture.reference);
  }
  if (!Number.isSafeInteger(sale.unappliedMinor + capture.amountMinor)) {
    const message = `${sale.number} cannot hold that much money; check the amount`;
    throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/amountMinor', message }] });
  }
  const { reference, amountMinor, occurredAt = now, requestReference } = capture;
  const money = { provider, reference, amountMinor, occurredAt, ...(requestReference !== undefined && { requestReference }) };
  await addCapture(tx, sale, money, now).catch((error: unknown) => {
    throw isUniqueViolation(error, 'payment_provider_kind_reference_key') ? reused(reference) : error;
  });
  // a shipment that waits for this money, if one does
  const { customerId, currency } = sale;
  await releaseHeldFulfilments(tx, { customerId, currency, source: `capture:${reference}` });
  await poke(unit, 'payment.captured', sale.id);
  return { saleId: sale.id, isNew: true };
}

const reused = (reference: string): Problem =>
  new Problem(
    'reference-reused',
    `The reference ${reference} stands for another capture. One reference is one movement of money.`,
  );
