import { recordDelivery } from '../../../src/commands/record-delivery.ts';
import { shipFulfilment } from '../../../src/commands/ship-fulfilment.ts';
import { readSaleOrder } from '../../../src/queries/sale-order.ts';
import { findingsOf } from '../../helpers/audit.ts';
import { by, type World } from '../../helpers/world.ts';

/** What a sale says of its money, minor units. */
export async function moneyOf({ database }: World, saleId: string) {
  const [row] = await database.query<{
    authorized: number;
    captured: number;
    refunded: number;
    unapplied: number;
    state: string;
  }>(
    `select authorized_minor as authorized, captured_minor as captured, refunded_minor as refunded, unapplied_minor as unapplied, workflow_state as state
       from orderflow.sale_order where id = $1`,
    [saleId],
  );
  return row!;
}

/** The payments of a sale as `KIND STATUS amount`, oldest first. */
export async function paymentsOf({ database }: World, saleId: string): Promise<string[]> {
  const rows = await database.query<{ text: string }>(
    `select kind || ' ' || status || ' ' || amount_minor as text from orderflow.payment where sale_order_id = $1 order by recorded_at, id`,
    [saleId],
  );
  return rows.map((row) => row.text);
}

/** The invoices of a sale, oldest first. */
export const invoicesOf = ({ database }: World, saleId: string) =>
  database.query<{ id: string; number: string; kind: string; amount: number; open: number }>(
    'select id, number, kind, amount_minor as amount, open_minor as open from orderflow.invoice where sale_order_id = $1 order by number',
    [saleId],
  );

export async function profileOf({ database }: World, customerId: string) {
  const [row] = await database.query<{
    hold: string;
    reason: string | null;
    unpaid: number;
    cash: number;
    open: number;
    exposure: number;
  }>(
    `select hold, hold_reason as reason, unpaid_invoices_minor as unpaid, unapplied_cash_minor as cash, open_orders_minor as open, exposure_minor as exposure
       from orderflow.credit_profile where customer_id = $1`,
    [customerId],
  );
  return row!;
}

/** Open incidents of a sale, by kind. */
export async function incidentsOf({ database }: World, saleId: string): Promise<string[]> {
  const rows = await database.query<{ kind: string }>(
    `select n.kind from orderflow.incident n join orderflow.sale_order s on s.process_instance_id = n.instance_id
      where s.id = $1 and n.resolved_at is null order by n.opened_at`,
    [saleId],
  );
  return rows.map((row) => row.kind);
}

/** Types of the events that a sale, or its customer's profile, told. */
export async function eventsAbout({ database }: World, type: string): Promise<{ data: Record<string, unknown> }[]> {
  return database.query(`select data from orderflow.event where type = $1 order by sequence`, [type]);
}

/** Everything of a cleared sale leaves the house. */
export async function ship(world: World, saleId: string): Promise<string[]> {
  const { fulfilments } = (await world.database.read((tx) => readSaleOrder(tx, saleId))) as unknown as {
    fulfilments: { id: string; workflowState: string }[];
  };
  const picking = fulfilments.filter((each) => each.workflowState === 'PICKING');
  for (const { id } of picking) await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: id });
  await world.drain();
  return picking.map(({ id }) => id);
}

/** It arrives, and its return window passes. */
export async function arrive(world: World, fulfilmentIds: readonly string[]): Promise<void> {
  for (const fulfilmentId of fulfilmentIds) await recordDelivery(world.deps, by('warehouse'), { fulfilmentId });
  await world.drain();
  await world.pass(120_000);
  await world.drain();
}

/** What the audit finds, with the provider's own ledger beside ours; jumps of the clock make nothing late. */
export async function auditOf(world: World): Promise<string[]> {
  const options = { ledgerUrl: world.sandboxUrl, leaseSeconds: 100 * 86_400 };
  return (await findingsOf(world, options)).map(({ check, subject, what }) => `${check} ${subject}: ${what}`);
}
