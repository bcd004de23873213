import { expect } from 'chai';
import * as b from '../../helpers/bpmn-builder.ts';
import { Journey } from './journey.ts';

const line = (...tasks: readonly string[]): string =>
  b.bpmn(b.start('s'), ...tasks.map((id) => b.user(id)), b.end('e'), b.flow('s', ...tasks, 'e'));

describe('an instance goes to another version', () => {
  it('at an element that kept its id, whatever was added before and behind it, and goes on there by the new diagram', async () => {
    const it = await Journey.begin(line('a', 'b'));
    const { kept, opened, closed } = await it.go(line('new', 'a', 'between', 'b'));
    expect([kept.map(({ to }) => to.slot), opened, closed]).to.deep.equal([['a'], [], []]);
    await it.complete('a');
    expect(it.last.open).to.deep.equal(['between']);
    await it.complete('between');
    await it.complete('b');
    expect(it.last.status).to.equal('completed');
  });

  it('at an element that was renamed, by the mapping; without it, it is refused with the likely counterpart', async () => {
    const it = await Journey.begin(line('a', 'b'));
    const renamed = line('first', 'b');
    const verdict = await it.judge(renamed);
    expect(verdict).to.include({ verdict: 'refused' });
    expect(verdict.sentence).to.equal(
      'Not to version 2: a token is at a, which version 2 does not have. It may have become first (the same neighbours): say so in the mapping, ' +
        '{"a": "first"}, or let the instance go past it first.',
    );
    const { moved } = await it.go(renamed, { a: 'first' });
    expect(moved).to.deep.equal([{ from: 'a', to: 'first' }]);
    await it.complete('first');
    expect(it.last.open).to.deep.equal(['b']);
  });

  it('not while a token is where the new version has nothing', async () => {
    const it = await Journey.begin(line('a', 'b'));
    expect(await it.refusals(line('b'))).to.deep.equal(['element-removed a']);
    await it.complete('a');
    expect(await it.refusals(line('b'))).to.deep.equal([]);
  });

  it('with a boundary event that it did not have: it is armed, and fires', async () => {
    const before = b.bpmn(b.start('s'), b.user('a'), b.end('e'), b.flow('s', 'a', 'e'));
    const after = b.bpmn(
      b.start('s'),
      b.user('a'),
      b.boundary('late', 'a', b.duration('PT1H')),
      b.boundary('again', 'a', b.cycle('R3/PT10M'), false),
      b.user('chase'),
      b.end('e'),
      b.end('noted'),
      b.flow('s', 'a', 'e'),
      b.flow('late', 'chase', 'e'),
      b.flow('again', 'noted'),
    );
    const it = await Journey.begin(before);
    const { opened } = await it.go(after);
    expect(opened.map(({ slot, timer }) => [slot, timer?.dueAt, timer?.repeat])).to.have.deep.members([
      ['late', '2026-01-01T13:00:00.000Z', undefined],
      ['again', '2026-01-01T12:10:00.000Z', 2],
    ]);
    await it.timer('again');
    expect(it.last.open).to.deep.equal(['a', 'again', 'late']);
    await it.timer('late');
    expect(it.last.open).to.deep.equal(['chase']);
    // and back: the boundary events are taken away
    const back = await Journey.begin(after);
    const { closed } = await back.go(before);
    expect(closed).to.deep.equal(['again', 'late']);
    await back.complete('a');
    expect(back.last.status).to.equal('completed');
  });

  it('a boundary event that has fired before is not armed again', async () => {
    const diagram = (name: string) =>
      b.bpmn(
        b.start('s'),
        b.user('a'),
        b.boundary('once', 'a', b.duration('PT1H'), false),
        b.end('e'),
        b.end(name),
        b.flow('s', 'a', 'e'),
        b.flow('once', name),
      );
    const it = await Journey.begin(diagram('noted'));
    await it.timer('once');
    const { opened } = await it.go(diagram('written'));
    expect([opened, it.last.open]).to.deep.equal([[], ['a']]);
  });

  it('inside a sub-process, which may be renamed with what is in it; local variables go along', async () => {
    const diagram = (outer: string, inner: string) =>
      b.bpmn(
        b.start('s'),
        b.sub(
          outer,
          b.io({ input: { own: '=total' } }),
          b.start('ss'),
          b.user(inner),
          b.user('more'),
          b.end('se'),
          b.flow('ss', inner, 'more', 'se'),
        ),
        b.end('e'),
        b.flow('s', outer, 'e'),
      );
    const it = await Journey.begin(diagram('sp', 'a'), { total: 7 });
    expect(await it.refusals(diagram('box', 'a'), { a: 'a' })).to.deep.equal(['element-removed sp']);
    const { locals } = await it.go(diagram('box', 'task'), { sp: 'box', a: 'task' });
    expect(locals).to.deep.equal({ box: { own: 7 } });
    await it.complete('box/task');
    expect(it.last.open).to.deep.equal(['box/more']);
  });

  it('not into a sub-process that it has not begun', async () => {
    const it = await Journey.begin(line('a', 'b'));
    const boxed = b.bpmn(
      b.start('s'),
      b.sub('sp', b.start('ss'), b.user('a'), b.end('se'), b.flow('ss', 'a', 'se')),
      b.user('b'),
      b.end('e'),
      b.flow('s', 'sp', 'b', 'e'),
    );
    expect(await it.refusals(boxed)).to.deep.equal(['scope-changed a']);
  });

  it('to another kind of wait only when that is asked for: the old one is taken back', async () => {
    const it = await Journey.begin(line('a', 'b'));
    const asJob = b.bpmn(b.start('s'), b.job('a'), b.user('b'), b.end('e'), b.flow('s', 'a', 'b', 'e'));
    expect(await it.refusals(asJob)).to.deep.equal(['kind-changed a']);
    const { closed, opened } = await it.go(asJob, { a: 'a' });
    expect([closed, opened.map(({ slot, job }) => [slot, job?.type])]).to.deep.equal([['a'], [['a', 'do-a']]]);
    await it.complete('a');
    expect(it.last.open).to.deep.equal(['b']);
  });

  it('a job of another type is other work: the old job is taken back, a new one begins', async () => {
    const job = (id: string) => b.bpmn(b.start('s'), b.job(id), b.end('e'), b.flow('s', id, 'e'));
    const it = await Journey.begin(job('a'));
    const { closed, opened, kept } = await it.go(job('z'), { a: 'z' });
    expect([kept, closed, opened.map((wait) => wait.job?.type)]).to.deep.equal([[], ['a'], ['do-z']]);
  });

  it('a timer keeps its due date, a message gets the name that it has there', async () => {
    const diagram = (wait: string, name: string) =>
      b.bpmn(
        b.message(name),
        b.start('s'),
        b.eventGateway('g'),
        b.caught('t', b.duration(wait)),
        b.caught('m', b.onMessage(name)),
        b.end('e'),
        b.flow('s', 'g', 't', 'e'),
        b.flow('g', 'm', 'e'),
      );
    const it = await Journey.begin(diagram('P1D', 'Old'));
    const { kept } = await it.go(diagram('P2D', 'New'));
    expect(kept.map(({ slot, to }) => [slot, to.dueAt, to.message])).to.deep.equal([
      ['m', undefined, { name: 'New', correlationKey: 'k' }],
      ['t', undefined, undefined],
    ]);
    await it.message('m');
    expect(it.last.status).to.equal('completed');
  });

  it('a branch of an event-based gateway that is new is armed, one that is gone is taken back', async () => {
    const diagram = (...events: readonly string[]) =>
      b.bpmn(
        ...events.map((id) => b.message(`M${id}`)),
        b.start('s'),
        b.eventGateway('g'),
        ...events.map((id) => b.caught(id, b.onMessage(`M${id}`))),
        b.end('e'),
        b.flow('s', 'g'),
        ...events.map((id) => b.flow('g', id, 'e')),
      );
    const it = await Journey.begin(diagram('x', 'y'));
    const { opened, closed } = await it.go(diagram('y', 'z'));
    expect([opened.map(({ slot }) => slot), closed]).to.deep.equal([['z'], ['x']]);
    await it.message('z');
    expect(it.last.status).to.equal('completed');
  });

  it('no state of an order changes by a migration', async () => {
    const diagram = (state: string) =>
      b.bpmn(b.start('s'), b.user('a', b.properties({ workflowState: state })), b.end('e'), b.flow('s', 'a', 'e'));
    const it = await Journey.begin(diagram('OPEN'));
    expect(await it.refusals(diagram('CLOSED'))).to.deep.equal(['workflow-state-changed a']);
    expect(await it.refusals(diagram('OPEN'))).to.deep.equal([]);
  });

  it('what cannot be found out is told, and nothing throws', async () => {
    const before = line('a');
    const after = b.bpmn(
      b.start('s'),
      b.user('a'),
      b.boundary('late', 'a', b.date('=deadline')),
      b.end('e'),
      b.flow('s', 'a', 'e'),
      b.flow('late', 'e'),
    );
    const it = await Journey.begin(before);
    expect(await it.refusals(after)).to.deep.equal(['expression-failed late']);
    await it.go(after, {}, { deadline: '2026-02-01T00:00:00Z' });
    expect(it.last.open).to.deep.equal(['a', 'late']);
  });

  it('a condition that is true there already would move it: that is a step, not a migration', async () => {
    const before = line('a');
    const after = b.bpmn(
      b.start('s'),
      b.user('a'),
      b.boundary('rich', 'a', b.onCondition('=total > 5')),
      b.end('e'),
      b.flow('s', 'a', 'e'),
      b.flow('rich', 'e'),
    );
    const it = await Journey.begin(before, { total: 7 });
    expect(await it.refusals(after)).to.deep.equal(['would-move']);
    const poor = await Journey.begin(before, { total: 3 });
    await poor.go(after);
    expect(poor.last.open).to.deep.equal(['a', 'rich']);
  });
});
