import { expect } from 'chai';
import { StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, rejection } from './life.ts';

const sla = b.properties({ sla: 'P1D' });

describe('engine: events', () => {
  it('intermediate message, signal and timer events wait, and the variables of a message are merged', async () => {
    const xml = b.bpmn(
      b.message('M', '=id', 'paid'),
      b.signal('G'),
      b.start('s'),
      b.caught('m', b.onMessage('M'), sla, b.io({ output: { 'payment.method': '=method' } })),
      b.caught('g', b.onSignal('G'), sla),
      b.caught('t', b.date('=validUntil')),
      b.end('e'),
      b.flow('s', 'm', 'g', 't', 'e'),
    );
    const life = await Life.begin(xml, { variables: { id: 7, validUntil: '2026-03-01T00:00:00Z', payment: { minor: 5 } } });
    expect(life.wait('m').message).to.deep.equal({ name: 'paid', correlationKey: '7' });
    await life.message('m', { method: 'CARD', other: true });
    expect(life.last.variables['payment']).to.deep.equal({ minor: 5, method: 'CARD' });
    expect(life.last.variables).not.to.have.property('other');
    expect(life.wait('g')).to.deep.include({ kind: 'signal', signal: { name: 'G' } });
    await life.signal('g');
    expect(life.wait('t').timer).to.deep.equal({ dueAt: '2026-03-01T00:00:00.000Z' });
    await life.timer('t');
    life.ended();
  });

  it('message start event: the start command names it, and what it waited for is not awaited again', async () => {
    const xml = b.bpmn(
      b.message('M'),
      b.start('s'),
      b.start('s2', b.onMessage('M')),
      b.user('t'),
      b.user('t2'),
      b.flow('s', 't'),
      b.flow('s2', 't2'),
    );
    expect((await Life.begin(xml)).open).to.deep.equal(['t']);
    const life = await Life.begin(xml, { startEvent: 's2', variables: { from: 'message' } });
    expect(life.open).to.deep.equal(['t2']);
    await life.complete('t2');
    life.ended();
    const error = await rejection(Life.begin(xml, { startEvent: 's3' }));
    expect(error.message).to.equal('there is no start event s3; there are: s, s2');
  });

  it('message and signal throw and end events leave a row and never call into the diagram', async () => {
    const xml = b.bpmn(
      b.message('M', '=sale.id', 'released'),
      b.signal('G'),
      b.start('s'),
      b.and('p'),
      b.caught('c', b.onMessage('M'), sla),
      b.thrown('t', b.onMessage('M')),
      b.thrown('t2', b.onSignal('G')),
      b.end('e', b.onMessage('M')),
      b.end('e2'),
      b.flow('s', 'p', 'c', 'e2'),
      b.flow('p', 't', 't2', 'e'),
    );
    const life = await Life.begin(xml, { variables: { sale: { id: 's-1' } } });
    expect(life.open).to.deep.equal(['c']);
    expect(life.last.thrown).to.deep.equal([
      { kind: 'message', name: 'released', elementId: 't', correlationKey: 's-1' },
      { kind: 'signal', name: 'G', elementId: 't2' },
      { kind: 'message', name: 'released', elementId: 'e', correlationKey: 's-1' },
    ]);
  });

  const guarded = (definition: string, interrupting: boolean) =>
    b.bpmn(
      b.message('M'),
      b.signal('G'),
      b.start('s'),
      b.user('t'),
      b.boundary('b', 't', definition, interrupting, b.properties({ workflowState: 'LATE' })),
      b.user('x'),
      b.end('e'),
      b.end('e2'),
      b.flow('s', 't', 'e'),
      b.flow('b', 'x', 'e2'),
    );

  it('interrupting boundary events take the token away: timer, message, signal', async () => {
    for (const [definition, type] of [
      [b.duration('PT1H'), 'timer'],
      [b.onMessage('M'), 'message'],
      [b.onSignal('G'), 'signal'],
    ] as const) {
      const life = await Life.begin(guarded(definition, true));
      expect(life.open).to.deep.equal(['b', 't']);
      expect(life.entered).not.to.include('b');
      await life[type]('b');
      expect(life.open).to.deep.equal(['x']);
      expect(life.last.closed).to.deep.equal([
        { slot: 'b', how: 'completed' },
        { slot: 't', how: 'cancelled' },
      ]);
      expect(life.last.trail.find(({ event }) => event === 'enter')).to.deep.include({ elementId: 'b', workflowState: 'LATE' });
    }
  });

  it('a boundary event goes with its host', async () => {
    const life = await Life.begin(guarded(b.duration('PT1H'), true));
    await life.complete('t');
    life.ended();
    expect(life.last.closed).to.deep.equal([
      { slot: 'b', how: 'cancelled' },
      { slot: 't', how: 'completed' },
    ]);
    expect(life.entered).to.deep.equal(['e']);
  });

  it('a non-interrupting timer fires once', async () => {
    const life = await Life.begin(guarded(b.duration('PT1H'), false));
    await life.timer('b');
    expect(life.open).to.deep.equal(['t', 'x']);
    await life.complete('x');
    await life.complete('t');
    life.ended();
  });

  it('a non-interrupting timer repeats as often as its cycle says, and each firing is a wait of its own', async () => {
    const life = await Life.begin(guarded(b.cycle('R3/PT1H'), false).replace(b.user('x'), b.plain('x')));
    const grid = '2026-01-01T12:00:00.000Z/PT1H';
    expect(life.wait('b').timer).to.deep.equal({ dueAt: '2026-01-01T13:00:00.000Z', repeat: 2, interval: grid });
    await life.timer('b', new Date('2026-01-01T13:00:05Z'));
    expect(life.last.closed).to.deep.equal([{ slot: 'b', how: 'completed' }]);
    expect(life.wait('b').timer).to.deep.equal({
      dueAt: '2026-01-01T14:00:05.000Z',
      repeat: 1,
      interval: '2026-01-01T13:00:05.000Z/PT1H',
    });
    await life.timer('b');
    expect(life.wait('b').timer?.repeat).to.equal(0);
    await life.timer('b');
    expect(life.open).to.deep.equal(['t']);
    await life.complete('t');
    life.ended();
  });

  it('a timer that repeats for ever', async () => {
    const life = await Life.begin(guarded(b.cycle('R/P1D'), false).replace(b.user('x'), b.plain('x')));
    for (let day = 0; day < 5; day += 1) {
      expect(life.wait('b').timer?.repeat).to.equal(-1);
      await life.timer('b');
    }
    await life.complete('t');
    life.ended();
  });

  it('non-interrupting message and signal boundary events fire again and again', async () => {
    for (const [definition, type] of [
      [b.onMessage('M'), 'message'],
      [b.onSignal('G'), 'signal'],
    ] as const) {
      const life = await Life.begin(guarded(definition, false).replace(b.user('x'), b.plain('x')));
      for (let time = 0; time < 3; time += 1) {
        await life[type]('b');
        expect(life.entered).to.deep.equal(['b', 'x', 'e2']);
        expect(life.open).to.deep.equal(['b', 't']);
      }
      await life.complete('t');
      life.ended();
    }
  });

  it('event-based gateway: the first event wins, the others are cancelled', async () => {
    const xml = b.bpmn(
      b.message('M'),
      b.start('s'),
      b.eventGateway('g'),
      b.caught('m', b.onMessage('M')),
      b.caught('t', b.duration('P2D')),
      b.receive('r', 'M'),
      b.user('x'),
      b.end('e'),
      b.flow('s', 'g', 'm', 'x', 'e'),
      b.flow('g', 't', 'e'),
      b.flow('g', 'r', 'e'),
    );
    const life = await Life.begin(xml);
    expect(life.open).to.deep.equal(['m', 'r', 't']);
    await life.message('m');
    expect(life.open).to.deep.equal(['x']);
    expect(life.last.closed).to.deep.equal([
      { slot: 'm', how: 'completed' },
      { slot: 'r', how: 'cancelled' },
      { slot: 't', how: 'cancelled' },
    ]);
    await (await Life.begin(xml)).timer('t').then((other) => other.ended());
    await (await Life.begin(xml)).message('r').then((other) => other.ended());
  });

  it('event-based gateway in a loop', async () => {
    const xml = b.bpmn(
      b.message('M'),
      b.start('s'),
      b.xor('l'),
      b.eventGateway('g'),
      b.caught('m', b.onMessage('M')),
      b.caught('t', b.duration('P2D')),
      b.end('e'),
      b.flow('s', 'l', 'g', 'm', 'e'),
      b.flow('g', 't', 'l'),
    );
    const life = await Life.begin(xml);
    for (let round = 0; round < 3; round += 1) {
      await life.timer('t');
      expect(life.open).to.deep.equal(['m', 't']);
    }
    await life.message('m');
    life.ended();
  });

  it('conditional catch and boundary events look again whenever the variables change', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.caught('c', b.onCondition('=paid')),
      b.user('t'),
      b.boundary('b', 't', b.onCondition('=total > 10')),
      b.end('e'),
      b.end('e2'),
      b.flow('s', 'c', 't', 'e'),
      b.flow('b', 'e2'),
    );
    const life = await Life.begin(xml, { variables: { paid: false, total: 1 } });
    expect(life.wait('c').kind).to.equal('condition');
    await life.do({ type: 'variables', variables: { total: 2 } });
    expect(life.open).to.deep.equal(['c']);
    await life.do({ type: 'variables', variables: { paid: true } });
    expect(life.open).to.deep.equal(['b', 't']);
    await life.do({ type: 'variables', variables: { total: 11 } });
    life.ended();
    expect(life.entered).to.deep.equal(['b', 'e2']);
    const atOnce = await Life.begin(xml, { variables: { paid: true, total: 11 } });
    atOnce.ended();
  });

  it('a condition that is neither true nor false fails the step', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('x', 'e'),
      b.user('u'),
      b.end('e'),
      b.flow('s', 'x', 'e'),
      b.flowIf('x', 'u', '=size'),
      b.flow('u', 'e'),
    );
    const error = await rejection(Life.begin(xml, { variables: { size: 3 } }));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 'x.u');
    expect(error.message).to.equal('x.u: the condition =size must give true or false, but gives 3');
  });

  it('terminate end event: takes away every other token of its scope', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.user('t'),
      b.sub('sp', b.start('ss'), b.user('v'), b.flow('ss', 'v')),
      b.boundary('b', 'sp', b.duration('P1D')),
      b.end('stop', b.terminate()),
      b.end('e'),
      b.flow('s', 'p', 't', 'stop'),
      b.flow('p', 'sp', 'e'),
      b.flow('b', 'e'),
    );
    const life = await Life.begin(xml);
    expect(life.open).to.deep.equal(['b', 'sp/v', 't']);
    await life.complete('t');
    life.ended();
    expect(life.last.closed.map(({ slot, how }) => `${slot} ${how}`)).to.deep.equal([
      'b cancelled',
      'sp/v cancelled',
      't completed',
    ]);
  });

  it('terminate end event in a sub-process: ends the sub-process only', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.sub(
        'sp',
        b.start('ss'),
        b.and('p'),
        b.user('u'),
        b.user('v'),
        b.end('stop', b.terminate()),
        b.flow('ss', 'p', 'u', 'stop'),
        b.flow('p', 'v'),
      ),
      b.user('next'),
      b.flow('s', 'sp', 'next'),
    );
    const life = await Life.begin(xml);
    await life.complete('sp/u');
    expect(life.open).to.deep.equal(['next']);
    await life.complete('next');
    life.ended();
  });
});
