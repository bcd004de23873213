import type { SaleOrder } from '../persistence/entities/index.ts';
import { lockSaleOrder } from '../persistence/orders.ts';
import { refundable, requestRefunds } from '../persistence/refund-ledger.ts';
import { recordManualRefund, transferred } from '../persistence/refunds.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder, saleOrderId } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface RefundSaleOrder {
  /** Id or number. */
  readonly saleOrderId: string;
  readonly amountMinor: number;
  readonly reason: string;
  /** Of a transfer that finance has made by hand; without it the provider is asked to give back. */
  readonly reference?: string;
}

/**
 * Gives money of a sale back: what was too much first, then what counted for the order, what came last first. Two who want the last of it find out under the sale's
 * lock who was first. Money that came by hand waits for finance to transfer it, and for this command with the transfer's reference.
 * @throws Problem forbidden, not-found, refund-cap, reference-reused
 */
export const refundSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: RefundSaleOrder,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'refund a sale order', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['refund a sale order'], 'refund a sale order');
    const sale = await lockSaleOrder(unit.tx, await saleOrderId(unit.tx, input.saleOrderId));
    await (input.reference === undefined ? askProvider(unit, sale, input) : writeDown(unit, sale, input, input.reference));
    return revised(201, await readSaleOrder(unit.tx, sale.id));
  });

async function askProvider({ tx, now }: Unit, sale: SaleOrder, { amountMinor, reason }: RefundSaleOrder): Promise<void> {
  const left = await refundable(tx, sale.id);
  const unapplied = left.reduce((sum, capture) => sum + capture.unappliedMinor, 0);
  const applied = left.reduce((sum, capture) => sum + capture.appliedMinor, 0);
  if (amountMinor > unapplied + applied) throw capped(sale, unapplied + applied);
  const unappliedMinor = Math.min(amountMinor, unapplied);
  await requestRefunds(tx, sale, {
    unappliedMinor,
    appliedMinor: amountMinor - unappliedMinor,
    reason,
    key: `asked:${newId()}`,
    at: now,
  });
}

async function writeDown({ tx, now, actor }: Unit, sale: SaleOrder, input: RefundSaleOrder, reference: string): Promise<void> {
  const { amountMinor, reason } = input;
  const known = await transferred(tx, sale.id, reference);
  if (known !== null && known !== amountMinor) {
    throw new Problem(
      'reference-reused',
      `The reference ${reference} stands for ${known} minor units of ${sale.number}. One reference is one movement of money.`,
    );
  }
  const { writtenMinor, missingMinor } = await recordManualRefund(tx, sale, {
    amountMinor,
    reference,
    reason,
    at: now,
    by: actor.id,
  });
  if (missingMinor > 0) throw capped(sale, writtenMinor);
}

const capped = (sale: SaleOrder, leftMinor: number): Problem =>
  new Problem(
    'refund-cap',
    `Of ${sale.number} only ${leftMinor} minor units of ${sale.currency} can go back: refund_cap keeps what has gone back or is on its way from going back twice.`,
    { constraint: 'refund_cap', leftMinor },
  );
