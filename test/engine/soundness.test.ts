import { expect } from 'chai';
import { examine } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';

const stuck = async (...parts: readonly string[]): Promise<(string | null)[]> => {
  const { findings } = await examine(b.bpmn(b.start('s'), b.end('e'), ...parts));
  expect(findings.filter(({ rule }) => !rule.startsWith('layout') && rule !== 'stuck-join')).to.deep.equal([]);
  return findings.filter(({ rule }) => rule === 'stuck-join').map(({ elementId }) => elementId);
};
const sla = b.properties({ sla: 'PT1H' });

describe('engine: joins that wait for ever', () => {
  it('a parallel gateway behind an exclusive one, also with work between them', async () => {
    const found = await stuck(
      b.xor('x', 'a'),
      b.user('a'),
      b.user('c'),
      b.user('d'),
      b.and('j'),
      b.flow('s', 'x', 'a', 'j', 'e'),
      b.flowIf('x', 'c', '=n > 1'),
      b.flow('c', 'd', 'j'),
    );
    expect(found).to.deep.equal(['j']);
  });

  it('a parallel gateway that the exclusive one leads to directly', async () => {
    expect(
      await stuck(
        b.xor('x', 'j'),
        b.user('a'),
        b.and('j'),
        b.flow('s', 'x', 'j', 'e'),
        b.flowIf('x', 'a', '=n > 1'),
        b.flow('a', 'j'),
      ),
    ).to.deep.equal(['j']);
  });

  it('a parallel gateway behind an event-based one', async () => {
    const found = await stuck(
      b.message('M'),
      b.eventGateway('g'),
      b.caught('m', b.onMessage('M')),
      b.caught('t', b.duration('PT1H')),
      b.and('j'),
      b.flow('s', 'g', 'm', 'j', 'e'),
      b.flow('g', 't', 'j'),
    );
    expect(found).to.deep.equal(['j']);
  });

  it('a parallel gateway that joins a task with the event that interrupts it, not with one that does not', async () => {
    const of = (interrupts: boolean) =>
      stuck(
        b.user('a'),
        b.boundary('late', 'a', b.duration('PT1H'), interrupts),
        b.and('j'),
        b.flow('s', 'a', 'j', 'e'),
        b.flow('late', 'j'),
      );
    expect(await of(true)).to.deep.equal(['j']);
    expect(await of(false)).to.deep.equal([]);
  });

  it('a parallel gateway that joins two start events', async () => {
    const found = await stuck(
      b.message('M'),
      b.start('again', b.onMessage('M')),
      b.and('j'),
      b.flow('s', 'j', 'e'),
      b.flow('again', 'j'),
    );
    expect(found).to.deep.equal(['j']);
  });

  it('inside a sub-process too', async () => {
    const inside = [
      b.start('is'),
      b.xor('x', 'j'),
      b.user('a'),
      b.and('j'),
      b.end('ie'),
      b.flow('is', 'x', 'j', 'ie'),
      b.flowIf('x', 'a', '=n > 1'),
      b.flow('a', 'j'),
    ];
    expect(await stuck(b.sub('sub', ...inside), b.flow('s', 'sub', 'e'))).to.deep.equal(['j']);
  });

  it('not where a parallel gateway splits, with choices, loops and events on the way', async () => {
    const found = await stuck(
      b.and('p'),
      b.xor('x', 'a'),
      b.user('a'),
      b.user('c'),
      b.xor('m'),
      b.xor('again', 'j'),
      b.user('d'),
      b.boundary('late', 'd', b.duration('PT1H')),
      b.and('j'),
      b.flow('s', 'p', 'x', 'a', 'm', 'again', 'j', 'e'),
      b.flowIf('x', 'c', '=n > 1'),
      b.flow('c', 'm'),
      b.flowIf('again', 'x', '=n > 2'),
      b.flow('p', 'd', 'j'),
      b.flow('late', 'c'),
    );
    expect(found).to.deep.equal([]);
  });

  it('not where each way of the choice comes to all flows of the join', async () => {
    const found = await stuck(
      b.xor('x', 'p'),
      b.and('p'),
      b.and('q'),
      b.xor('left'),
      b.xor('right'),
      b.and('j'),
      b.flow('s', 'x', 'p', 'left', 'j', 'e'),
      b.flow('p', 'right', 'j'),
      b.flowIf('x', 'q', '=n > 1'),
      b.flow('q', 'left'),
      b.flow('q', 'right'),
    );
    expect(found).to.deep.equal([]);
  });

  it('not where the tokens come from a loop around a receive task', async () => {
    expect(
      await stuck(
        b.message('M'),
        b.and('p'),
        b.receive('r', 'M', sla),
        b.user('u'),
        b.and('j'),
        b.flow('s', 'p', 'r', 'j', 'e'),
        b.flow('p', 'u', 'j'),
      ),
    ).to.deep.equal([]);
  });
});
