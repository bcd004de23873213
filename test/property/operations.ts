import { randomUUID } from 'node:crypto';
import type { Answer } from '../scenarios/client.ts';
import { completeSomeTask, decideSomeOverride } from './tasks.ts';
import type { Dice, PropertyWorld } from './world.ts';

/** Something that somebody may do at any moment, whether it makes sense or not. Answers what came back; nothing when there was nobody to do it to. */
export interface Operation {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  act(world: PropertyWorld, dice: Dice): Promise<readonly Answer[]>;
}

const methods = ['TERMS', 'TERMS', 'PREPAY', 'CARD', 'DEPOSIT'] as const;
const because = { reason: 'Somebody wants it so' };

/** Discounts need a quotation. */
const basket = (world: PropertyWorld, dice: Dice, discounts: readonly number[]): object => ({
  customerId: dice.pick(world.customers),
  currency: 'EUR',
  lines: Array.from({ length: dice.between(1, 3) }, () => ({
    sku: dice.pick(world.skus),
    quantity: dice.between(1, 9),
    ...(discounts.length > 0 && { discountBp: dice.pick(discounts) }),
  })),
});

/** A request about one of the orders of a kind that are in some states (any, if none are named). */
const about = (
  noun: 'quotations' | 'sale-orders' | 'fulfilments' | 'returns',
  states: readonly string[],
  ask: (world: PropertyWorld, id: string, dice: Dice) => Promise<Answer | readonly Answer[]>,
): Operation['act'] => {
  return async (world, dice) => {
    const found = await world.find(noun, states.length === 0 ? {} : { workflowState: { $in: [...states] } });
    const order = found.length === 0 ? undefined : dice.pick(found);
    return order ? [await ask(world, order.id, dice)].flat() : [];
  };
};

const cancel = ({ as }: PropertyWorld, id: string, dice: Dice): Promise<Answer> =>
  as(dice.pick(['sales', 'buyer', 'admin'])).ask('POST', `/v1/sale-orders/${id}/cancellation`, { body: because });

export const operations: readonly Operation[] = [
  {
    name: 'quote',
    weight: 5,
    act: async (world, dice) => [
      await world.as('sales').ask('POST', '/v1/quotations', { body: basket(world, dice, [0, 0, 0, 300, 1_000]) }),
    ],
  },
  {
    name: 'order',
    weight: 16,
    act: async (world, dice) => {
      const body = { ...basket(world, dice, []), paymentMethod: dice.pick(methods) };
      return [await world.as('sales').ask('POST', '/v1/sale-orders', { body })];
    },
  },
  { name: 'complete a task', weight: 22, act: completeSomeTask },
  { name: 'decide an override', weight: 7, act: decideSomeOverride },
  {
    name: 'pay at the provider',
    weight: 9,
    act: about('sale-orders', [], async (world, id, dice) => {
      const { number, prepay } = await world.stage.sale(id);
      const amountMinor = dice.pick([prepay.amountMinor, 500, 5_000, prepay.amountMinor + 100]);
      // who has not been asked cannot pay; that is no matter of ours
      if (amountMinor > 0)
        await world.outside.send('POST', `/payments/intents/${number}/captures`, { amountMinor }).catch(() => undefined);
      return [];
    }),
  },
  {
    name: 'record a transfer',
    weight: 3,
    act: about('sale-orders', ['AWAITING_PAYMENT'], async ({ as, stage }, id, dice) => {
      const { prepay } = await stage.sale(id);
      const amountMinor = dice.pick([prepay.amountMinor, 700]);
      const body = { amountMinor, currency: 'EUR', reference: randomUUID() };
      return as('finance').ask('POST', `/v1/sale-orders/${id}/captures`, { body });
    }),
  },
  { name: 'cancel', weight: 3, act: about('sale-orders', [], cancel) },
  {
    name: 'cancel in a storm',
    weight: 1,
    act: async (world, dice) => {
      const sales = await world.find('sale-orders', {
        workflowState: { $in: ['OPEN', 'CREDIT_CHECK', 'RESERVING', 'AWAITING_PAYMENT', 'CLEARED'] },
      });
      return Promise.all(sales.slice(0, 4).flatMap(({ id }) => [cancel(world, id, dice), cancel(world, id, dice)]));
    },
  },
  {
    name: 'ship',
    weight: 12,
    act: about('fulfilments', ['PICKING', 'PACKING'], ({ as }, id) =>
      as('warehouse').ask('POST', `/v1/fulfilments/${id}/shipments`),
    ),
  },
  {
    name: 'deliver',
    weight: 9,
    act: about('fulfilments', ['SHIPPED'], ({ as }, id) => as('warehouse').ask('POST', `/v1/fulfilments/${id}/deliveries`)),
  },
  {
    name: 'cancel a shipment',
    weight: 2,
    act: about('fulfilments', [], ({ as }, id) =>
      as('sales').ask('POST', `/v1/fulfilments/${id}/cancellation`, { body: because }),
    ),
  },
  {
    name: 'carrier tells',
    weight: 4,
    act: about('fulfilments', ['SHIPPED'], async ({ stage, outside, told }, id, dice) => {
      if (told.has(id)) return []; // one parcel, one end
      told.add(id);
      const { number } = await stage.fulfilment(id);
      await outside.send('POST', `/shipments/${number}/${dice.pick(['delivered', 'delivered', 'exception'])}`);
      return [];
    }),
  },
  {
    name: 'ask for a return',
    weight: 6,
    act: about('fulfilments', ['DELIVERED', 'RETURN_REQUESTED'], async ({ as, stage }, id, dice) => {
      const { lines } = await stage.fulfilment(id);
      const { lineNo, quantity } = dice.pick(lines);
      const body = {
        lines: [{ lineNo, quantity: dice.between(1, quantity) }],
        reason: dice.pick(['CHANGED_MIND', 'DAMAGED_IN_TRANSIT', 'DEFECT'] as const),
      };
      return as('buyer').ask('POST', `/v1/fulfilments/${id}/returns`, { body });
    }),
  },
  {
    name: 'receive a return',
    weight: 5,
    act: about('returns', ['RETURN_AUTHORIZED'], ({ as }, id) => as('warehouse').ask('POST', `/v1/returns/${id}/receipt`)),
  },
  {
    name: 'cancel a return',
    weight: 1,
    act: about('returns', [], ({ as }, id) => as('buyer').ask('POST', `/v1/returns/${id}/cancellation`, { body: because })),
  },
  {
    name: 'receive stock',
    weight: 6,
    act: async ({ as, skus }, dice) => [
      await as('warehouse').ask('POST', `/v1/stock/${dice.pick(skus)}/receipts`, {
        body: { quantity: dice.between(5, 40), reference: randomUUID() },
      }),
    ],
  },
  {
    name: 'count stock',
    weight: 2,
    act: async ({ as, skus }, dice) => [
      await as('warehouse').ask('POST', `/v1/stock/${dice.pick(skus)}/counts`, {
        body: { location: 'MAIN', onHand: dice.between(0, 60), reference: randomUUID() },
      }),
    ],
  },
  {
    name: 'change credit',
    weight: 3,
    act: async ({ as, customers }, dice) => {
      const hold = dice.pick(['NONE', 'NONE', 'NONE', 'WATCH', 'HOLD', 'STOP'] as const);
      const body = { currency: 'EUR', limitMinor: dice.between(0, 30) * 5_000, hold, riskClass: 'B', termsDays: 30 };
      const path = `/v1/customers/${dice.pick(customers)}/credit-profile`;
      return [await as('credit').ask('PUT', path, { body: { ...body, holdReason: hold === 'NONE' ? null : 'they said so' } })];
    },
  },
  {
    name: 'pay an invoice',
    weight: 4,
    act: async (world, dice) => {
      const invoices = await world.find('invoices', {});
      if (invoices.length === 0) return [];
      const body = { amountMinor: dice.between(1, 9_000), reference: randomUUID() };
      return [await world.as('finance').ask('POST', `/v1/invoices/${dice.pick(invoices).id}/payments`, { body })];
    },
  },
  {
    name: 'refund',
    weight: 1,
    act: about('sale-orders', [], ({ as }, id, dice) =>
      as('finance').ask('POST', `/v1/sale-orders/${id}/refunds`, { body: { amountMinor: dice.between(1, 3_000), ...because } }),
    ),
  },
  {
    name: 'change quantities',
    weight: 2,
    act: about('sale-orders', [], ({ as }, id, dice) =>
      as('sales').ask('PATCH', `/v1/sale-orders/${id}`, {
        body: { lines: [{ lineNo: 1, quantity: dice.between(1, 9) }], ...because },
      }),
    ),
  },
  {
    name: 'choose a method',
    weight: 3,
    act: about('sale-orders', ['AWAITING_PAYMENT_METHOD', 'CREDIT_HOLD'], ({ as }, id, dice) =>
      as('buyer').ask('POST', `/v1/sale-orders/${id}/payment-method`, { body: { method: dice.pick(methods) } }),
    ),
  },
  {
    name: 'withdraw an offer',
    weight: 1,
    act: about('quotations', [], ({ as }, id) => as('sales').ask('POST', `/v1/quotations/${id}/withdrawal`, { body: because })),
  },
  {
    name: 'suspend and resume',
    weight: 1,
    act: about('sale-orders', ['OPEN', 'RESERVING', 'AWAITING_PAYMENT', 'CLEARED'], async ({ as, stage }, id) => {
      const instance = (await stage.sale(id)).processInstanceId;
      const ask = (how: string): Promise<Answer> =>
        as('operator').ask('POST', `/v1/process-instances/${instance}/${how}`, { body: because });
      return [await ask('suspension'), await ask('resumption')];
    }),
  },
  {
    name: 'let time pass',
    weight: 1,
    act: async ({ as }, dice) => [
      await as('operator').ask('POST', '/v1/clock', { body: { forwardMs: dice.between(1, 240) * 60_000 } }),
    ],
  },
  {
    name: 'decline at the provider',
    weight: 2,
    act: async ({ outside }, dice) => {
      const operation = dice.pick(['payment.request', 'payment.capture', 'payment.refund', 'carrier.book'] as const);
      await outside.misbehave({ only: { operation }, declineNext: 1 });
      return [];
    },
  },
];
