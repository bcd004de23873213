import { randomUUID } from 'node:crypto';
import { CreditProfile as CreditProfileBody } from '../../src/contract/customer.ts';
import { listOf } from '../../src/contract/search.ts';
import { Stock } from '../../src/contract/stock.ts';
import type { Database } from '../../src/persistence/database.ts';
import { CreditProfile, Customer, Product } from '../../src/persistence/entities/index.ts';
import { inState, until, type Orders, type Stage } from './stage.ts';

// Orders on account share one customer and one product over all lanes, so that their credit and stock are fought for; what has to be short
// (credit, stock) belongs to the lane.

const priceMinor = 1_000;
const shared = { sku: 'KILL-SHARED', onAccount: 'KILL-TERMS', inAdvance: 'KILL-PREPAY', deposit: 'KILL-DEPOSIT' };
const scarce = (lane: number): string => `KILL-SCARCE-${lane}`;
const limited = (lane: number): string => `KILL-LIMITED-${lane}`;

/** Adds the customers and products that the stories need to a database that the service has migrated. */
export async function addMasterData(database: Database, lanes: number): Promise<void> {
  const methods = new Map<string, 'TERMS' | 'PREPAY' | 'DEPOSIT'>([
    [shared.onAccount, 'TERMS'],
    [shared.inAdvance, 'PREPAY'],
    [shared.deposit, 'DEPOSIT'],
  ]);
  const numbers = Array.from({ length: lanes }, (_, lane) => lane);
  for (const lane of numbers) methods.set(limited(lane), 'TERMS');
  await database.transaction(async ({ manager }) => {
    for (const [code, paymentMethod] of methods) {
      const id = randomUUID();
      await manager.insert(Customer, { id, code, name: code, paymentMethod });
      await manager.insert(CreditProfile, {
        id: randomUUID(),
        customerId: id,
        currency: 'EUR',
        limitMinor: code.startsWith('KILL-LIMITED') ? 0 : 1e12,
        riskClass: 'B',
      });
    }
    for (const sku of [shared.sku, ...numbers.map(scarce)]) {
      const product = { sku, name: sku, currency: 'EUR', listPriceMinor: priceMinor, costMinor: 600, returnWindowSeconds: 1 };
      await manager.insert(Product, { id: randomUUID(), ...product });
    }
  });
}

/** Fills the shared stock; the first command of the run. */
export const stockUp = (stage: Stage): Promise<void> => receive(stage, shared.sku, 1_000_000);

/** An order that needs nobody: the body of `POST /v1/sale-orders`. */
export const orderOnAccount = { customerId: shared.onAccount, currency: 'EUR', lines: [{ sku: shared.sku, quantity: 1 }] };

export const orderInAdvance = (stage: Stage, quantity: number): Promise<Orders['sale-orders']> =>
  order(stage, shared.inAdvance, shared.sku, quantity);

export interface Story {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/** From quotation to delivery on account; the customer may decline. */
const quoted: Story = {
  name: 'quoted',
  play: async (stage) => {
    const { random } = stage;
    const line = { sku: shared.sku, quantity: random.between(1, 5), discountBp: random.between(0, 3) * 100 };
    const offer = { customerId: shared.onAccount, currency: 'EUR', lines: [line] };
    const { id } = (await stage.client.send('sales', 'POST', '/v1/quotations', offer)) as unknown as { id: string };
    stage.expect('quotations', { id }, 'DRAFT');
    await completeTask(stage, 'sales', await inState(stage, 'quotations', id, 'DRAFT'), {});
    stage.expect('quotations', { id }, 'SENT');
    const sent = await inState(stage, 'quotations', id, 'SENT');
    if (random.chance(15)) {
      await completeTask(stage, 'buyer', sent, { customer: { answer: 'DECLINE', reason: 'Found it cheaper' } });
      stage.expect('quotations', { id }, 'REJECTED');
      await inState(stage, 'quotations', id, 'REJECTED');
      return;
    }
    await completeTask(stage, 'buyer', sent, { customer: { answer: 'ACCEPT' } });
    stage.expect('quotations', { id }, 'APPROVED');
    const { saleOrder } = await until(stage, 'quotations', id, (each) => each.saleOrder !== null, 'APPROVED with its sale order');
    if (!saleOrder) return;
    stage.expect('sale-orders', saleOrder, 'COMPLETED');
    await deliverSale(stage, saleOrder.id);
  },
};

/** Paid in advance in three parts: by bank transfer, which finance enters, or to the provider, which tells us. */
const prepaid: Story = {
  name: 'prepaid',
  play: async (stage) => {
    const { random, client, outside } = stage;
    const { id, number, total } = await orderInAdvance(stage, random.between(3, 9));
    stage.expect('sale-orders', { id }, 'COMPLETED');
    await inState(stage, 'sale-orders', id, 'AWAITING_PAYMENT');
    const third = Math.floor(total.amountMinor / 3);
    const isTransfer = random.chance(50);
    for (const amountMinor of [third, third, total.amountMinor - 2 * third]) {
      const capture = { amountMinor, currency: 'EUR', reference: randomUUID() };
      if (isTransfer) await client.send('finance', 'POST', `/v1/sale-orders/${id}/captures`, capture);
      else await outside.pay(number, amountMinor);
    }
    await deliverSale(stage, id);
  },
};

/** Cancelled while the deposit is awaited. */
const cancelled: Story = {
  name: 'cancelled',
  play: async (stage) => {
    const { id } = await order(stage, shared.deposit, shared.sku, stage.random.between(1, 9));
    stage.expect('sale-orders', { id }, 'AWAITING_PAYMENT');
    await inState(stage, 'sale-orders', id, 'AWAITING_PAYMENT');
    await stage.client.send('sales', 'POST', `/v1/sale-orders/${id}/cancellation`, { reason: 'The customer changed their mind' });
    stage.expect('sale-orders', { id }, 'CANCELLED');
    await inState(stage, 'sale-orders', id, 'CANCELLED');
  },
};

const Profiles = listOf(CreditProfileBody);

/** A tenth beyond the lane's credit limit, until a second person approves. */
const overLimit: Story = {
  name: 'over the limit',
  play: async (stage) => {
    const customer = limited(stage.lane);
    const quantity = 20;
    const [profile] = Profiles.parse(await stage.client.get('credit', `/v1/customers/${customer}/credit-profile`)).items;
    const limitMinor = (profile?.exposure.amountMinor ?? 0) + quantity * priceMinor * 0.9;
    const change = { currency: 'EUR', limitMinor, hold: 'NONE', riskClass: 'B', termsDays: 30 };
    await stage.client.send('credit', 'PUT', `/v1/customers/${customer}/credit-profile`, change);
    const { id } = await order(stage, customer, shared.sku, quantity);
    stage.expect('sale-orders', { id }, 'COMPLETED');
    const { overrideRequests } = await inState(stage, 'sale-orders', id, 'AWAITING_CREDIT_OVERRIDE');
    const request = overrideRequests.find(({ status }) => status === 'PENDING');
    if (!request) throw new Error(`sale order ${id} has no override request`);
    await stage.client.send('credit', 'POST', `/v1/override-requests/${request.id}/approval`, { reason: 'A good customer' });
    await deliverSale(stage, id);
  },
};

/** Three of five pieces are there: they ship first, the others when they have arrived. */
const outOfStock: Story = {
  name: 'out of stock',
  play: async (stage) => {
    const sku = scarce(stage.lane);
    const { levels } = Stock.parse(await stage.client.get('warehouse', `/v1/stock/${sku}`));
    const free = levels.reduce((sum, level) => sum + level.free, 0);
    if (free < 3) await receive(stage, sku, 3 - free);
    const { id } = await order(stage, shared.onAccount, sku, 5);
    stage.expect('sale-orders', { id }, 'COMPLETED');
    const { number, fulfilments } = await cleared(stage, id);
    const [first, second] = fulfilments;
    if (!first || !second) throw new Error(`${number} was not split: it has ${fulfilments.length} fulfilment`);
    stage.expect('fulfilments', second, 'COMPLETED');
    await inState(stage, 'fulfilments', second.id, 'BACKORDERED');
    await deliver(stage, first.id);
    await receive(stage, sku, 2);
    await deliver(stage, second.id);
    await inState(stage, 'sale-orders', id, 'COMPLETED');
  },
};

/** Quotations are the longest way, so they come twice as often. */
export const stories: readonly Story[] = [quoted, quoted, prepaid, cancelled, overLimit, outOfStock];

async function order(stage: Stage, customerId: string, sku: string, quantity: number): Promise<Orders['sale-orders']> {
  const wanted = { customerId, currency: 'EUR', lines: [{ sku, quantity }] };
  return (await stage.client.send('sales', 'POST', '/v1/sale-orders', wanted)) as unknown as Orders['sale-orders'];
}

async function receive(stage: Stage, sku: string, quantity: number): Promise<void> {
  await stage.client.send('warehouse', 'POST', `/v1/stock/${sku}/receipts`, { quantity, reference: randomUUID() });
}

async function completeTask(
  stage: Stage,
  person: string,
  { number, waits }: Orders['quotations'],
  variables: object,
): Promise<void> {
  const task = waits.find(({ kind }) => kind === 'user');
  if (!task) throw new Error(`${number} waits for nobody`);
  const path = `/v1/user-tasks/${task.id}/completion`;
  if (stage.random.chance(25)) await stage.client.compete(person, path, { variables });
  else await stage.client.send(person, 'POST', path, { variables });
}

const cleared = (stage: Stage, id: string): Promise<Orders['sale-orders']> =>
  until(
    stage,
    'sale-orders',
    id,
    (sale) => sale.workflowState === 'CLEARED' && sale.fulfilments.length > 0,
    'CLEARED with its fulfilments',
  );

async function deliverSale(stage: Stage, id: string): Promise<void> {
  for (const fulfilment of (await cleared(stage, id)).fulfilments) await deliver(stage, fulfilment.id);
  await inState(stage, 'sale-orders', id, 'COMPLETED');
}

/** The warehouse picks, packs and ships; the goods arrive, by the warehouse's word or the carrier's; the time for returns (a second) runs out. */
async function deliver(stage: Stage, id: string): Promise<void> {
  stage.expect('fulfilments', { id }, 'COMPLETED');
  await inState(stage, 'fulfilments', id, 'PICKING');
  await stage.client.send('warehouse', 'POST', `/v1/fulfilments/${id}/shipments`);
  const { tracking } = await until(stage, 'fulfilments', id, (each) => each.tracking !== null, 'booked with the carrier');
  if (stage.random.chance(50) && tracking !== null) {
    await stage.outside.deliver(tracking); // maybe before our own goods issue is posted
  } else {
    await inState(stage, 'fulfilments', id, 'SHIPPED');
    await stage.client.send('warehouse', 'POST', `/v1/fulfilments/${id}/deliveries`);
  }
  await inState(stage, 'fulfilments', id, 'COMPLETED');
}
