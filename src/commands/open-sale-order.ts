import { Customer, SaleLine, SaleOrder } from '../persistence/entities/index.ts';
import { nextNumber } from '../persistence/orders.ts';
import { newId } from '../support/ids.ts';
import type { PricedLine } from '../domain/pricing.ts';
import { startOrHandOver } from './slice.ts';
import type { Unit } from './unit.ts';

export interface NewSaleOrder {
  readonly quotationId: string | null;
  readonly customerId: string;
  readonly currency: string;
  readonly fingerprint: string;
  readonly totalMinor: number;
  readonly createdBy: string;
  /** Everybody who had a hand in the lines. */
  readonly authors: readonly string[];
  readonly lines: readonly PricedLine[];
  /** Left out: the method agreed with the customer. */
  readonly paymentMethod?: SaleOrder['paymentMethod'];
  readonly trigger: string;
  readonly now: Date;
}

/** Writes a sale order with its lines and starts its process, in the unit's transaction. Answers its id. */
export async function openSaleOrder(unit: Unit, order: NewSaleOrder): Promise<string> {
  const { tx } = unit;
  const { lines, trigger, now, paymentMethod, ...row } = order;
  const id = newId();
  const number = await nextNumber(tx, 'sale_order');
  const customer = await tx.manager.findOneByOrFail(Customer, { id: order.customerId });
  await tx.manager.insert(SaleOrder, {
    ...row,
    authors: [...row.authors],
    id,
    number,
    paymentMethod: paymentMethod ?? customer.paymentMethod,
    createdAt: now,
  });
  await tx.manager.insert(
    SaleLine,
    lines.map(({ sku, unitPriceMinor, discountBp, taxBp, quantity }, index) => ({
      id: newId(),
      saleOrderId: id,
      lineNo: index + 1,
      sku,
      unitPriceMinor,
      discountBp,
      taxBp,
      ordered: quantity,
    })),
  );
  const { customerId, currency, totalMinor } = order;
  await startOrHandOver(unit, 'workflow.sale', {
    processId: 'sale',
    businessKey: number,
    subject: { type: 'sale_order', id },
    trigger,
    variables: { sale: { id, number, customerId, currency, totalMinor, result: null } },
  });
  return id;
}
