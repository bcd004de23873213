import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/support/json.ts';
import type { Order, Stage } from './stage.ts';

// What people do, over HTTP; each act resolves when the service has nothing left to do about it.

type Method = 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT';

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly discountBp?: number;
}

export interface Wanted {
  /** A new customer on terms when left out. */
  readonly customer?: string;
  /** 5 pieces of a new product when left out. */
  readonly lines?: readonly WantedLine[];
  /** As agreed with the customer when left out. */
  readonly method?: Method;
  readonly by?: string;
}

const wish = async (stage: Stage, { customer, lines }: Wanted): Promise<object> => ({
  customerId: customer ?? (await stage.customer()).id,
  currency: 'EUR',
  lines: lines ?? [{ sku: await stage.product(), quantity: 5 }],
});

/** A sale order that is just made; its first job may not have run. */
export async function askForOrder(stage: Stage, wanted: Wanted = {}): Promise<Order> {
  const { method, by = 'sales' } = wanted;
  const body = { ...(await wish(stage, wanted)), ...(method && { paymentMethod: method }) };
  return (await stage.as(by).post('/v1/sale-orders', body)) as JsonObject & Order;
}

/** A sale order, as far as it goes by itself. */
export async function order(stage: Stage, wanted: Wanted = {}): Promise<Order> {
  const sale = await askForOrder(stage, wanted);
  await stage.settled();
  return sale;
}

/** A quotation in DRAFT. */
export async function quote(stage: Stage, wanted: Wanted = {}): Promise<Order> {
  const quotation = await stage.as(wanted.by ?? 'sales').post('/v1/quotations', await wish(stage, wanted));
  await stage.settled();
  return quotation as JsonObject & Order;
}

/** An order of any kind as it is now. */
export function read(stage: Stage, { id, number }: Order) {
  if (number.startsWith('Q')) return stage.quotation(id);
  if (number.startsWith('S')) return stage.sale(id);
  return number.startsWith('F') ? stage.fulfilment(id) : stage.return(id);
}

export const stateOf = async (stage: Stage, each: Order): Promise<string | null> => (await read(stage, each)).workflowState;

/** The open user task of an order. */
export async function taskOf(stage: Stage, each: Order): Promise<string> {
  const { waits, workflowState } = await read(stage, each);
  const task = waits.find(({ kind }) => kind === 'user');
  if (!task) throw new Error(`${each.number} is ${workflowState} and asks nobody.`);
  return task.id;
}

/** Somebody does what an order asks for. */
export async function complete(stage: Stage, person: string, each: Order, variables: object = {}): Promise<void> {
  await stage.as(person).post(`/v1/user-tasks/${await taskOf(stage, each)}/completion`, { variables });
  await stage.settled();
}

/** Sales sends the quotation, the customer accepts; answers the sale order that comes of it. */
export async function acceptOffer(stage: Stage, quotation: Order): Promise<Order> {
  await complete(stage, 'sales', quotation);
  await complete(stage, 'buyer', quotation, { customer: { answer: 'ACCEPT' } });
  const { saleOrder, workflowState } = await stage.quotation(quotation.id);
  if (!saleOrder) throw new Error(`${quotation.number} is ${workflowState} and has no sale order.`);
  return saleOrder;
}

/** Pieces that a sale has reserved and that have not left yet. */
export async function reservedBy(stage: Stage, { id }: Order): Promise<number> {
  const lines = (await stage.sale(id)).lines as readonly { reserved?: unknown }[];
  return lines.reduce((sum, line) => sum + Number(line.reserved), 0);
}

export async function cancel(stage: Stage, sale: Order, by = 'sales'): Promise<void> {
  await stage.as(by).post(`/v1/sale-orders/${sale.id}/cancellation`, { reason: 'The customer changed their mind' });
  await stage.settled();
}

export async function chooseMethod(stage: Stage, sale: Order, method: Method): Promise<void> {
  await stage.as('buyer').post(`/v1/sale-orders/${sale.id}/payment-method`, { method });
  await stage.settled();
}

export async function receive(stage: Stage, sku: string, quantity: number): Promise<void> {
  await stage.as('warehouse').post(`/v1/stock/${sku}/receipts`, { quantity, reference: randomUUID() });
  await stage.settled();
}
