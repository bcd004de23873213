import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { internal, type Handler } from '../../src/jobs/handler.ts';
import { handlers } from '../../src/jobs/handlers/index.ts';
import { variable } from '../../src/jobs/variables.ts';
import { aQuotation, aSaleOrder, completeAt } from '../helpers/builders.ts';
import { by, type World } from '../helpers/world.ts';

/** A bug that somebody could write into a job's handler, and the life of an order that meets it. */
export interface AuditBug {
  readonly what: string;
  readonly handler: Handler;
  readonly live: Life;
}

type Life = (world: World) => Promise<unknown>;

const clear = async (world: World): Promise<void> => {
  await aSaleOrder(world);
  await world.drain();
};
/** Goes on until it waits for its money: credit is decided, and not looked at once more for the clearing. */
const deposit = async (world: World): Promise<{ id: string }> => {
  const sale = await aSaleOrder(world, { paymentMethod: 'DEPOSIT' });
  await world.drain();
  return sale;
};
const cancel = async (world: World): Promise<void> => {
  const sale = await deposit(world);
  await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'changed their mind' });
  await world.drain();
};
const accept = async (world: World): Promise<void> => {
  const quotation = await aQuotation(world);
  await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
  await world.drain();
  await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
  await world.drain();
};

/** Lives of orders, which a service without a bug leads without a finding. */
export const lives: Readonly<Record<string, Life>> = { clear, deposit, cancel, accept };

/** What a job does, and a statement more. */
function also(jobType: string, sql: string): Handler {
  const own = handlers.get(jobType);
  if (!own || !('effect' in own)) throw new Error(`${jobType} is no job of our own database`);
  return internal(jobType, async (work) => {
    await work.tx.execute(sql);
    return own.effect(work);
  });
}

/** Bugs in a job's handler that the audit has to find in the books. */
export const auditBugs: readonly AuditBug[] = [
  {
    what: 'cancelling gives nothing back',
    handler: internal('sale.undo-commitments', () => Promise.resolve({ variables: {} })),
    live: cancel,
  },
  {
    what: 'stock is promised to a line and not taken from its level',
    handler: internal('inventory.reserve', async ({ tx, job }) => {
      await tx.execute('update orderflow.sale_line set reserved = ordered where sale_order_id = $1', [job.subject.id]);
      return { variables: {} };
    }),
    live: clear,
  },
  {
    what: 'credit is approved and not held',
    handler: internal('credit.decide', () =>
      Promise.resolve({
        variables: { credit: { outcome: 'APPROVE', approverRole: null, flag: null, excessMinor: 0, snapshotId: null } },
      }),
    ),
    live: deposit,
  },
  {
    what: 'a quotation is approved without a sale order',
    handler: internal('phase.onQuotationApproved', () => Promise.resolve({ variables: {} })),
    live: accept,
  },
  {
    what: 'a sale is cleared without a fulfilment',
    handler: internal('phase.onSaleCleared', () => Promise.resolve({ variables: { fulfilments: { count: 0, shipped: 0 } } })),
    live: clear,
  },
  {
    what: 'a job writes the state of its order by itself, past the log',
    handler: internal('sale.clear', async ({ tx, job }) => {
      await tx.execute(`update orderflow.sale_order set workflow_state = 'CLEARED', cleared_at = orderflow.now() where id = $1`, [
        job.subject.id,
      ]);
      return { variables: { sale: { ...variable(job, 'sale'), result: 'CLEARED' } } };
    }),
    live: clear,
  },
  {
    what: 'a job takes more credit than its ledger says',
    handler: also('sale.open', 'update orderflow.credit_profile set open_orders_minor = open_orders_minor + 1'),
    live: clear,
  },
];
