import { expect } from 'chai';
import { StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, rejection } from './life.ts';

describe('engine: gateways', () => {
  it('exclusive: the first true condition, or the default flow', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('x', 'small'),
      b.user('big'),
      b.user('small'),
      b.end('e'),
      b.flow('s', 'x', 'small', 'e'),
      b.flowIf('x', 'big', '=total > limit'),
      b.flow('big', 'e'),
    );
    const big = await Life.begin(xml, { variables: { total: 50, limit: 10 } });
    expect(big.open).to.deep.equal(['big']);
    expect(big.last.asked).to.deep.equal([
      { elementId: 'x.big', kind: 'expression', question: 'total > limit', inputs: { total: 50, limit: 10 }, outcome: true },
    ]);
    expect((await Life.begin(xml, { variables: { total: 5, limit: 10 } })).open).to.deep.equal(['small']);
  });

  it('an expression that fails fails the step and names the flow', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('u'),
      b.xor('x', 'e'),
      b.end('e'),
      b.plain('t'),
      b.flow('s', 'u', 'x', 'e'),
      b.flowIf('x', 't', '=missing > 1'),
      b.flow('t', 'e'),
    );
    const life = await Life.begin(xml);
    const error = await rejection(life.complete('u'));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 'x.t');
    expect(error.message).to.match(/^x\.t: the expression missing > 1 cannot be answered: /);
    await life.complete('u', { missing: 2 });
    life.ended();
  });

  it('parallel: splits, and joins when every flow has a token', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.user('a'),
      b.user('c'),
      b.and('j'),
      b.user('n'),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'c', 'j'),
    );
    const life = await Life.begin(xml);
    expect(life.open).to.deep.equal(['a', 'c']);
    await life.complete('c');
    expect(life.open).to.deep.equal(['a']);
    await life.complete('a');
    expect(life.open).to.deep.equal(['n']);
    await life.complete('n');
    life.ended();
  });

  it('parallel block inside a rework loop', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('m'),
      b.and('p'),
      b.user('a'),
      b.user('c'),
      b.and('j'),
      b.xor('x', 'e'),
      b.end('e'),
      b.flow('s', 'm', 'p', 'a', 'j', 'x', 'e'),
      b.flow('p', 'c', 'j'),
      b.flowIf('x', 'm', '=again'),
    );
    const life = await Life.begin(xml, { variables: { again: true } });
    await life.complete('c');
    await life.complete('a');
    expect(life.open).to.deep.equal(['a', 'c']);
    await life.complete('a', { again: false });
    await life.complete('c');
    life.ended();
  });

  it('a join takes one token of each flow, and keeps the ones behind them', async () => {
    // the reminder path feeds the join again and again while the other branch still works
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.user('a'),
      b.boundary('r', 'a', b.cycle('R/PT1H'), false),
      b.user('c'),
      b.xor('m'),
      b.and('j'),
      b.user('n'),
      b.flow('s', 'p', 'a', 'm', 'j', 'n'),
      b.flow('r', 'm'),
      b.flow('p', 'c', 'j'),
    );
    const life = await Life.begin(xml);
    await life.timer('r');
    await life.timer('r');
    expect(life.open).to.deep.equal(['a', 'c', 'r']);
    await life.complete('c');
    expect(life.open).to.deep.equal(['a', 'n', 'r']);
    expect(JSON.parse(life.last.state ?? ''))
      .to.have.nested.property('marking.held')
      .that.deep.equals({ j: ['m.j'] });
  });

  const inclusive = b.bpmn(
    b.start('s'),
    b.or('g', 'd'),
    b.user('t'),
    b.user('v'),
    b.user('d'),
    b.or('j'),
    b.user('n'),
    b.flow('s', 'g', 'd', 'j', 'n'),
    b.flowIf('g', 't', '=x'),
    b.flowIf('g', 'v', '=y'),
    b.flow('t', 'j'),
    b.flow('v', 'j'),
  );

  it('inclusive: waits for the branches that were taken, and for no others', async () => {
    for (const [x, y, open] of [
      [true, false, ['t']],
      [true, true, ['t', 'v']],
      [false, false, ['d']],
    ] as const) {
      const life = await Life.begin(inclusive, { variables: { x, y } });
      expect(life.open).to.deep.equal(open);
      for (const slot of open) {
        expect(life.open).not.to.include('n');
        await life.complete(slot);
      }
      expect(life.open).to.deep.equal(['n']);
      await life.complete('n');
      life.ended();
    }
  });

  it('inclusive join: goes on when the last missing branch ends elsewhere', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.or('g', 'd'),
      b.user('t'),
      b.user('v'),
      b.xor('vx', 'j'),
      b.end('ve'),
      b.user('d'),
      b.or('j'),
      b.user('n'),
      b.flow('s', 'g', 'd', 'j', 'n'),
      b.flowIf('g', 't', '=true'),
      b.flowIf('g', 'v', '=true'),
      b.flow('t', 'j'),
      b.flow('v', 'vx', 'j'),
      b.flowIf('vx', 've', '=stop'),
    );
    const life = await Life.begin(xml);
    await life.complete('t');
    expect(life.open).to.deep.equal(['v']);
    await life.complete('v', { stop: true });
    expect(life.open).to.deep.equal(['n']);
  });

  it('inclusive join inside a parallel block inside a loop does not wait for the other branch to come round', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('m'),
      b.and('p'),
      b.or('g', 'd'),
      b.user('d'),
      b.user('t'),
      b.or('j'),
      b.user('o'),
      b.and('q'),
      b.xor('x', 'e'),
      b.end('e'),
      b.flow('s', 'm', 'p', 'g', 'd', 'j', 'q', 'x', 'e'),
      b.flowIf('g', 't', '=true'),
      b.flow('t', 'j'),
      b.flow('p', 'o', 'q'),
      b.flowIf('x', 'm', '=again'),
    );
    const life = await Life.begin(xml, { variables: { again: true } });
    await life.complete('t');
    await life.complete('o');
    expect(life.open).to.deep.equal(['o', 't']);
  });

  it('conditional flows out of a task: each true one is taken, the default otherwise', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('t').replace('id="t"', 'id="t" default="t.n"'),
      b.user('n'),
      b.user('o'),
      b.user('q'),
      b.flow('s', 't', 'n'),
      b.flowIf('t', 'o', '=v > 1'),
      b.flowIf('t', 'q', '=v > 2'),
    );
    const life = await Life.begin(xml);
    expect((await life.complete('t', { v: 3 })).open).to.deep.equal(['o', 'q']);
    const other = await Life.begin(xml);
    expect((await other.complete('t', { v: 0 })).open).to.deep.equal(['n']);
  });

  it('fifteen exclusive diamonds in a row start at once', async () => {
    const parts: string[] = [b.start('d0'), b.end('e')];
    for (let i = 1; i <= 15; i += 1) {
      parts.push(b.xor(`x${i}`, `a${i}`), b.plain(`a${i}`), b.plain(`c${i}`), b.xor(`d${i}`));
      parts.push(b.flow(`d${i - 1}`, `x${i}`, `a${i}`, `d${i}`), b.flowIf(`x${i}`, `c${i}`, '=true'), b.flow(`c${i}`, `d${i}`));
    }
    const begun = performance.now();
    const life = await Life.begin(b.bpmn(...parts, b.flow('d15', 'e')));
    life.ended();
    expect(life.entered).to.have.lengthOf(1 + 3 * 15 + 1);
    expect(performance.now() - begun).to.be.lessThan(5000);
  });

  it('a join that can never be fed is a failed step, not a silent stand-still', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('u'),
      b.xor('x', 'a'),
      b.plain('a'),
      b.plain('c'),
      b.and('j'),
      b.end('e'),
      b.flow('s', 'u', 'x', 'a', 'j', 'e'),
      b.flowIf('x', 'c', '=false'),
      b.flow('c', 'j'),
    );
    const error = await rejection((await Life.begin(xml)).complete('u'));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 'j');
    expect(error.message).to.contain('no token can move and nothing is waited for (tokens at j)');
  });

  it('a second token at a busy task waits its turn', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.plain('a'),
      b.plain('c'),
      b.xor('m'),
      b.user('t'),
      b.end('e'),
      b.flow('s', 'p', 'a', 'm', 't', 'e'),
      b.flow('p', 'c', 'm'),
    );
    const life = await Life.begin(xml);
    expect(life.open).to.deep.equal(['t']);
    await life.complete('t');
    expect(life.last.closed).to.deep.equal([{ slot: 't', how: 'completed' }]);
    expect(life.open).to.deep.equal(['t']);
    await life.complete('t');
    life.ended();
  });

  it('a hundred elements in a row pass in one step; more than the engine can pass fail the step', async () => {
    const chain = (length: number) => {
      const ids = Array.from({ length }, (_, index) => `t${index}`);
      return b.bpmn(b.start('s'), b.end('e'), ...ids.map((id) => b.plain(id)), b.flow('s', ...ids, 'e'));
    };
    (await Life.begin(chain(100))).ended();
    const error = await rejection(Life.begin(chain(998)));
    expect(error).to.be.instanceOf(StepFailed);
    expect(error.message).to.equal('the step passes through too many elements without coming to a wait');
  });
});
