import { randomUUID } from 'node:crypto';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { CreditProfile, Customer, Product } from '../../src/persistence/entities/index.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { by, type World } from './world.ts';

/** Master data with a code of its own; what a test does not care about has a default. */
export async function aCustomer(
  { database }: World,
  { limitMinor = 1_000_000, ...customer }: Partial<Customer> & { limitMinor?: number } = {},
): Promise<{ id: string; code: string }> {
  const id = randomUUID();
  const code = customer.code ?? `C-${id.slice(0, 8)}`;
  await database.transaction(async (tx) => {
    await tx.manager.insert(Customer, { id, name: code, paymentMethod: 'TERMS', ...customer, code });
    await tx.manager.insert(CreditProfile, { id: randomUUID(), customerId: id, currency: 'EUR', limitMinor, riskClass: 'B' });
  });
  return { id, code };
}

/** A product, with `stock` pieces received. */
export async function aProduct(
  world: World,
  { stock = 100, ...product }: Partial<Product> & { stock?: number } = {},
): Promise<{ sku: string }> {
  const id = randomUUID();
  const sku = product.sku ?? `P-${id.slice(0, 8)}`;
  await world.database.transaction((tx) =>
    tx.manager.insert(Product, {
      id,
      name: sku,
      currency: 'EUR',
      listPriceMinor: 1000,
      costMinor: 600,
      returnWindowSeconds: 60,
      ...product,
      sku,
    }),
  );
  if (stock > 0) await receiveStock(world.deps, by('warehouse'), { sku, quantity: stock, reference: `first:${sku}` });
  return { sku };
}

/** A quotation in DRAFT over 5 pieces of a product, unless said otherwise. */
export async function aQuotation(
  world: World,
  { quantity = 5 } = {},
): Promise<JsonObject & { id: string; number: string; processInstanceId: string }> {
  const customer = await aCustomer(world);
  const { sku } = await aProduct(world);
  const { body } = await createQuotation(world.deps, by('sales'), {
    customerId: customer.id,
    currency: 'EUR',
    lines: [{ sku, quantity }],
  });
  return body as JsonObject & { id: string; number: string; processInstanceId: string };
}

/** A sale order as it was opened; no job has run yet. */
export async function aSaleOrder(
  world: World,
  {
    quantity = 5,
    customer,
    product,
    paymentMethod,
  }: { quantity?: number; customer?: string; product?: string; paymentMethod?: 'TERMS' | 'PREPAY' | 'DEPOSIT' | 'CARD' } = {},
): Promise<JsonObject & { id: string; number: string; processInstanceId: string }> {
  const customerId = customer ?? (await aCustomer(world)).id;
  const sku = product ?? (await aProduct(world)).sku;
  const { body } = await createSaleOrder(world.deps, by('sales'), {
    customerId,
    currency: 'EUR',
    lines: [{ sku, quantity }],
    ...(paymentMethod && { paymentMethod }),
  });
  return body as JsonObject & { id: string; number: string; processInstanceId: string };
}

/** The open user task at an element of an instance. */
export async function openTask({ database }: World, instanceId: string, elementId: string): Promise<string> {
  const [task] = await database.query<{ id: string }>(
    `select id from orderflow.wait where instance_id = $1 and element_id = $2 and status = 'open'`,
    [instanceId, elementId],
  );
  if (!task) throw new Error(`nothing waits at ${elementId}`);
  return task.id;
}

/** Completes the open user task at an element. */
export const completeAt = async (
  world: World,
  personId: string,
  instanceId: string,
  elementId: string,
  variables: JsonObject = {},
): Promise<void> => {
  await completeUserTask(world.deps, by(personId), { taskId: await openTask(world, instanceId, elementId), variables });
};

/** The states that an order has been in, in order. */
export async function statesOf({ database }: World, orderId: string): Promise<string[]> {
  const rows = await database.query<{ state: string }>(
    'select to_state as state from orderflow.transition where entity_id = $1 order by sequence',
    [orderId],
  );
  return rows.map((row) => row.state);
}
