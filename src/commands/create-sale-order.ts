import { priceOf, termsOf } from '../domain/pricing.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { sha256 } from '../support/ids.ts';
import type { CreateQuotation } from './create-quotation.ts';
import { openSaleOrder, type NewSaleOrder } from './open-sale-order.ts';
import { knownCustomer, resolveLines, type ResolvedLine } from './order-lines.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import { requireSlice } from './slice.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface CreateSaleOrder extends Omit<CreateQuotation, 'note'> {
  /** Left out: the method agreed with the customer. */
  readonly paymentMethod?: NonNullable<NewSaleOrder['paymentMethod']>;
}

/** Writes a sale order that no quotation came before, and starts its process. @throws Problem forbidden, not-found, validation-failed */
export const createSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: CreateSaleOrder,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'create a sale order', payload: { ...input } as never }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['create a sale order'], 'create a sale order');
    await requireSlice(unit, 'workflow.sale', 'create a sale order');
    const customer = await knownCustomer(tx, input.customerId);
    const lines = await resolveLines(tx, { tier: customer.tier, currency: input.currency, at: now }, input.lines);
    refuseDiscounts(lines);
    const id = await openSaleOrder(unit, {
      quotationId: null,
      customerId: customer.id,
      currency: input.currency,
      fingerprint: sha256(termsOf(customer.id, input.currency, lines)),
      totalMinor: priceOf(lines).totalMinor,
      createdBy: actor.id,
      authors: handsOf(actor),
      lines,
      ...(input.paymentMethod && { paymentMethod: input.paymentMethod }),
      trigger: 'create',
      now,
    });
    return revised(201, await readSaleOrder(tx, id), `/v1/sale-orders/${id}`);
  });

/** A discount is decided on the quotation, by the table discount-approval; nobody gets around that by selling directly. */
function refuseDiscounts(lines: readonly ResolvedLine[]): void {
  const message = 'is below the list price; make a quotation, which decides on discounts';
  const errors = lines.flatMap((line, index) =>
    line.discountBp > 0 || line.unitPriceMinor < line.listPriceMinor ? [{ pointer: `/lines/${index}`, message }] : [],
  );
  if (errors.length > 0) throw new Problem('validation-failed', 'A direct sale is made at list prices.', { errors });
}
