import { expect } from 'chai';
import { eventTypes } from '../../src/contract/events.ts';
import { createPublisher, publishEvents } from '../../src/outbox/publisher.ts';
import { emit } from '../../src/persistence/events.ts';
import { readEvents, type PublishedEvent } from '../../src/queries/event.ts';
import { newId } from '../../src/support/ids.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { createLogger } from '../../src/support/logger.ts';
import { aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { failure } from '../helpers/promises.ts';
import { openWorld, type World } from '../helpers/world.ts';

const publicUrl = 'https://orders.example';

/** Publishes all there is, and reads it as a consumer does, page by page. */
async function consume(world: World, after = 0): Promise<PublishedEvent[]> {
  while ((await publishEvents(world.database)) > 0);
  const events: PublishedEvent[] = [];
  for (;;) {
    const page = await readEvents(world.database, publicUrl, { after: Number(events.at(-1)?.position ?? after), limit: 7 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

const of = (events: readonly PublishedEvent[], subject: string): PublishedEvent[] =>
  events.filter((event) => event.subject === subject);
const typesOf = (events: readonly PublishedEvent[]): unknown[] => events.map((event) => event.type);

describe('events', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it('an order tells each change of its state, its tasks and its ledgers, each with data that fits its schema', async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();

    const events = await consume(world);

    const told = of(events, quotation.id).filter((event) => !event.type.startsWith('orders.workflow.'));
    expect(typesOf(told)).to.deep.equal([
      'orders.quotation.created.v1',
      'orders.quotation.sent.v1',
      'orders.quotation.approved.v1',
    ]);
    expect(typesOf(events)).to.include.members([
      'orders.sale.opened.v1',
      'orders.sale.admitted.v1',
      'orders.sale.cleared.v1',
      'orders.credit.hold-placed.v1',
      'orders.inventory.reserved.v1',
      'orders.fulfilment.created.v1',
      'orders.fulfilment.released.v1',
      'orders.workflow.task-created.v1',
      'orders.workflow.task-completed.v1',
    ]);
    for (const { type, data } of events) {
      const name = type.slice('orders.'.length, -'.v1'.length) as keyof typeof eventTypes;
      const { error } = eventTypes[name].safeParse(data);
      expect(error, `${name}: ${error?.message} ${JSON.stringify(data)}`).to.equal(undefined);
    }
    const [sent] = of(events, quotation.id).filter((event) => event.type === 'orders.quotation.sent.v1');
    expect(sent).to.include({ specversion: '1.0', source: '/orderflow', partitionkey: quotation.id });
    expect(sent!.dataschema).to.equal(`${publicUrl}/v1/event-types/orders.quotation.sent.v1`);
    expect(sent!.data).to.deep.include({
      number: quotation.number,
      workflowState: { from: 'DRAFT', to: 'SENT' },
      currency: 'EUR',
      offerRevision: 1,
    });
  });

  it('every transition is told, in its order, and all phases of an order have one correlation', async () => {
    const sale = await aSaleOrder(world);
    await world.drain();

    const events = await consume(world);

    const told = of(events, sale.id).filter((event) => event.type === 'orders.workflow.transitioned.v1');
    const states = told.map((event) => (event.data['workflowState'] as JsonObject)['to']);
    expect(states).to.deep.equal(await statesOf(world, sale.id));
    expect(of(events, sale.id).map((event) => event.sequence)).to.deep.equal(
      of(events, sale.id).map((_event, index) => String(index + 1)),
    );
    const ofOrders = events.filter((event) => /orders\.(sale|fulfilment)\./.test(event.type));
    expect(ofOrders.map((event) => event.type)).to.include('orders.fulfilment.created.v1');
    expect(new Set(ofOrders.map((event) => event.correlationid))).to.deep.equal(new Set([sale.processInstanceId]));
    const [opened] = ofOrders;
    const commands = await world.database.query('select 1 from orderflow.command where id = $1', [opened!['causationid']]);
    expect(commands).to.have.length(1);
  });

  it('a transaction that rolls back tells nothing, and one insert tells all of a transaction', async () => {
    const id = newId();
    const event = { type: 'credit.exposure-changed', subject: { type: 'credit_profile', id }, data: {} };
    const broken = world.database.transaction(async (tx) => {
      await emit(tx, event);
      throw new Error('no');
    });
    expect((await failure(broken)).message).to.equal('no');
    await world.database.transaction(async (tx) => {
      for (let n = 0; n < 3; n++) await emit(tx, { ...event, data: { n } });
      expect(await tx.query('select 1 from orderflow.event where subject_id = $1', [id]), 'before the end').to.have.length(0);
    });
    const told = of(await consume(world), id);
    expect(told.map((each) => each.data['n'])).to.deep.equal([0, 1, 2]);
  });

  it('an undeclared type is a mistake of ours', async () => {
    const event = { type: 'sale.exploded', subject: { type: 'sale_order', id: newId() }, data: {} };
    expect((await failure(world.database.transaction((tx) => emit(tx, event)))).message).to.include('sale.exploded');
  });

  it('is written down for ever: only its place is added, once', async () => {
    await aSaleOrder(world);
    await consume(world);
    for (const change of [
      `update orderflow.event set actor = 'x'`,
      'update orderflow.event set position = position + 1000',
      'delete from orderflow.event',
    ]) {
      expect((await failure(world.database.query(change))).message).to.include('append-only');
    }
  });

  it('an event that commits late comes late: whoever has read on misses nothing, and no subject is out of order', async () => {
    const [slow, fast] = [newId(), newId()];
    const tell = (subject: string, n: number, then?: () => Promise<void>) =>
      world.database.transaction(async (tx) => {
        await emit(tx, { type: 'credit.exposure-changed', subject: { type: 'credit_profile', id: subject }, data: { n } });
        await tx.finish(); // the row is there, with its sequence, and is not committed yet
        await then?.();
      });
    let commitSlow: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (commitSlow = resolve));
    let inserted: () => void = () => undefined;
    const isInserted = new Promise<void>((resolve) => (inserted = resolve));
    const late = tell(slow, 1, () => (inserted(), held));
    await isInserted;
    await tell(fast, 1);

    const before = await consume(world);
    expect(of(before, fast)).to.have.length(1);
    expect(of(before, slow)).to.have.length(0);
    commitSlow();
    await late;
    await tell(slow, 2);

    const after = await consume(world, Number(before.at(-1)?.position));
    expect(of(after, slow).map((event) => event.data['n'])).to.deep.equal([1, 2]);
    const [rows] = await world.database.query<{ older: boolean }>(
      `select (select min(sequence) from orderflow.event where subject_id = $1) < (select min(sequence) from orderflow.event where subject_id = $2) as older`,
      [slow, fast],
    );
    expect(rows?.older, 'the late one had drawn its number first').to.equal(true);
  });

  it('while one publisher is at it, another has nothing to do and does not wait', async () => {
    await aSaleOrder(world);
    await world.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('orderflow.publisher'))`);
      expect(await publishEvents(world.database)).to.equal(0);
    });
    expect(await publishEvents(world.database)).to.be.greaterThan(0);
  });

  it('under concurrent transactions and three publishers a reader by position gets every event once, in the order of each subject', async () => {
    const subjects = Array.from({ length: 8 }, () => newId());
    await world.database.query('create table turn (id uuid primary key, n int not null)');
    for (const id of subjects) await world.database.query('insert into turn values ($1, 0)', [id]);
    const publishers = [1, 2, 3].map(() => createPublisher(world.database, 5, createLogger('silent')).start());
    const over = new AbortController();
    const seen: PublishedEvent[] = [];
    const read = async (): Promise<void> => {
      const after = Number(seen.at(-1)?.position ?? 0);
      seen.push(...(await readEvents(world.database, publicUrl, { after, limit: 20 })));
    };
    const reader = (async () => {
      while (!over.signal.aborted) await read();
    })();

    const writer = async (seed: number): Promise<void> => {
      for (let n = 0; n < 40; n++) {
        const id = subjects[(seed * 7 + n * 3) % subjects.length]!;
        await world.database.transaction(async (tx) => {
          const row = await tx.one<{ n: number }>('update turn set n = n + 1 where id = $1 returning n', [id]);
          await emit(tx, { type: 'credit.exposure-changed', subject: { type: 'credit_profile', id }, data: { n: row.n } });
          await tx.finish();
          await new Promise((resolve) => setTimeout(resolve, (seed * n) % 4));
        });
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(writer));
    over.abort();
    await reader;
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    while ((await publishEvents(world.database)) > 0);
    for (let before = -1; before < seen.length;) {
      before = seen.length;
      await read();
    }

    expect(seen).to.have.length(240);
    expect(seen.map((event) => Number(event.position))).to.deep.equal(seen.map((_event, index) => index + 1));
    for (const id of subjects) {
      const turns = of(seen, id).map((event) => event.data['n']);
      expect(turns).to.deep.equal(turns.map((_turn, index) => index + 1));
    }
  });
});
