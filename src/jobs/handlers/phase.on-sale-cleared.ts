import { onSaleCleared, shippableLines } from '../../commands/phase-coordinator.ts';
import { availablePct, type ShippingPlan } from '../../domain/shipping.ts';
import { Customer } from '../../persistence/entities/index.ts';
import { lockSaleOrder, saleLines } from '../../persistence/orders.ts';
import { productsBySku } from '../../persistence/products.ts';
import { internal } from '../handler.ts';

/** Splits the cleared sale into shipments by the table shipping-split and hands it over to as many fulfilments, once. */
export const phaseOnSaleCleared = internal('phase.onSaleCleared', async ({ unit, tx, job, now, decide }) => {
  const sale = await lockSaleOrder(tx, job.subject.id);
  const lines = await saleLines(tx, sale.id);
  const customer = await tx.manager.findOneByOrFail(Customer, { id: sale.customerId });
  const waiting = lines.filter((line) => line.backordered > 0);
  const products = await productsBySku(
    tx,
    waiting.map((line) => line.sku),
  );
  const { value } = await decide({
    customerPolicy: customer.shippingPolicy,
    availablePct: availablePct(await shippableLines(tx, sale, lines)),
    backorderDays: Math.max(0, ...waiting.map((line) => products.get(line.sku)?.replenishDays ?? 0)),
    extraFreightMinor: 0,
  });
  const fulfilmentIds = await onSaleCleared(unit, sale, lines, value as ShippingPlan, now);
  return { variables: { fulfilments: { count: fulfilmentIds.length, shipped: 0 } } };
});
