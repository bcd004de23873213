import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { deploy } from '../../src/commands/deploy.ts';
import { correlateLeftMessage } from '../../src/commands/message.ts';
import { publishMessage } from '../../src/commands/publish-message.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { leaveMessage } from '../../src/persistence/messages.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { aCustomer, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('messages', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  const freed = (key: string) => ({ name: 'credit.headroom-changed', correlationKey: key, variables: {} });
  /** A sale that waits for credit to be freed. */
  const held = async (): Promise<Awaited<ReturnType<typeof aSaleOrder>>> => {
    const customer = await aCustomer(world);
    await world.database.query(
      `update orderflow.credit_profile set hold = 'HOLD', hold_reason = 'a test' where customer_id = $1`,
      [customer.id],
    );
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    return sale;
  };

  it('one that nobody waits for and that may not be kept is refused, and leaves no row', async () => {
    const problem = await problemOf(publishMessage(world.deps, by('operator'), { ...freed(randomUUID()), timeToLiveMs: 0 }));
    expect(problem.code).to.equal('nobody-waits');
    expect(await world.database.query('select 1 from orderflow.message')).to.deep.equal([]);
  });

  it('one that somebody waits for is delivered at once', async () => {
    const sale = await held();
    await world.database.query(`update orderflow.credit_profile set hold = 'NONE'`);
    const { body } = await publishMessage(world.deps, by('operator'), { ...freed(sale.id), timeToLiveMs: 0 });
    expect(body['result']).to.equal('delivered');
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal([
      'OPEN',
      'CREDIT_CHECK',
      'CREDIT_HOLD',
      'CREDIT_CHECK',
      'RESERVING',
      'CLEARED',
    ]);
  });

  it('one that comes early is kept, and correlated as soon as its wait opens', async () => {
    const sale = await aSaleOrder(world);
    await world.drain();
    const [fulfilment] = await world.database.query<{ id: string; number: string }>(
      'select id, number from orderflow.fulfilment where sale_order_id = $1',
      [sale.id],
    );
    const early = await takeProviderEvent(world.deps, {
      provider: 'carrier',
      eventId: 'early',
      type: 'carrier.delivered',
      data: { reference: fulfilment!.number },
    });
    expect(early.body['result']).to.equal('buffered');
    const { shipFulfilment } = await import('../../src/commands/ship-fulfilment.ts');
    await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: fulfilment!.id });
    await world.drain();
    expect((await statesOf(world, fulfilment!.id)).slice(-2)).to.deep.equal(['SHIPPED', 'DELIVERED']);
  });

  it('one that is kept too long expires unread', async () => {
    const key = randomUUID();
    await publishMessage(world.deps, by('operator'), { ...freed(key), timeToLiveMs: 1000 });
    await world.pass(1001);
    const [row] = await world.database.query<{ id: string }>('select id from orderflow.message where correlation_key = $1', [
      key,
    ]);
    expect(await correlateLeftMessage(world.deps, row!.id)).to.equal(false);
  });

  it('the same messageId of the same source is one message, and two correlators at once consume it once', async () => {
    const sale = await held();
    const message = { ...freed(sale.id), source: 'test', messageId: 'once', timeToLiveMs: 60_000 };
    const ids = await world.database.transaction(async (tx) => [
      await leaveMessage(tx, message),
      await leaveMessage(tx, message),
    ]);
    expect(ids[1]).to.equal(undefined);
    const results = await Promise.all([1, 2, 3].map(() => correlateLeftMessage(world.deps, ids[0]!)));
    expect(results).to.include(true);
    const [row] = await world.database.query<{ n: number }>(
      `select count(*) as n from orderflow.step where instance_id = $1 and trigger = 'message:credit.headroom-changed'`,
      [sale.processInstanceId],
    );
    expect(row?.n).to.equal(1);
  });

  it('one that was consumed is not consumed again when it is delivered again and somebody waits', async () => {
    const sale = await held();
    const id = await world.database.transaction((tx) =>
      leaveMessage(tx, { ...freed(sale.id), source: 'test', timeToLiveMs: 60_000 }),
    );
    await world.drain();
    expect((await statesOf(world, sale.id)).slice(-3)).to.deep.equal(['CREDIT_HOLD', 'CREDIT_CHECK', 'CREDIT_HOLD']);
    await correlateLeftMessage(world.deps, id!);
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK', 'CREDIT_HOLD', 'CREDIT_CHECK', 'CREDIT_HOLD']);
  });

  it('the same messageId to two orders at once reaches one of them', async () => {
    const [first, second] = [await held(), await held()];
    const publish = (key: string) =>
      publishMessage(world.deps, by('worker'), { ...freed(key), messageId: 'for one only', timeToLiveMs: 0 });
    const results = (await Promise.all([publish(first.id), publish(second.id)])).map(({ body }) => body['result']);
    expect(results).to.have.members(['delivered', 'duplicate']);
  });

  it('what has a command of its own is not published from outside, and an order takes no variables', async () => {
    const sale = await held();
    for (const name of [
      'sale.cancel-requested',
      'sale.fulfilments-closed',
      'payment.captured',
      'carrier.delivered',
      'quotation.withdraw-requested',
    ]) {
      const problem = await problemOf(publishMessage(world.deps, by('operator'), { ...freed(sale.id), name, timeToLiveMs: 0 }));
      expect([name, problem.code]).to.deep.equal([name, 'forbidden']);
    }
    const variables = { sale: { totalMinor: 1 } };
    const problem = await problemOf(
      publishMessage(world.deps, by('operator'), { ...freed(sale.id), variables, timeToLiveMs: 0 }),
    );
    expect(problem.code).to.equal('validation-failed');
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CREDIT_HOLD');
  });

  it('one that is kept brings no variables into an order either', async () => {
    const customer = await aCustomer(world);
    await world.database.query(
      `update orderflow.credit_profile set hold = 'HOLD', hold_reason = 'a test' where customer_id = $1`,
      [customer.id],
    );
    const sale = await aSaleOrder(world, { customer: customer.id });
    const variables = { sale: { totalMinor: 1 } };
    const early = await publishMessage(world.deps, by('worker'), {
      ...freed(sale.id),
      variables,
      messageId: 'early, with variables',
      timeToLiveMs: 60_000,
    });
    await world.drain();

    const [instance] = await world.database.query<{ total: string | null }>(
      `select variables #>> '{sale,totalMinor}' as total from orderflow.process_instance where id = $1`,
      [sale.processInstanceId],
    );
    expect(early.body['result']).to.equal('buffered');
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK', 'CREDIT_HOLD', 'CREDIT_CHECK', 'CREDIT_HOLD']);
    expect(Number(instance?.total)).to.be.greaterThan(1);
  });

  it('what has a command of its own is not thrown by a diagram either', async () => {
    const sale = await held();
    const thief = b.bpmnNamed(
      'thief',
      b.message('sale.cancel-requested', `="${sale.id}"`),
      b.start('s'),
      b.thrown('steal', b.onMessage('sale.cancel-requested')),
      b.end('e'),
      b.flow('s', 'steal', 'e'),
    );
    await deploy(
      world.database,
      new Map([
        ['thief.bpmn', thief],
        ['thief.variables.schema.json', '{"type": "object"}'],
      ]),
      'analyst',
    );

    const problem = await problemOf(
      startProcess(world.deps, by('operator'), { processId: 'thief', businessKey: 'T-1', variables: {} }),
    );
    await world.drain();

    expect(problem.code).to.equal('step-failed');
    expect(problem.message).to.contain('POST /v1/sale-orders/{id}/cancellation');
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CREDIT_HOLD');
  });

  it('what is for orders is waited for by nobody else, who could take it from them', async () => {
    const sale = await held();
    const taker = b.bpmnNamed(
      'taker',
      b.message('credit.headroom-changed', `="${sale.id}"`),
      b.start('s'),
      b.receive('take', 'credit.headroom-changed', b.properties({ sla: 'P1D' })),
      b.end('e'),
      b.flow('s', 'take', 'e'),
    );
    await deploy(
      world.database,
      new Map([
        ['taker.bpmn', taker],
        ['taker.variables.schema.json', '{"type": "object"}'],
      ]),
      'analyst',
    );

    const problem = await problemOf(
      startProcess(world.deps, by('operator'), { processId: 'taker', businessKey: 'T-1', variables: {} }),
    );

    expect(problem.code).to.equal('step-failed');
    expect(problem.message).to.contain('credit.headroom-changed is for orders, and T-1 is none.');
  });

  it('of the messages of order processes only those are published from outside that have an order look again', async () => {
    const sale = await held();
    const open: string[] = [];
    for (const name of await messagesOf('quotation', 'sale', 'fulfilment', 'return')) {
      const problem = await problemOf(
        publishMessage(world.deps, by('worker'), { ...freed(randomUUID()), name, timeToLiveMs: 0 }),
      );
      if (problem.code !== 'forbidden') open.push(name);
    }
    expect(open).to.have.members(['credit.headroom-changed', 'inventory.available', 'fulfilment.hold-released']);
    const changed = { ...freed(sale.id), name: 'sale.changed', timeToLiveMs: 0 };
    expect((await problemOf(publishMessage(world.deps, by('worker'), changed))).code).to.equal('forbidden');
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CREDIT_HOLD');
  });
});

/** The names of the messages that shipped diagrams declare. */
const messagesOf = async (...processes: string[]): Promise<string[]> => {
  const files = await Promise.all(processes.map((each) => readFile(path.join('processes', `${each}.bpmn`), 'utf8')));
  return files.flatMap((xml) => [...xml.matchAll(/<bpmn:message [^>]*name="([^"]+)"/g)].map(([, name = '']) => name));
};
