import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { orderChecks } from '../../src/cli/audit/orders.ts';
import { returnChecks } from '../../src/cli/audit/returns.ts';
import { stockChecks } from '../../src/cli/audit/stock.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { recordDelivery } from '../../src/commands/record-delivery.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { aCustomer, completeAt } from '../helpers/builders.ts';
import { by, type World } from '../helpers/world.ts';

/** A sale on terms over these lines, as far as it comes by itself. */
export async function aSale(
  world: World,
  lines: readonly { readonly sku: string; readonly quantity: number }[],
  { customer, paymentMethod }: { customer?: string; paymentMethod?: 'TERMS' | 'PREPAY' } = {},
): Promise<{ id: string; number: string; customerId: string; processInstanceId: string }> {
  const customerId = customer ?? (await aCustomer(world)).id;
  const { body } = await createSaleOrder(world.deps, by('sales'), {
    customerId,
    currency: 'EUR',
    lines,
    ...(paymentMethod && { paymentMethod }),
  });
  await world.drain();
  return body as unknown as { id: string; number: string; customerId: string; processInstanceId: string };
}

export interface FulfilmentRow {
  readonly id: string;
  readonly number: string;
  readonly instanceId: string;
  readonly state: string;
  readonly location: string;
  readonly backorderOfId: string | null;
}

/** The shipments of a sale, oldest first. */
export const fulfilmentsOf = (world: World, saleId: string): Promise<FulfilmentRow[]> =>
  world.database.query<FulfilmentRow>(
    `select id, number, process_instance_id as "instanceId", workflow_state as state, location, backorder_of_id as "backorderOfId"
       from orderflow.fulfilment where sale_order_id = $1 order by number`,
    [saleId],
  );

/** What the first shipment of a sale is. */
export async function firstOf(world: World, saleId: string): Promise<FulfilmentRow> {
  const [first] = await fulfilmentsOf(world, saleId);
  if (!first) throw new Error('the sale has no fulfilment');
  return first;
}

/** Where the pieces of a sale's first line are; what is nought is left out. */
export async function lineOf(world: World, saleId: string): Promise<Record<string, number>> {
  const [line] = await world.database.query<Record<string, number>>(
    `select ordered, cancelled, reserved, backordered, shipped, delivered, lost, return_requested as "returnRequested", returned
       from orderflow.sale_line where sale_order_id = $1 order by line_no limit 1`,
    [saleId],
  );
  return Object.fromEntries(Object.entries(line ?? {}).filter(([, quantity]) => quantity !== 0));
}

/** On hand and reserved, by location. */
export async function stockOf(world: World, sku: string): Promise<Record<string, [onHand: number, reserved: number]>> {
  const rows = await world.database.query<{ location: string; onHand: number; reserved: number }>(
    `select location, on_hand as "onHand", reserved from orderflow.stock_level where sku = $1`,
    [sku],
  );
  return Object.fromEntries(rows.map(({ location, onHand, reserved }) => [location, [onHand, reserved]]));
}

export const receive = (world: World, sku: string, quantity: number, location = 'MAIN'): Promise<unknown> =>
  receiveStock(world.deps, by('warehouse'), { sku, quantity, location, reference: randomUUID() });

/** Picks (these lines, or all), packs and ships. */
export async function ship(
  world: World,
  fulfilment: FulfilmentRow,
  picks?: readonly { readonly lineNo: number; readonly picked: number }[],
): Promise<void> {
  if (picks) {
    await completeAt(world, 'warehouse', fulfilment.instanceId, 'f_pick', { lines: picks.map((each) => ({ ...each })) });
    await world.drain();
    await completeAt(world, 'warehouse', fulfilment.instanceId, 'f_pack');
  } else {
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: fulfilment.id });
  }
  await world.drain();
}

export async function deliver(world: World, fulfilment: FulfilmentRow): Promise<void> {
  await recordDelivery(world.deps, by('warehouse'), { fulfilmentId: fulfilment.id });
  await world.drain();
}

/** Ledgers of stock and orders agree with each other, and nothing is stuck. */
export async function expectSound(world: World): Promise<void> {
  for (const check of [...stockChecks, ...returnChecks, ...orderChecks]) {
    expect(await world.database.query(check.sql), `${check.id} ${check.title}`).to.deep.equal([]);
  }
  expect(
    await world.database.query('select element_id, message from orderflow.incident where resolved_at is null'),
  ).to.deep.equal([]);
}

/** Jobs of a type wait, as behind a long queue, until what it answers is called. */
export async function putOff({ database }: World, jobType: string): Promise<() => Promise<void>> {
  await database.query(
    `create function orderflow.put_off() returns trigger language plpgsql as
       $$ begin if new.job_type = '${jobType}' then new.next_at = '9000-01-01'; end if; return new; end $$`,
  );
  await database.query(
    'create trigger put_off before insert on orderflow.outbox for each row execute function orderflow.put_off()',
  );
  return async () => {
    await database.query('drop trigger put_off on orderflow.outbox');
    await database.query('drop function orderflow.put_off');
    await database.query(
      'update orderflow.outbox set next_at = orderflow.now() where job_type = $1 and done_at is null and cancelled_at is null',
      [jobType],
    );
  };
}
