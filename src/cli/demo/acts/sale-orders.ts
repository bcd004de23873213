import type { z } from 'zod';
import { SaleOrder, type PaymentMethod } from '../../../contract/sale-order.ts';
import { check, until, untilState, type Stage } from '../stage.ts';
import { shipAndDeliver } from './fulfilments.ts';
import type { Basket } from './quotations.ts';

export type SaleOrderBody = z.output<typeof SaleOrder>;
type Method = z.output<typeof PaymentMethod>;

/** Sales takes an order that no quotation came before. */
export async function order(
  stage: Stage,
  basket: Basket & { readonly paymentMethod?: Method },
  by = 'sales',
): Promise<SaleOrderBody> {
  const sale = await stage.as(by).post(SaleOrder, '/v1/sale-orders', { ...basket, currency: 'EUR' });
  stage.follow({ noun: 'sale-orders', id: sale.id });
  return sale;
}

export const readSale = (stage: Stage, id: string): Promise<SaleOrderBody> =>
  stage.as('sales').get(SaleOrder, `/v1/sale-orders/${id}`);

export const saleIn = (stage: Stage, id: string, state: string): Promise<SaleOrderBody> =>
  untilState(stage, () => readSale(stage, id), state);

/** The sale is cleared, and its shipments are there. */
export const clearedSale = (stage: Stage, id: string): Promise<SaleOrderBody> =>
  until(
    stage,
    () => readSale(stage, id),
    (sale) => sale.workflowState === 'CLEARED' && sale.fulfilments.length > 0,
    'CLEARED with its fulfilments',
  );

/** The only shipment of a cleared sale. */
export async function shipmentOf(stage: Stage, id: string): Promise<string> {
  const { number, fulfilments } = await clearedSale(stage, id);
  const [only, ...more] = fulfilments;
  check(only !== undefined && more.length === 0, `${number} has ${fulfilments.length} shipments, not one.`);
  return only.id;
}

/** The two shipments of a cleared sale, in the order of their numbers. */
export async function bothShipmentsOf(stage: Stage, id: string): Promise<readonly [string, string]> {
  const { number, fulfilments } = await clearedSale(stage, id);
  const [first, second, ...more] = fulfilments.toSorted((a, b) => (a.number < b.number ? -1 : 1));
  check(
    first !== undefined && second !== undefined && more.length === 0,
    `${number} has ${fulfilments.length} shipments, not two.`,
  );
  return [first.id, second.id];
}

/** Finance sees money arrive at the bank. */
export async function capture(stage: Stage, { id, number, currency }: SaleOrderBody, amountMinor: number): Promise<void> {
  stage.say(`${number} finance: ${money(amountMinor)} ${currency} received`);
  const reference = stage.reference(`transfer for ${number}`);
  await stage.as('finance').post(SaleOrder, `/v1/sale-orders/${id}/captures`, { amountMinor, currency, reference });
}

export async function choosePaymentMethod(stage: Stage, { id, number }: SaleOrderBody, method: Method): Promise<void> {
  stage.say(`${number} buyer: pay by ${method}`);
  await stage.as('buyer').post(SaleOrder, `/v1/sale-orders/${id}/payment-method`, { method });
}

export async function cancel(stage: Stage, { id, number }: SaleOrderBody, reason: string): Promise<void> {
  stage.say(`${number} sales: cancel`);
  await stage.as('sales').post(SaleOrder, `/v1/sale-orders/${id}/cancellation`, { reason });
}

/** Ships and delivers whatever the cleared sale consists of; it then completes. */
export async function completeSale(stage: Stage, id: string): Promise<SaleOrderBody> {
  const { fulfilments } = await clearedSale(stage, id);
  for (const fulfilment of fulfilments) await shipAndDeliver(stage, fulfilment.id);
  return saleIn(stage, id, 'COMPLETED');
}

/** Minor units as people write them: `1234.50`. */
export const money = (amountMinor: number): string => (amountMinor / 100).toFixed(2);
