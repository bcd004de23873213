import { priceOf, termsOf, type PricedLine } from '../domain/pricing.ts';
import type { Product } from '../persistence/entities/index.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem } from '../support/errors.ts';
import { sha256 } from '../support/ids.ts';
import type { CreateQuotation } from './create-quotation.ts';
import { openSaleOrder, type NewSaleOrder } from './open-sale-order.ts';
import { activeCustomer, resolveLines } from './order-lines.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface CreateSaleOrder extends Omit<CreateQuotation, 'note'> {
  /** Left out: the method agreed with the customer. */
  readonly paymentMethod?: NonNullable<NewSaleOrder['paymentMethod']>;
}

/** Writes a sale order that no quotation came before, and starts its process. @throws Problem forbidden, not-found, wrong-state, validation-failed */
export const createSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: CreateSaleOrder,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'create a sale order', payload: { ...input } as never }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['create a sale order'], 'create a sale order');
    const customer = await activeCustomer(tx, input.customerId);
    const { lines, products } = await resolveLines(tx, input.currency, input.lines);
    refuseDiscounts(lines, products);
    const id = await openSaleOrder(unit, {
      quotationId: null,
      customerId: customer.id,
      currency: input.currency,
      fingerprint: sha256(termsOf(customer.id, input.currency, lines)),
      totalMinor: priceOf(lines, products).totalMinor,
      createdBy: actor.id,
      lines,
      ...(input.paymentMethod && { paymentMethod: input.paymentMethod }),
      trigger: 'create',
      now,
    });
    return revised(201, await readSaleOrder(tx, id), `/v1/sale-orders/${id}`);
  });

/** A discount is decided on the quotation, by the table discount-approval; nobody gets around that by selling directly. */
function refuseDiscounts(lines: readonly PricedLine[], products: ReadonlyMap<string, Pick<Product, 'listPriceMinor'>>): void {
  const message = 'is below the list price; make a quotation, which decides on discounts';
  const errors = lines.flatMap((line, index) => {
    const list = products.get(line.sku)?.listPriceMinor ?? 0;
    return line.discountBp > 0 || line.unitPriceMinor < list ? [{ pointer: `/lines/${index}`, message }] : [];
  });
  if (errors.length > 0) throw new Problem('validation-failed', 'A direct sale is made at list prices.', { errors });
}
