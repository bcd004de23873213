import { expect } from 'chai';
import { acknowledgeEvents, registerEventConsumer, removeEventConsumer } from '../../src/commands/event-consumers.ts';
import { createEventPush } from '../../src/outbox/event-push.ts';
import { publishEvents } from '../../src/outbox/publisher.ts';
import { emit } from '../../src/persistence/events.ts';
import { readEventConsumer } from '../../src/queries/event.ts';
import type { Problem } from '../../src/support/errors.ts';
import { newId } from '../../src/support/ids.ts';
import { createLogger } from '../../src/support/logger.ts';
import { verifyWebhook } from '../../src/support/webhook-signature.ts';
import { startProgram } from '../helpers/programs.ts';
import { failure, until } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { startConsumer, type Delivery } from './consumer.ts';
import type { PushOrders } from './programs/push-events.ts';

describe('event consumers', () => {
  let world: World;
  const open: { close(): Promise<unknown> }[] = [];
  const opened = <Thing extends { close(): Promise<unknown> }>(thing: Thing): Thing => {
    open.push(thing);
    return thing;
  };
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((thing) => thing.close()));
    await world.close();
  });

  const subjects = [newId(), newId(), newId()];
  /** Tells so many things, in turns of three subjects, and publishes them. */
  async function tell(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const subject = { type: 'credit_profile', id: subjects[n % subjects.length]! };
      await world.database.transaction((tx) => emit(tx, { type: 'credit.exposure-changed', subject, data: { n } }));
    }
    while ((await publishEvents(world.database)) > 0);
  }
  const register = async (name: string, url?: string, after = 0) =>
    (await registerEventConsumer(world.deps, by('operator'), { name, after, ...(url !== undefined && { url }) })).body;
  const push = (settings = {}) =>
    createEventPush(
      world.database,
      { publicUrl: 'https://orders.example', sweepMs: 20, batch: 4, answerMs: 500, ...settings },
      createLogger('silent'),
    ).start();
  const positionsOf = (deliveries: readonly Delivery[]): number[] =>
    deliveries.flatMap(({ events }) => events.map((event) => Number(event.position)));
  const place = async (name: string) => Number((await readEventConsumer(world.database, name))['position']);

  it('one that fetches keeps its place here, and only moves on', async () => {
    await tell(5);
    expect(await register('warehouse', undefined, 1))
      .to.include({ name: 'warehouse', position: 1, behind: 4, url: null })
      .and.not.have.property('secret');
    const acknowledge = (position: number) => acknowledgeEvents(world.deps, by('worker'), { name: 'warehouse', position });
    expect((await acknowledge(3)).body).to.include({ position: 3, behind: 2 });
    const codeOf = async (promise: Promise<unknown>) => ((await failure(promise)) as Problem).code;
    expect(await codeOf(acknowledge(2))).to.equal('wrong-state');
    expect(await codeOf(acknowledge(6)), 'nobody has seen what is not there').to.equal('wrong-state');
    expect(await codeOf(register('warehouse'))).to.equal('wrong-state');
    expect(await codeOf(registerEventConsumer(world.deps, by('sales'), { name: 'x', after: 0 }))).to.equal('forbidden');
    await removeEventConsumer(world.deps, by('operator'), 'warehouse');
    expect(await codeOf(acknowledge(4))).to.equal('not-found');
  });

  it('one with an address gets batches in order, signed with its own secret', async () => {
    await tell(10);
    const consumer = opened(await startConsumer());
    const secret = (await register('billing', consumer.url))['secret'] as string;
    const pusher = push();
    await until(async () => (await place('billing')) === 10);
    await pusher.stop();

    expect(consumer.deliveries.map(({ events }) => events.length)).to.deep.equal([4, 4, 2]);
    expect(positionsOf(consumer.deliveries)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const { headers, body } of consumer.deliveries) {
      expect(headers['content-type']).to.include('application/cloudevents-batch+json');
      expect(verifyWebhook({ headers, body, secrets: [secret], now: new Date() }).genuine).to.equal(true);
      expect(verifyWebhook({ headers, body: `${body} `, secrets: [secret], now: new Date() }).genuine).to.equal(false);
    }
    expect(await readEventConsumer(world.database, 'billing'), 'the secret is told once').not.to.have.property('secret');
  });

  it('one that refuses, is slow or away gets the same batch again, and keeps nobody else waiting', async () => {
    await tell(6);
    const sick = opened(await startConsumer((_delivery, count) => (count === 1 ? 500 : count === 2 ? undefined : 200)));
    const well = opened(await startConsumer());
    await register('sick', sick.url);
    await register('well', well.url);
    await register('away', 'http://127.0.0.1:9/nobody');
    const pusher = push();
    await until(async () => (await place('well')) === 6);
    await until(async () => (await place('sick')) === 6, 20_000);
    await pusher.stop();
    expect(positionsOf(sick.deliveries)).to.deep.equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6]);
    expect(positionsOf(well.deliveries)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    const away = await readEventConsumer(world.database, 'away');
    expect(away).to.include({ position: 0 });
    expect(away['failures']).to.be.greaterThan(0);
    expect(away['lastError']).to.be.a('string');
  });

  it('several processes push to a consumer one at a time', async () => {
    await tell(40);
    const consumer = opened(await startConsumer());
    await register('one', consumer.url);
    const pushers = [push(), push(), push()];
    await until(async () => (await place('one')) === 40);
    await Promise.all(pushers.map((pusher) => pusher.stop()));
    expect(positionsOf(consumer.deliveries)).to.deep.equal(Array.from({ length: 40 }, (_each, n) => n + 1));
  });

  for (const [when, status] of [
    ['before it is answered', undefined],
    ['after it was answered and before that is written down', 200],
  ] as const) {
    it(`64 the pushing process is killed mid-batch, ${when}: every event at least once, each subject in order`, async () => {
      await tell(20);
      const orders: PushOrders = { target: world.target, answerMs: 400, batch: 3 };
      const start = () => startProgram('test/events/programs/push-events.ts', [JSON.stringify(orders)]);
      let pusher = start();
      const killed: Promise<unknown>[] = [];
      const consumer = opened(
        await startConsumer((_delivery, count) => {
          if (count === 2 || count === 5) {
            pusher.process.kill('SIGKILL');
            killed.push(pusher.end('SIGKILL'));
            return status;
          }
          return 200;
        }),
      );
      await register('ledger', consumer.url);
      for (let crashes = 0; crashes < 2; crashes++) {
        await until(() => killed.length === crashes + 1, 20_000);
        await killed[crashes];
        pusher = start();
      }
      await until(async () => (await place('ledger')) === 20, 20_000);
      await pusher.end('SIGKILL');

      const seen = consumer.deliveries.flatMap(({ events }) => events);
      expect(seen.length, 'the batch that was cut off came again').to.be.greaterThan(20);
      const once = [...new Map(seen.map((event) => [event.id, event])).values()];
      expect(once.map((event) => Number(event.position))).to.deep.equal(Array.from({ length: 20 }, (_each, n) => n + 1));
      for (const subject of subjects) {
        const told = once.filter((event) => event.subject === subject).map((event) => event.data['n'] as number);
        expect(told).to.deep.equal([...told].sort((a, b) => a - b));
      }
    });
  }
});
