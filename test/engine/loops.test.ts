import { expect } from 'chai';
import { StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, rejection } from './life.ts';

const repeated = (isSequential: boolean, completion?: string, more: readonly string[] = []): string =>
  b.bpmn(
    b.error('E1', 'BROKEN'),
    b.start('s'),
    b.job(
      't',
      b.loop(
        { inputCollection: '=lines', inputElement: 'line', outputCollection: 'picked', outputElement: '=quantity' },
        isSequential,
        completion,
      ),
      b.io({ input: { sku: '=line.sku' } }),
    ),
    b.end('e'),
    b.flow('s', 't', 'e'),
    ...more,
  );
const lines = [{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }];

describe('engine: multi-instance', () => {
  it('parallel: a wait for each element, and the results in the order of the elements', async () => {
    const life = await Life.begin(repeated(false), { variables: { lines } });
    expect(life.open).to.deep.equal(['t[0]', 't[1]', 't[2]']);
    expect(life.wait('t[1]').input).to.deep.equal({ line: { sku: 'b' }, loopCounter: 2, sku: 'b' });
    await life.complete('t[2]', { quantity: 30 });
    expect(life.last.closed).to.deep.equal([{ slot: 't[2]', how: 'completed' }]);
    expect(life.last.opened).to.deep.equal([]);
    await life.complete('t[0]', { quantity: 10 });
    expect(life.last.variables, 'what is collected belongs to the loop until it ends').to.deep.equal({ lines });
    expect(life.last.locals['t']).to.deep.include({ picked: [10, null, 30] });
    await life.complete('t[1]', { quantity: 20 });
    life.ended();
    expect(life.last.variables).to.deep.equal({ lines, picked: [10, 20, 30] });
  });

  it('sequential: one wait after the other', async () => {
    const life = await Life.begin(repeated(true), { variables: { lines } });
    for (const index of [0, 1, 2]) {
      expect(life.open).to.deep.equal([`t[${index}]`]);
      expect(life.wait(`t[${index}]`).input).to.deep.include({ loopCounter: index + 1 });
      await life.complete(`t[${index}]`, { quantity: index });
    }
    life.ended();
    expect(life.last.variables['picked']).to.deep.equal([0, 1, 2]);
  });

  it('an empty list passes straight through', async () => {
    for (const sequential of [true, false]) {
      const life = await Life.begin(repeated(sequential), { variables: { lines: [] } });
      life.ended();
      expect(life.last.variables['picked']).to.deep.equal([]);
    }
  });

  it('a completion condition ends the loop early and cancels what is open', async () => {
    const life = await Life.begin(repeated(false, '=count(picked[item > 0]) >= 2'), { variables: { lines } });
    await life.complete('t[1]', { quantity: 1 });
    expect(life.open).to.deep.equal(['t[0]', 't[2]']);
    await life.complete('t[2]', { quantity: 1 });
    life.ended();
    expect(life.last.closed).to.deep.equal([
      { slot: 't[0]', how: 'cancelled' },
      { slot: 't[2]', how: 'completed' },
    ]);
    const sequential = await Life.begin(repeated(true, '=count(picked[item > 0]) >= 1'), { variables: { lines } });
    await sequential.complete('t[0]', { quantity: 1 });
    sequential.ended();
  });

  it('an error or a timer of one run takes the whole loop away', async () => {
    const more = [
      b.boundary('b', 't', b.onError('E1')),
      b.boundary('d', 't', b.duration('P1D')),
      b.user('x'),
      b.flow('b', 'x', 'e'),
      b.flow('d', 'x'),
    ];
    for (const sequential of [true, false]) {
      const life = await Life.begin(repeated(sequential, undefined, more), { variables: { lines } });
      await life.complete('t[0]', { quantity: 1 });
      await life.error('t[1]', 'BROKEN');
      expect(life.open).to.deep.equal(['x']);
      const late = await Life.begin(repeated(sequential, undefined, more), { variables: { lines } });
      await late.complete('t[0]', { quantity: 1 });
      await late.timer('d');
      expect(late.open).to.deep.equal(['x']);
      await late.complete('x');
      late.ended();
    }
  });

  it('120 parallel runs are open at once, inside a sub-process too', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ sku: String(index) }));
    const task = b.job('t', b.loop({ inputCollection: '=lines', inputElement: 'line' }));
    const xml = b.bpmn(b.start('s'), b.sub('sp', b.start('ss'), task, b.flow('ss', 't')), b.end('e'), b.flow('s', 'sp', 'e'));
    const life = await Life.begin(xml, { variables: { lines: many } });
    expect(life.open).to.have.lengthOf(120).and.include('sp/t[119]');
    for (let index = 119; index >= 0; index -= 1) await life.complete(`sp/t[${index}]`, { last: index });
    life.ended();
    expect(life.last.variables['last']).to.equal(0);
  });

  it('something that is no list, or too long a list, fails the step', async () => {
    const error = await rejection(Life.begin(repeated(false), { variables: { lines: 'abc' } }));
    expect(error).to.be.instanceOf(StepFailed);
    expect(error.message).to.equal('t: the input collection must be a list, but is "abc"');
    const tooLong = await rejection(
      Life.begin(repeated(false), { variables: { lines: Array.from({ length: 1001 }, () => ({ sku: 'a' })) } }),
    );
    expect(tooLong.message).to.equal('t: the input collection has 1001 elements; 1,000 are allowed');
  });

  it('a loop inside a loop of the diagram begins anew each time', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('m'),
      b.user(
        't',
        b.loop({ inputCollection: '=lines', inputElement: 'line', outputCollection: 'done', outputElement: '=ok' }, true),
      ),
      b.xor('x', 'e'),
      b.user('fix'),
      b.end('e'),
      b.flow('s', 'm', 't', 'x', 'e'),
      b.flowIf('x', 'fix', '=done[1] = false'),
      b.flow('fix', 'm'),
    );
    const life = await Life.begin(xml, { variables: { lines: [1, 2] } });
    await life.complete('t[0]', { ok: false });
    await life.complete('t[1]', { ok: true });
    expect(life.open).to.deep.equal(['fix']);
    await life.complete('fix', { lines: [1] });
    expect(life.open).to.deep.equal(['t[0]']);
    await life.complete('t[0]', { ok: true });
    life.ended();
    expect(life.last.variables['done']).to.deep.equal([true]);
  });

  it('a run of a loop is not mistaken for an element of a similar name', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.job('t', b.loop({ inputCollection: '=lines' })),
      b.job('t_1'),
      b.job('definitions'),
      b.flow('s', 'p', 't'),
      b.flow('p', 't_1'),
      b.flow('p', 'definitions'),
    );
    const life = await Life.begin(xml, { variables: { lines } });
    await life.complete('t_1');
    expect(life.open).to.deep.equal(['definitions', 't[0]', 't[1]', 't[2]']);
    for (const slot of ['t[1]', 't[0]', 'definitions', 't[2]']) await life.complete(slot);
    life.ended();
  });
});
