import { expect } from 'chai';
import { startByLeftMessage } from '../../src/commands/start-by-message.ts';
import { leaveMessage } from '../../src/persistence/messages.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { openLab, type Lab } from './lab.ts';

const hour = 3600_000;

/** Started by `placed`; runs until `done` comes with its key. */
export const order = (processId = 'order', extra: readonly string[] = []): string =>
  b.bpmnNamed(
    processId,
    b.message('placed', '=key'),
    b.message('done', '=key'),
    b.start('o_start', b.onMessage('placed')),
    b.receive('o_done', 'done', b.properties({ sla: 'P30D' })),
    b.end('o_end'),
    b.flow('o_start', 'o_done', 'o_end'),
    ...extra,
  );
const variables = { key: { type: 'string', default: '' }, n: { type: 'number', default: 0 } };

describe('message start events', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
    await lab.deploy({ order: order() }, variables);
  });
  afterEach(() => lab.close());

  const place = (key: string, n: number, timeToLiveMs = hour) =>
    lab.publish({
      name: 'placed',
      correlationKey: key,
      variables: { key, n },
      timeToLiveMs,
      ...(timeToLiveMs > 0 && { messageId: `${key}:${n}` }),
    });
  const finish = (key: string) => lab.publish({ name: 'done', correlationKey: key });

  it('a message starts an instance at once, with its variables, its key as business key, and a trigger that names it', async () => {
    const { body } = await place('K-1', 1, 0);

    expect(body['result']).to.equal('delivered');
    const [instance] = await lab.instances('order');
    expect(instance).to.include({ businessKey: 'K-1', status: 'running' });
    expect(instance?.variables).to.deep.include({ key: 'K-1', n: 1 });
    expect(body['processInstance']).to.include({ id: instance?.id, status: 'running' });
    expect(await lab.triggers(instance!.id)).to.deep.equal(['message:placed']);
  });

  it('while an instance with the key runs, a message without time to live is refused and one with it is kept; other keys start', async () => {
    await place('K-1', 1);
    const problem = await problemOf(place('K-1', 2, 0));
    expect(problem.code).to.equal('nobody-waits');
    expect(problem.message).to.include('one with the key K-1 runs');
    expect((await place('K-1', 3)).body['result']).to.equal('buffered');
    expect((await place('K-2', 1)).body['result']).to.equal('delivered');
    await lab.correlate();
    expect(await lab.stands('order')).to.deep.equal(['K-1 running', 'K-2 running']);
  });

  it('kept messages start one instance after the other, in the order in which they came, each when the one before has ended', async () => {
    for (let n = 1; n <= 4; n++) await place('K-1', n);
    for (let n = 1; n <= 4; n++) {
      await lab.correlate(3);
      const instances = await lab.instances('order');
      expect(instances.map((each) => each.variables['n'])).to.deep.equal([1, 2, 3, 4].slice(0, n));
      expect(instances.filter(({ status }) => status === 'running')).to.have.length(1);
      await finish('K-1');
    }
    await lab.correlate();
    expect(await lab.stands('order')).to.deep.equal(Array.from({ length: 4 }, () => 'K-1 completed'));
  });

  it('the end of an instance wakes who starts the next one', async () => {
    const woken: string[] = [];
    const end = await lab.database.listen('orderflow', (topics) => woken.push(topics));
    await place('K-1', 1);
    woken.length = 0;
    await finish('K-1');
    await lab.database.query(`select pg_notify('orderflow', 'the last word')`);
    while (!woken.includes('the last word')) await new Promise((resolve) => setImmediate(resolve));
    await end();
    // one for the message that was left for the wait, one for the end
    expect(woken.filter((topics) => topics.split(',').includes('messages')).length).to.be.at.least(2);
  });

  it('20 publications of one messageId at once start one instance', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => place('K-1', 1)));
    expect(results.filter(({ body }) => body['result'] === 'delivered')).to.have.length(1);
    expect(results.filter(({ body }) => body['result'] === 'duplicate')).to.have.length(19);
    await lab.correlate(2);
    expect(await lab.stands('order')).to.deep.equal(['K-1 running']);
  });

  it('20 messages for one key at once start one instance; the others are kept and start later ones', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_each, n) => place('K-1', n)));
    expect(results.map(({ body }) => body['result']).filter((result) => result === 'delivered')).to.have.length(1);
    for (let n = 0; n < 20; n++) {
      await lab.correlate(2);
      await finish('K-1');
    }
    const started = (await lab.instances('order')).map((each) => Number(each.variables['n']));
    expect(started.toSorted((x, y) => x - y)).to.deep.equal(Array.from({ length: 20 }, (_each, n) => n));
  });

  it('three correlators and the start that was kept: one instance, also when it is asked for by name', async () => {
    await place('K-1', 1);
    await place('K-1', 2);
    const [left] = await lab.database.query<{ messageId: string; processId: string }>(
      `select message_id as "messageId", process_id as "processId" from orderflow.message_start where done_at is null`,
    );
    expect(await startByLeftMessage(lab.deps, left!)).to.equal(false);
    await finish('K-1');
    const asked = await Promise.all([1, 2, 3].map(() => startByLeftMessage(lab.deps, left!)));
    await lab.correlate(3);
    expect(asked).to.include(true);
    expect(await lab.stands('order')).to.deep.equal(['K-1 completed', 'K-1 running']);
  });

  it('a message that is kept too long starts nothing', async () => {
    await place('K-1', 1);
    await place('K-1', 2, 1000);
    await lab.pass(1001);
    await finish('K-1');
    await lab.correlate();
    expect(await lab.stands('order')).to.deep.equal(['K-1 completed']);
  });

  it('a message without a key starts an instance each time', async () => {
    for (const key of ['a', 'b']) await lab.publish({ name: 'placed', variables: { key } });
    const instances = await lab.instances('order');
    expect(instances).to.have.length(2);
    expect(new Set(instances.map(({ businessKey }) => businessKey)).size).to.equal(2);
  });

  it('it starts the latest version, at the start event that the message belongs to; a version without it starts no more', async () => {
    await place('K-1', 1);
    await lab.deploy(
      {
        order: order('order', [b.start('o_other')]).replace(
          '<bpmn:endEvent',
          '<bpmn:sequenceFlow id="x" sourceRef="o_other" targetRef="o_done"/><bpmn:endEvent',
        ),
      },
      variables,
    );
    await place('K-2', 2);
    expect((await lab.instances('order')).map(({ version }) => version)).to.deep.equal([1, 2]);
    await lab.deploy({ order: b.bpmnNamed('order', b.start('o_plain'), b.end('o_end'), b.flow('o_plain', 'o_end')) }, variables);
    expect((await problemOf(place('K-3', 3, 0))).code).to.equal('nobody-waits');
  });

  it('of two processes with the same start message both start, each once', async () => {
    await lab.deploy({ copy: order('copy') }, variables);
    const { body } = await place('K-1', 1);
    expect(body['started']).to.have.length(2);
    await place('K-1', 2);
    await finish('K-1'); // one of the two waits takes it
    await finish('K-1');
    await lab.correlate(2);
    for (const processId of ['order', 'copy'])
      expect(await lab.stands(processId)).to.deep.equal(['K-1 completed', 'K-1 running']);
  });

  it('an instance that waits for it comes before one that it would start', async () => {
    const again = b.bpmnNamed(
      'order',
      b.message('placed', '=key'),
      b.start('o_start', b.onMessage('placed')),
      b.receive('o_again', 'placed', b.properties({ sla: 'P30D' })),
      b.end('o_end'),
      b.flow('o_start', 'o_again', 'o_end'),
    );
    await lab.deploy({ order: again }, variables);
    await place('K-1', 1);
    await lab.correlate();
    expect(await lab.stands('order'), 'it does not receive the message that started it').to.deep.equal(['K-1 running']);
    await place('K-1', 2);
    expect(await lab.stands('order')).to.deep.equal(['K-1 completed']);
    await lab.correlate();
    expect(await lab.stands('order')).to.deep.equal(['K-1 completed']);
  });

  it('a message thrown by a diagram starts an instance with its key, exactly once', async () => {
    const thrower = b.bpmnNamed(
      'thrower',
      b.message('begin', '=key'),
      b.message('placed', '="from " + key'),
      b.start('t_start', b.onMessage('begin')),
      b.thrown('t_throw', b.onMessage('placed')),
      b.end('t_end'),
      b.flow('t_start', 't_throw', 't_end'),
    );
    await lab.deploy({ thrower, order: order().replaceAll('=key', '=&quot;any&quot;') }, variables);
    await lab.publish({ name: 'begin', correlationKey: 'A', variables: { key: 'A' } });
    await lab.correlate(3);
    expect(await lab.stands('thrower')).to.deep.equal(['A completed']);
    expect(await lab.stands('order')).to.deep.equal(['from A running']);
  });

  it('a throw event that two tokens pass in one step throws two messages', async () => {
    const thrower = b.bpmnNamed(
      'thrower',
      b.message('begin', '=key'),
      b.message('placed', '="from " + key'),
      b.start('t_start', b.onMessage('begin')),
      b.and('t_split'),
      b.xor('t_join'),
      b.thrown('t_throw', b.onMessage('placed')),
      b.end('t_end'),
      b.flow('t_start', 't_split', 't_join', 't_throw', 't_end'),
      b.plain('t_second'),
      b.flow('t_split', 't_second', 't_join'),
    );
    await lab.deploy({ thrower }, variables);
    await lab.publish({ name: 'begin', correlationKey: 'A', variables: { key: 'A' } });
    const [row] = await lab.database.query<{ n: number }>(`select count(*) as n from orderflow.message where name = 'placed'`);
    expect(row?.n).to.equal(2);
  });

  it('a start that fails is noted and tried again; it keeps its place in the order, and nothing is lost', async () => {
    const failing = order()
      .replace(
        '<bpmn:sequenceFlow id="o_start.o_done"',
        '<bpmn:exclusiveGateway id="g" default="g.o_done"/><bpmn:sequenceFlow id="o_start.g" sourceRef="o_start" targetRef="g"/>' +
          '<bpmn:sequenceFlow id="g.o_end" sourceRef="g" targetRef="o_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=n &gt; 5</bpmn:conditionExpression></bpmn:sequenceFlow>' +
          '<bpmn:sequenceFlow id="g.o_done"',
      )
      .replace('id="g.o_done" sourceRef="o_start"', 'id="g.o_done" sourceRef="g"');
    await lab.deploy({ order: failing }, variables);
    const leave = (n: unknown) =>
      lab.database.transaction((tx) =>
        leaveMessage(tx, {
          name: 'placed',
          correlationKey: 'K-1',
          variables: { key: 'K-1', n: n as number },
          source: 'test',
          timeToLiveMs: hour,
        }),
      );
    await leave('not a number');
    await leave(2);
    await lab.correlate();
    const [row] = await lab.database.query<{ failures: number; error: string }>(
      'select failures, last_error as error from orderflow.message_start where failures > 0',
    );
    expect(row?.failures).to.equal(1);
    expect(row?.error).to.include('cannot go on');
    expect(await lab.stands('order'), 'the second waits for the first').to.deep.equal([]);
    await lab.deploy({ order: order() }, variables);
    await lab.pass(10_000);
    await lab.correlate();
    await finish('K-1');
    await lab.correlate();
    expect((await lab.instances('order')).map((each) => each.variables['n'])).to.deep.equal(['not a number', 2]);
  });

  it('two start events of one process with one name are refused at deployment', async () => {
    const twice = order('order', [b.start('o_twin', b.onMessage('placed'))]).replace(
      '<bpmn:endEvent',
      '<bpmn:sequenceFlow id="x" sourceRef="o_twin" targetRef="o_done"/><bpmn:endEvent',
    );
    const problem = await problemOf(lab.deploy({ order: twice }, variables));
    expect(problem.code).to.equal('definition-refused');
    expect(problem.message).to.include('o_start starts by the message placed already');
  });
});
