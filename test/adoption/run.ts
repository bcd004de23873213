/**
 * The full figure: 10,000 orders of an old system are adopted twice (`node --import tsx test/adoption/run.ts [orders] [seed]`). Prints what it took as JSON; throws when the
 * second run changes anything, a provider would be asked for something, the report does not reconcile, or audit or invariants find something.
 */
import { expect } from 'chai';
import { redecideCredit } from '../../src/commands/adoption/redecide.ts';
import { effectOf } from '../../src/compose.ts';
import { stopTestServer } from '../helpers/database.ts';
import { openWorld } from '../helpers/world.ts';
import { adopt, countOf, digestOf, faultsOf, sample } from './world.ts';

const [orders, seed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)];
const seconds = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - start) / 1000];
};

const world = await openWorld();
try {
  const records = await sample(world, orders, seed);
  const [first, firstSeconds] = await seconds(() => adopt(world, records));
  const digest = await digestOf(world.database);
  const [second, secondSeconds] = await seconds(() => adopt(world, records));
  expect(await digestOf(world.database), 'the second run changes nothing').to.deep.equal(digest);
  expect([second.orders, second.masters]).to.deep.equal([0, 0]);
  expect(first.reconciliation.differences, 'the report reconciles').to.deep.equal([]);
  expect(first.orders + first.findings.length, 'every order is here or on the review list').to.equal(orders);
  expect(await countOf(world, 'event'), 'no event').to.equal(0);
  expect(await countOf(world, 'message'), 'no message').to.equal(0);
  expect(await countOf(world, `outbox where job_type <> 'credit.decide'`), 'no job towards anybody').to.equal(0);
  expect(await faultsOf(world), 'audit and invariants').to.deep.equal([]);
  const [decided, decideSeconds] = await seconds(() => redecideCredit(world.deps, effectOf('credit.decide')));
  const outside = await countOf(world, `outbox where job_type like 'payment.%' or job_type like 'carrier.%'`);
  expect(outside, 'no job towards a provider after credit was decided').to.equal(0);
  expect(await faultsOf(world), 'audit and invariants after credit was decided').to.deep.equal([]);
  const figures = {
    orders,
    seed,
    adopted: first.orders,
    review: first.findings.length,
    decided,
    firstSeconds,
    secondSeconds,
    decideSeconds,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await world.close();
  await stopTestServer();
}
