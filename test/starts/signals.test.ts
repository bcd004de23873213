import { expect } from 'chai';
import { broadcastSignal } from '../../src/commands/broadcast-signal.ts';
import { changeVariables } from '../../src/commands/repair/move-token.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { deliverSignal } from '../../src/commands/deliver-signal.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { claimDeliveries } from '../../src/persistence/signals.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { by } from '../helpers/world.ts';
import { openLab, type Lab } from './lab.ts';

const variables = { key: { type: 'string', default: '' }, price: { type: 'number', default: 0 } };
const sla = b.properties({ sla: 'P30D' });

/** Waits for the signal `rain`, then ends. */
const waiter = b.bpmnNamed(
  'waiter',
  b.message('begin', '=key'),
  b.signal('rain'),
  b.start('w_start', b.onMessage('begin')),
  b.caught('w_rain', b.onSignal('rain'), sla),
  b.end('w_end'),
  b.flow('w_start', 'w_rain', 'w_end'),
);
/** Counts every signal beside a wait, until it is told to end. */
const counter = b.bpmnNamed(
  'counter',
  b.message('begin', '=key'),
  b.message('stop', '=key'),
  b.signal('rain'),
  b.start('c_start', b.onMessage('begin')),
  b.receive('c_wait', 'stop', sla),
  b.boundary('c_rain', 'c_wait', b.onSignal('rain'), false),
  b.plain('c_noted'),
  b.end('c_drop'),
  b.end('c_end'),
  b.flow('c_start', 'c_wait', 'c_end'),
  b.flow('c_rain', 'c_noted', 'c_drop'),
);
const started = b.bpmnNamed(
  'started',
  b.signal('rain'),
  b.start('s_start', b.onSignal('rain')),
  b.end('s_end'),
  b.flow('s_start', 's_end'),
);

describe('signals', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  const begin = (key: string) => lab.publish({ name: 'begin', correlationKey: key, variables: { key } });
  const rain = (key?: string, brought = {}) =>
    broadcastSignal(lab.deps, key === undefined ? by('operator') : by('operator', key), { name: 'rain', variables: brought });
  const count = async (id: string) => (await lab.triggers(id)).filter((trigger) => trigger === 'signal:rain').length;

  it('reaches every instance that waits and every process that it starts, each once, although five deliver at once', async () => {
    await lab.deploy({ waiter, started }, variables);
    for (let n = 0; n < 40; n++) await begin(`W-${n}`);

    const { body } = await rain();
    expect(body).to.include({ name: 'rain', waits: 40, starts: 1 });
    await lab.correlate(5);

    const instances = await lab.instances('waiter');
    expect(instances.every(({ status }) => status === 'completed')).to.equal(true);
    for (const { id } of instances) expect(await count(id)).to.equal(1);
    expect(await lab.instances('started')).to.have.length(1);
  });

  it('the same request sent again is the same signal', async () => {
    await lab.deploy({ started }, variables);
    const [first, second] = [await rain('once'), await rain('once')];
    expect(second).to.deep.include({ replayed: true, body: first.body });
    await lab.correlate();
    expect(await lab.instances('started')).to.have.length(1);
  });

  it('who begins to wait later does not hear it', async () => {
    await lab.deploy({ waiter }, variables);
    await begin('early');
    await rain();
    await begin('late');
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['early completed', 'late running']);
  });

  it('brings variables', async () => {
    await lab.deploy({ waiter, started }, variables);
    await begin('W');
    await rain(undefined, { price: 7 });
    await lab.correlate();
    for (const processId of ['waiter', 'started']) expect((await lab.instances(processId))[0]?.variables['price']).to.equal(7);
  });

  it('each of five in a row reaches an event that does not interrupt, although it is armed anew for each', async () => {
    await lab.deploy({ counter }, variables);
    await begin('C');
    const [instance] = await lab.instances('counter');
    for (let n = 0; n < 5; n++) await rain();
    await lab.correlate(4);
    expect(await count(instance!.id)).to.equal(5);
    await rain();
    await lab.correlate();
    expect(await count(instance!.id)).to.equal(6);
  });

  it('an event sub-process that does not interrupt runs once for each signal, one that interrupts once', async () => {
    const inEvent = (interrupting: boolean) =>
      b.bpmnNamed(
        'counter',
        b.message('begin', '=key'),
        b.message('stop', '=key'),
        b.signal('rain'),
        b.start('c_start', b.onMessage('begin')),
        b.receive('c_wait', 'stop', sla),
        b.end('c_end'),
        b.flow('c_start', 'c_wait', 'c_end'),
        b.eventSub(
          'c_event',
          b.element('startEvent', { id: 'e_start', isInterrupting: interrupting }, b.onSignal('rain')),
          b.end('e_end'),
          b.flow('e_start', 'e_end'),
        ),
      );
    for (const [interrupting, expected] of [
      [false, 3],
      [true, 1],
    ] as const) {
      await lab.deploy({ counter: inEvent(interrupting) }, variables);
      const { body } = await begin(`E-${interrupting}`);
      for (let n = 0; n < 3; n++) await rain();
      await lab.correlate(3);
      expect(await count((body['processInstance'] as { id: string }).id)).to.equal(expected);
    }
    expect(await lab.stands('counter')).to.deep.equal(['E-false running', 'E-true completed']);
  });

  it('a token that has gone meanwhile hears nothing, and the delivery is over', async () => {
    await lab.deploy({ counter }, variables);
    await begin('C');
    await rain();
    await lab.publish({ name: 'stop', correlationKey: 'C' });
    await lab.correlate();
    const [instance] = await lab.instances('counter');
    expect(await count(instance!.id)).to.equal(0);
    expect(await lab.database.query('select 1 from orderflow.signal_delivery where done_at is null')).to.deep.equal([]);
  });

  it('a delivery that somebody claimed and did not make is made by another after the lease, once', async () => {
    await lab.deploy({ waiter }, variables);
    await begin('W');
    await rain();
    const [claimed] = await claimDeliveries(lab.database, 10, 5_000);
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['W running']);
    await lab.pass(5_001);
    const results = await Promise.all([
      lab.correlate(),
      deliverSignal(lab.deps, claimed!.id),
      deliverSignal(lab.deps, claimed!.id),
    ]);
    expect(results).to.have.length(3);
    expect(await lab.stands('waiter')).to.deep.equal(['W completed']);
    const [instance] = await lab.instances('waiter');
    expect(await count(instance!.id)).to.equal(1);
  });

  it('an instance that rests hears it when it goes on', async () => {
    await lab.deploy({ waiter }, variables);
    await begin('W');
    const { id } = await lab.instance('waiter');
    await suspendInstance(lab.deps, by('operator'), { instanceId: id, reason: 'a test' });
    await rain();
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['W running']);
    await resumeInstance(lab.deps, by('operator'), { instanceId: id, reason: 'a test' });
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['W completed']);
  });

  it('an instance whose step fails has an incident and keeps nobody else from hearing; tried again, it hears it', async () => {
    const picky = waiter
      .replace(
        '<bpmn:sequenceFlow id="w_rain.w_end" sourceRef="w_rain" targetRef="w_end"',
        '<bpmn:sequenceFlow id="w_rain.g" sourceRef="w_rain" targetRef="g"',
      )
      .replace(
        '</bpmn:process>',
        `${b.xor('g', 'w_end')}${b.flow('g', 'w_end')}${b.end('w_dry')}${b.flowIf('g', 'w_dry', '=number(key) > 1')}</bpmn:process>`,
      );
    await lab.deploy({ waiter: picky }, variables);
    await begin('W');
    await lab.deploy({ waiter }, variables);
    await begin('X');
    await rain();
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['W running', 'X completed']);
    const [incident] = await lab.database.query<{ id: string; kind: string }>('select id, kind from orderflow.incident');
    expect(incident?.kind).to.equal('step-failed');
    await lab.pass(60_000);
    await lab.correlate();
    const attempts = await lab.database.query<{ id: string }>(`select id from orderflow.incident where attempts > 0`);
    expect(attempts, 'nobody tries it again by itself').to.deep.equal([]);
    const { id: instanceId } = await lab.instance('waiter');
    await changeVariables(lab.deps, by('operator'), { instanceId, variables: { key: '1' }, reason: 'a test' });
    await resolveIncident(lab.deps, by('operator'), incident!.id);
    await lab.correlate();
    expect(await lab.stands('waiter')).to.deep.equal(['W completed', 'X completed']);
  });

  it('one that a diagram throws reaches others and the thrower itself, but not where its token came to after the throw', async () => {
    const thrower = b.bpmnNamed(
      'thrower',
      b.message('go', '="k"'),
      b.signal('rain'),
      b.start('t_start', b.onMessage('go')),
      b.and('t_split'),
      b.caught('t_before', b.onSignal('rain'), sla),
      b.end('t_heard'),
      b.thrown('t_throw', b.onSignal('rain')),
      b.caught('t_after', b.onSignal('rain'), sla),
      b.end('t_end'),
      b.flow('t_start', 't_split', 't_before', 't_heard'),
      b.flow('t_split', 't_throw', 't_after', 't_end'),
    );
    await lab.deploy({ waiter, thrower }, variables);
    await begin('W');
    await lab.publish({ name: 'go', correlationKey: 'T' });
    await lab.correlate(3);
    expect(await lab.stands('waiter')).to.deep.equal(['W completed']);
    const waits = await lab.database.query<{ element: string }>(
      `select element_id as element from orderflow.wait where status = 'open' and kind = 'signal'`,
    );
    expect(waits).to.deep.equal([{ element: 't_after' }]);
    await rain();
    await lab.correlate();
    expect(await lab.stands('thrower')).to.deep.equal(['T completed']);
  });

  it('a signal and a message that a diagram throws bring what the input mappings of their events say', async () => {
    const thrower = b.bpmnNamed(
      'thrower',
      b.message('go', '="k"'),
      b.message('begin', '=offer.key'),
      b.message('pause', '="P"'),
      b.signal('rain'),
      b.start('t_start', b.onMessage('go')),
      b.thrown('t_begin', b.onMessage('begin'), b.io({ input: { offer: '={key: "W"}', key: '="W"', price: '=41' } })),
      b.receive('t_pause', 'pause', sla),
      b.thrown('t_rain', b.onSignal('rain'), b.io({ input: { price: '=price + 42' } })),
      b.end('t_end'),
      b.flow('t_start', 't_begin', 't_pause', 't_rain', 't_end'),
    );
    await lab.deploy({ waiter, thrower }, { ...variables, offer: { type: 'object', default: {} } });
    await lab.publish({ name: 'go', correlationKey: 'T' });
    await lab.correlate(3);
    expect((await lab.instance('waiter')).variables).to.include({ key: 'W', price: 41 });
    await lab.publish({ name: 'pause', correlationKey: 'P' });
    await lab.correlate(2);
    expect((await lab.instance('waiter')).variables).to.include({ key: 'W', price: 42 });
    expect((await lab.instance('thrower')).variables, 'mappings of the event are its own').to.include({ key: '', price: 0 });
  });

  it('20 broadcasts at once while instances come and go: each is heard by those who waited when it came, and by nobody twice', async () => {
    await lab.deploy({ counter, waiter }, variables);
    await begin('C');
    for (let n = 0; n < 5; n++) await begin(`W-${n}`);
    await Promise.all([...Array.from({ length: 20 }, () => rain()), lab.correlate(3)]);
    await lab.pass(5_001);
    await lab.correlate(3);
    const counting = await lab.instance('counter');
    expect(await count(counting.id)).to.equal(20);
    for (const { id, status } of await lab.instances('waiter')) {
      expect(status).to.equal('completed');
      expect(await count(id)).to.equal(1);
    }
  });

  it('is not for everybody to broadcast, and a dry run reaches nobody', async () => {
    await lab.deploy({ started }, variables);
    expect((await problemOf(broadcastSignal(lab.deps, by('buyer'), { name: 'rain', variables: {} }))).code).to.equal('forbidden');
    const { body } = await broadcastSignal(lab.deps, { ...by('operator'), dryRun: true }, { name: 'rain', variables: {} });
    expect(body['result']).to.include({ starts: 1 });
    await lab.correlate();
    expect(await lab.instances('started')).to.deep.equal([]);
  });
});
