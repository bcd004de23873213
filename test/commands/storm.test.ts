import { expect } from 'chai';
import { printAudit, runAudit } from '../../src/cli/audit/index.ts';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { changeSaleOrder } from '../../src/commands/change-sale-order.ts';
import { choosePaymentMethod } from '../../src/commands/choose-payment-method.ts';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { receiveStock } from '../../src/commands/receive-stock.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { revokeApproval } from '../../src/commands/revoke-approval.ts';
import { Problem } from '../../src/support/errors.ts';
import { newId } from '../../src/support/ids.ts';
import { aCustomer, aProduct } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const rounds = 25;
const atOnce = 8;
const methods = ['TERMS', 'PREPAY', 'CARD', 'DEPOSIT'] as const;
const deciders: Readonly<Record<string, string>> = {
  credit_analyst: 'credit',
  credit_manager: 'credit-2',
  warehouse_manager: 'warehouse',
};

describe('many people on the same sales at once', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it('change, pay, decide, revoke and cancel: whatever comes of it, no job fails for good and the books are right', async () => {
    const seed = Number(process.env['STORM_SEED'] ?? 7);
    let state = seed;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

    await world.database.query(
      `insert into orderflow.tax_rate (tax_class, valid_from, rate_bp) values ('FULL', '2000-01-01', 1900)`,
    );
    const skus: string[] = [];
    for (const linePolicy of ['BACKORDER', 'NO_BACKORDER', 'DISCONTINUED'] as const) {
      const { sku } = await aProduct(world, { stock: 0, linePolicy, listPriceMinor: 333, taxClass: 'FULL' });
      skus.push(sku);
      for (const location of ['MAIN', 'NORTH'])
        await receiveStock(world.deps, by('warehouse'), { sku, quantity: 15, location, reference: newId() });
      await world.database.query('update orderflow.stock_level set safety = 4 where sku = $1', [sku]);
    }
    const customers: string[] = [];
    for (const paymentMethod of methods) {
      const customer = { limitMinor: 9000, tier: pick(['GOLD', 'STANDARD'] as const), paymentMethod };
      customers.push((await aCustomer(world, customer)).id);
    }
    const sales: string[] = [];

    const create = async (): Promise<void> => {
      const lines = skus.slice(random(skus.length)).map((sku) => ({ sku, quantity: 1 + random(9) }));
      const { body } = await createSaleOrder(world.deps, by('sales'), { customerId: pick(customers), currency: 'EUR', lines });
      sales.push(body['id'] as string);
    };
    const decide = async (): Promise<unknown> => {
      const open = await world.database.query<{ id: string; role: string; status: string }>(
        `select id, required_role as role, status from orderflow.override_request where status in ('PENDING', 'APPROVED') order by id`,
      );
      if (open.length === 0) return undefined;
      const { id: overrideRequestId, role, status } = pick(open);
      const who = by(deciders[role] ?? 'admin');
      const reason = 'one of many';
      if (status === 'APPROVED') return revokeApproval(world.deps, who, { overrideRequestId, reason });
      return decideOverride(world.deps, who, { overrideRequestId, decision: random(4) ? 'APPROVE' : 'REJECT', reason });
    };
    const answer = async (): Promise<unknown> => {
      const open = await world.database.query<{ id: string }>(
        `select id from orderflow.wait where kind = 'user' and status = 'open' and form_id = 'shortage-choice' order by id`,
      );
      if (open.length === 0) return undefined;
      const variables = { choice: { answer: pick(['BACKORDER', 'REDUCE', 'REDUCE', 'CANCEL']) } };
      return completeUserTask(world.deps, by('buyer'), { taskId: pick(open).id, variables });
    };
    const act = (): Promise<unknown> => {
      const kind = random(12);
      if (kind < 2 || sales.length === 0) return create();
      const saleOrderId = pick(sales);
      const reason = 'one of many';
      if (kind < 4) {
        const lines = [{ lineNo: 1 + random(2), quantity: random(8) }];
        return changeSaleOrder(world.deps, by('sales'), { saleOrderId, lines, reason });
      }
      if (kind === 4) return cancelSaleOrder(world.deps, by('sales'), { saleOrderId, reason });
      if (kind === 5) return choosePaymentMethod(world.deps, by('buyer'), { saleOrderId, method: pick(methods) });
      if (kind < 8) return decide();
      if (kind === 8) return answer();
      const capture = { saleOrderId, amountMinor: 1 + random(4000), currency: 'EUR', reference: newId() };
      return kind === 9 ? recordCapture(world.deps, by('finance'), capture) : world.drain();
    };

    for (let round = 0; round < rounds; round++) {
      const results = await Promise.allSettled(Array.from({ length: atOnce }, act));
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason, `seed ${seed}`).to.be.an.instanceOf(Problem);
    }
    await world.drain();

    const failed = await world.database.query(
      `select i.business_key as sale, n.kind, n.message from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id
        where n.resolved_at is null and n.kind <> 'late-money'`,
    );
    expect(failed, `seed ${seed}`).to.deep.equal([]);
    const report = await world.database.read((tx) => runAudit(tx, {}));
    expect(report.findings, printAudit(report)).to.equal(0);
  }).timeout(120_000);
});
