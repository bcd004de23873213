import { expect } from 'chai';
import {
  approveAtTheDeadline,
  buyersForTwentyPieces,
  freeThreeAndServe,
  ordersForTenOfCredit,
  ordersInOppositeOrder,
} from '../../races/races.ts';
import { deadlocks } from '../../races/deadlocks.ts';
import type { Scenario } from '../scenario.ts';
import type { Order, Stage } from '../stage.ts';

/** The different ways that orders went, the most frequent first: `20 x OPEN>RESERVING>CLEARED`. */
async function ways(stage: Stage, sales: readonly Order[]): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const path of await Promise.all(sales.map((sale) => stage.path(sale)))) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([path, count]) => `${count} x ${path}`);
}

/** What is asked of both outcomes of a race, which go two ways. */
const inTime = 'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>CLEARED';
const tooLate = 'OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_HOLD';

export const raceScenarios: readonly Scenario[] = [
  {
    number: '45',
    title: '60 buyers race for 20 units: 20 sold',
    paths: ['40 x OPEN>CREDIT_CHECK>RESERVING>AWAITING_CUSTOMER_DECISION', '20 x OPEN>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => ways(stage, await buyersForTwentyPieces(stage)),
  },
  {
    number: '46',
    title:
      '40 orders race for 10 of credit: 10 holds, 30 wait, and are served in the order in which they came when credit is freed',
    paths: [
      '27 x OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE',
      '10 x OPEN>CREDIT_CHECK>RESERVING>CLEARED',
      '3 x OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>CREDIT_CHECK>RESERVING>CLEARED',
    ],
    play: async (stage) => {
      const { customer, held, waiting } = await ordersForTenOfCredit(stage);
      await freeThreeAndServe(stage, customer, waiting);
      return ways(stage, [...held, ...waiting]);
    },
  },
  {
    number: '47',
    title: 'approve and expire in the same millisecond: exactly one wins, the loser gets 409',
    paths: [`${inTime} | ${tooLate}`],
    apart: true,
    play: async (stage) => {
      const { approved, expired } = await approveAtTheDeadline(stage, 8);
      const [inTimeSeen, tooLateSeen] = await Promise.all(
        [approved, expired].map((sales) => Promise.all(sales.map((sale) => stage.path(sale)))),
      );
      expect(inTimeSeen?.filter((path) => path !== inTime)).to.deep.equal([]);
      expect(tooLateSeen?.filter((path) => path !== tooLate)).to.deep.equal([]);
      return [`${inTime} | ${tooLate}`];
    },
  },
  {
    number: '48',
    title: 'orders with lines in opposite order: no deadlock',
    paths: ['24 x OPEN>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const before = await deadlocks(stage.service.database);
      const sales = await ordersInOppositeOrder(stage, 24);
      expect((await deadlocks(stage.service.database)) - before).to.equal(0);
      return ways(stage, sales);
    },
  },
];
