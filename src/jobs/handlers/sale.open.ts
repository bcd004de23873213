import { Customer } from '../../persistence/entities/index.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { hasOrderedBefore } from '../../persistence/sales-aggregate.ts';
import { internal } from '../handler.ts';
import type { Variables } from '../variables.ts';

/** Opens the sale on its total and the payment method agreed with the customer, if there is one, with the facts on which it is admitted. */
export const saleOpen = internal('sale.open', async ({ tx, job }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const customer = await tx.manager.findOneByOrFail(Customer, { id: sale.customerId });
  const lines = (await saleLines(tx, sale.id)).filter((line) => line.cancelled < line.ordered);
  const products = await productsBySku(
    tx,
    lines.map((line) => line.sku),
  );
  const admission: Variables['admission'] = {
    customerStatus: customer.status,
    restrictedGoods: lines.some((line) => products.get(line.sku)?.restricted === true),
    firstOrder: !(await hasOrderedBefore(tx, customer.id)),
    outcome: null,
    reasonCode: null,
  };
  return { variables: { method: sale.paymentMethod, totalMinor: sale.totalMinor, admission } };
});
