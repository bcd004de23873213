import { printAudit, runAudit } from '../../src/cli/audit/index.ts';
import { violations } from '../helpers/invariants.ts';
import { completeTask, openTasks } from './tasks.ts';
import { diceOf, type PropertyWorld } from './world.ts';

const because = { reason: 'The season is over' };
/** Longer than any window, in which everything is done that is left. */
const seasonDays = 30;

/** Everybody finishes what is open; then the books have to close: nothing reserved, nothing held, no money that belongs to nobody. */
export async function windDown(world: PropertyWorld): Promise<void> {
  const { service, stage, outside } = world;
  await outside.send('PUT', '/control', []);
  for (let round = 0; ; round++) {
    await clearUp(world);
    await settle(world);
    const left = await stillOpen(world);
    if (left.length === 0) break;
    if (round === 12) throw new Error(`These orders never end: ${left.slice(0, 20).join(', ')}`);
    await world.as('operator').post('/v1/clock', { forwardMs: seasonDays * 86_400_000 });
    await settle(world);
  }
  await stage.until('reservations have run out', async () =>
    (await violations(service.database)).length === 0 ? true : undefined,
  );
  const sums = await service.database.query(
    `select (select coalesce(sum(reserved), 0) from orderflow.stock_level)::bigint as reserved,
            (select coalesce(sum(open_orders_minor), 0) from orderflow.credit_profile)::bigint as held,
            (select coalesce(sum(quantity), 0) from orderflow.stock_movement where kind in ('RESERVED', 'RELEASED', 'SHIPPED'))::bigint as promised,
            (select coalesce(sum(case kind when 'HELD' then amount_minor when 'RELEASED' then -amount_minor when 'INVOICED' then -amount_minor else 0 end), 0)
               from orderflow.credit_movement)::bigint as credit,
            (select coalesce(sum(captured_minor - refunded_minor + unapplied_minor), 0) from orderflow.sale_order)::bigint
              - (select coalesce(sum(case when kind = 'CAPTURE' then amount_minor else -amount_minor end), 0) from orderflow.payment
                  where status in ('SUCCEEDED', 'REVERSED') and kind in ('CAPTURE', 'REFUND', 'REVERSAL', 'SETTLEMENT'))::bigint as money`,
  );
  const [sum] = sums as Record<string, number>[];
  const open = Object.entries(sum ?? {}).filter(([, amount]) => amount !== 0);
  if (open.length > 0) throw new Error(`The ledgers do not sum to zero: ${JSON.stringify(Object.fromEntries(open))}`);
  const report = await service.database.read((tx) => runAudit(tx, { drained: true, ledgerUrl: service.sandboxUrl }));
  if (report.findings > 0) throw new Error(printAudit(report));
}

/** Money that came by hand goes back by hand, and nothing else may be stuck. */
async function settle(world: PropertyWorld): Promise<void> {
  await transferByHand(world);
  await world.stage.settled();
}

async function transferByHand({ service, as, stage }: PropertyWorld): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const rows = await service.database.query<{ id: string; saleId: string; amountMinor: number }>(
      `select n.id, i.subject_id as "saleId", p.amount_minor as "amountMinor" from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id
         join orderflow.payment p on p.id = n.payment_id where n.kind = 'late-money' and n.resolved_at is null`,
    );
    for (const { id, saleId, amountMinor } of rows) {
      await as('finance').ask('POST', `/v1/sale-orders/${saleId}/refunds`, {
        body: { amountMinor, ...because, reference: `transfer ${id}` },
      });
    }
    quiet = rows.length === 0 ? quiet + 1 : 0;
    await stage.settled().catch((error: unknown) => {
      if (!String(error).includes('late-money')) throw error;
      quiet = 0;
    });
  }
}

/** One round of what each of them would do. */
async function clearUp(world: PropertyWorld): Promise<void> {
  const { as, outside } = world;
  const each = async (noun: string, states: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> => {
    for (const { id } of await world.find(noun, { workflowState: { $in: [...states] } }, 500)) await act(id);
  };
  const post = (person: string, path: string): Promise<unknown> => as(person).ask('POST', path, { body: because });
  await each('quotations', ['DRAFT', 'AWAITING_PRICE_OVERRIDE', 'SENT', 'UNDER_NEGOTIATION'], (id) =>
    post('sales', `/v1/quotations/${id}/withdrawal`),
  );
  const running = [
    'OPEN',
    'AWAITING_ADMIN_OVERRIDE',
    'AWAITING_PAYMENT_METHOD',
    'CREDIT_CHECK',
    'CREDIT_HOLD',
    'AWAITING_CREDIT_OVERRIDE',
    'RESERVING',
  ];
  const asking = ['AWAITING_STOCK_OVERRIDE', 'AWAITING_CUSTOMER_DECISION', 'AWAITING_PAYMENT', 'CLEARED'];
  await each('sale-orders', [...running, ...asking], (id) => post('sales', `/v1/sale-orders/${id}/cancellation`));
  await settle(world);
  await each('fulfilments', ['SHIPPED'], (id) => as('warehouse').ask('POST', `/v1/fulfilments/${id}/deliveries`));
  await each('returns', ['RETURN_AUTHORIZED'], (id) => as('warehouse').ask('POST', `/v1/returns/${id}/receipt`));
  await settle(world);
  for (let tasks = await openTasks(world, 'asc'), turn = 0; tasks.length > 0 && turn < 40; turn++) {
    for (const task of tasks.filter(({ overrideRequestId }) => overrideRequestId === undefined))
      await completeTask(world, task, diceOf([turn]));
    await settle(world);
    tasks = await openTasks(world, 'asc');
  }
  await outside.send('PUT', '/control', []);
}

async function stillOpen({ service }: PropertyWorld): Promise<string[]> {
  const rows = await service.database.query<{ what: string }>(
    ['quotation', 'sale_order', 'fulfilment', 'return_request']
      .map(
        (table) =>
          `select number || ' ' || coalesce(workflow_state, 'new') as what from orderflow.${table} where closed_at is null`,
      )
      .join(' union all '),
  );
  return rows.map(({ what }) => what);
}
