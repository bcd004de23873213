import { expect } from 'chai';
import { askForOrder, order, stateOf } from '../scenarios/acts.ts';
import { creditOf, overrideStatus, pendingOverride, setCredit, tryToDecide } from '../scenarios/credit.ts';
import { said } from '../scenarios/client.ts';
import { now } from '../scenarios/lab.ts';
import { moneyOf, providerEvent } from '../scenarios/money.ts';
import { shipmentOf } from '../scenarios/shipping.ts';
import type { Order, Stage } from '../scenarios/stage.ts';

/** People who want the same at the same time, and what must come of it. Answers a sentence with the figures. @throws when it comes otherwise */
export interface Race {
  readonly id: string;
  readonly title: string;
  /** Moves the clock. */
  readonly apart?: true;
  readonly run: (stage: Stage) => Promise<string>;
}

const all = <T>(count: number, each: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => each(index)));

/** How many of them are in each state. */
export async function tally(stage: Stage, sales: readonly Order[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const state of await Promise.all(sales.map((sale) => stateOf(stage, sale)))) {
    counts[String(state)] = (counts[String(state)] ?? 0) + 1;
  }
  return counts;
}

/** Who came first is what the database says: of two in the same millisecond the answer of the service does not tell. */
async function byCommitment({ service }: Stage, sales: readonly Order[]): Promise<Order[]> {
  const ids = sales.map(({ id }) => id);
  return service.database.query<Order & Record<string, unknown>>(
    'select id, number from orderflow.sale_order where id = any($1) order by created_at, id',
    [ids],
  );
}

export async function buyersForTwentyPieces(stage: Stage): Promise<Order[]> {
  const sku = await stage.product({ stock: 20, linePolicy: 'NO_BACKORDER' });
  const customers = await all(6, () => stage.customer());
  const sales = await all(60, (index) =>
    askForOrder(stage, { customer: customers[index % 6]?.id ?? '', lines: [{ sku, quantity: 1 }] }),
  );
  await stage.settled();
  expect(await tally(stage, sales)).to.deep.equal({ CLEARED: 20, AWAITING_CUSTOMER_DECISION: 40 });
  return sales;
}

/** 40 orders of 10.00 for a limit of 100.00; answers those that have credit, and those that wait in the order in which they came. */
export async function ordersForTenOfCredit(
  stage: Stage,
  count = 40,
): Promise<{ customer: string; held: Order[]; waiting: Order[] }> {
  const customer = await stage.customer({ limitMinor: 10_000 });
  const sku = await stage.product({ stock: 100 });
  const sales = await all(count, () => askForOrder(stage, { customer: customer.id, lines: [{ sku, quantity: 1 }] }));
  await stage.settled();
  const states = await Promise.all(sales.map((sale) => stateOf(stage, sale)));
  const held = sales.filter((_, index) => states[index] === 'CLEARED');
  const waiting = sales.filter((_, index) => ['AWAITING_CREDIT_OVERRIDE', 'CREDIT_HOLD'].includes(String(states[index])));
  expect([held.length, waiting.length], states.join()).to.deep.equal([10, count - 10]);
  const { openOrders, exposure } = await creditOf(stage, customer.code);
  expect([openOrders.amountMinor, exposure.amountMinor]).to.deep.equal([10_000, 10_000]);
  return { customer: customer.code, held, waiting: await byCommitment(stage, waiting) };
}

/** Those who came first are served, nobody else. */
async function expectFirstServed(stage: Stage, waiting: readonly Order[], served: number): Promise<void> {
  const states = await Promise.all(waiting.map((sale) => stateOf(stage, sale)));
  expect(states.map((state) => state === 'CLEARED')).to.deep.equal(waiting.map((_, index) => index < served));
}

/** Three of credit become free, in one go. */
export async function freeThreeAndServe(stage: Stage, customer: string, waiting: readonly Order[]): Promise<void> {
  await setCredit(stage, customer, { limitMinor: 13_000 });
  await expectFirstServed(stage, waiting, 3);
}

/** Approvals at the very moment at which the requests expire; answers how many were in time. */
export async function approveAtTheDeadline(stage: Stage, count = 6): Promise<{ approved: Order[]; expired: Order[] }> {
  const sales = await all(count, async () => {
    const customer = await stage.customer({ limitMinor: 4_500 });
    return order(stage, { customer: customer.id });
  });
  const requests = await Promise.all(sales.map((sale) => pendingOverride(stage, sale)));
  const [row] = await stage.service.database.query<{ last: Date }>(
    'select max(decide_by) as last from orderflow.override_request where id = any($1)',
    [requests],
  );
  const move = async (untilMs: number): Promise<unknown> =>
    stage.as('operator').post('/v1/clock', { forwardMs: Math.max(0, untilMs - (await now(stage)).getTime()) });
  const deadline = row?.last.getTime() ?? 0;
  await move(deadline - 5_000); // near it: a jump of days could go beyond the time in which an approval has to be used
  const [answers] = await Promise.all([
    Promise.all(requests.map((id) => tryToDecide(stage, 'credit', id, 'approval'))),
    move(deadline),
  ]);
  await stage.settled();
  const wins = answers.map(({ status }) => status === 200);
  for (const [index, answer] of answers.entries()) {
    expect([200, 409], said(answer, 'detail')).to.include(answer.status);
    const won = wins[index] === true;
    expect(await overrideStatus(stage, requests[index] ?? '')).to.equal(won ? 'CONSUMED' : 'EXPIRED');
    expect(await stateOf(stage, sales[index] as Order)).to.equal(won ? 'CLEARED' : 'CREDIT_HOLD');
  }
  return { approved: sales.filter((_, index) => wins[index]), expired: sales.filter((_, index) => !wins[index]) };
}

/** Orders over some of the same products, each with its lines in another order. */
export async function ordersInOppositeOrder(stage: Stage, count = 40): Promise<Order[]> {
  const skus = await all(6, () => stage.product({ stock: 1_000 }));
  const customers = await all(8, () => stage.customer({ limitMinor: 100_000_000 }));
  const sales = await all(count, (index) => {
    const turned = [...skus.slice(index % 6), ...skus.slice(0, index % 6)];
    const lines = (index % 2 === 0 ? turned : turned.toReversed()).slice(0, 4).map((sku) => ({ sku, quantity: 1 }));
    return askForOrder(stage, { customer: customers[index % 8]?.id ?? '', lines });
  });
  await stage.settled();
  expect(await tally(stage, sales)).to.deep.equal({ CLEARED: count });
  return sales;
}

export const races: readonly Race[] = [
  {
    id: 'R1',
    title: '60 buyers, 20 pieces: 20 are sold',
    run: async (stage) => `${(await buyersForTwentyPieces(stage)).length} buyers, 20 sold`,
  },
  {
    id: 'R2',
    title: '20 captures of 30.00 for 100.00: 100.00 applied, the rest unapplied; the same event 20 times counts once',
    run: async (stage) => {
      const sku = await stage.product();
      const sale = await order(stage, { method: 'PREPAY', lines: [{ sku, quantity: 10 }] });
      const captured = (reference: string): object => ({
        reference: sale.number,
        amountMinor: 3_000,
        currency: 'EUR',
        captureReference: reference,
      });
      const events = [
        ...Array.from({ length: 20 }, (_, index) => `${index} ${sale.number}`),
        ...Array.from({ length: 20 }, () => `0 ${sale.number}`),
      ];
      const answers = await Promise.all(events.map((event) => providerEvent(stage, event, 'payment.captured', captured(event))));
      expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body)).to.deep.equal([]);
      await stage.settled();
      expect(await moneyOf(stage, sale)).to.deep.equal({ captured: 10_000, unapplied: 50_000, refunded: 0 });
      return '600.00 came in, 100.00 applied, 500.00 unapplied';
    },
  },
  {
    id: 'R3',
    title: '40 orders of 10.00 for a limit of 100.00: exactly 10 are approved',
    run: async (stage) => {
      const { held, waiting } = await ordersForTenOfCredit(stage);
      return `${held.length} approved, ${waiting.length} wait`;
    },
  },
  {
    id: 'R4',
    title: 'approvals at the deadline: each request is approved or expires, never both',
    apart: true,
    run: async (stage) => {
      const { approved, expired } = await approveAtTheDeadline(stage);
      return `${approved.length} approved, ${expired.length} expired`;
    },
  },
  {
    id: 'R5',
    title: '40 orders over 4 of 6 products, in opposite order of lines: all are reserved',
    run: async (stage) => `${(await ordersInOppositeOrder(stage)).length} cleared`,
  },
  {
    id: 'R6',
    title: '40 commands on one order at once: its log has no gap and each state follows the one before',
    run: async (stage) => {
      const sale = await order(stage, { method: 'PREPAY' });
      const act = (index: number): Promise<unknown> =>
        index % 4 === 0
          ? stage
              .as('sales')
              .ask('POST', `/v1/sale-orders/${sale.id}/cancellation`, { body: { reason: 'They changed their mind' } })
          : stage.outside.pay(sale.number, 500);
      await all(40, act);
      await stage.settled();
      const { captured, unapplied, refunded } = await moneyOf(stage, sale);
      const state = await stateOf(stage, sale);
      expect(state).to.equal('CANCELLED');
      expect(captured - refunded + unapplied, 'money that is kept').to.equal(0);
      return stage.path(sale);
    },
  },
  {
    id: 'R7',
    title: 'three of ten orders are cancelled at once while twelve wait for credit: the first three waiters are served, in order',
    run: async (stage) => {
      const { held, waiting } = await ordersForTenOfCredit(stage, 22);
      await Promise.all(
        held
          .slice(0, 3)
          .map(({ id }) => stage.as('sales').post(`/v1/sale-orders/${id}/cancellation`, { reason: 'They changed their mind' })),
      );
      await stage.settled();
      await expectFirstServed(stage, waiting, 3);
      return `3 of ${waiting.length} served, in the order in which they came`;
    },
  },
  {
    id: 'R8',
    title: 'the products that a shipment waits for arrive at the same moment, each by its own delivery: it is woken',
    run: async (stage) => {
      const skus = await all(6, () => stage.product({ stock: 0 }));
      const lines = skus.map((sku) => ({ sku, quantity: 1 }));
      const fulfilment = await shipmentOf(stage, await order(stage, { lines }));
      await Promise.all(
        skus.map((sku) => stage.as('warehouse').post(`/v1/stock/${sku}/receipts`, { quantity: 5, reference: `R8 of ${sku}` })),
      );
      await stage.settled();
      expect(await stateOf(stage, fulfilment)).to.equal('PICKING');
      return '6 deliveries at once, served';
    },
  },
];
