import { expect } from 'chai';
import * as b from '../../helpers/bpmn-builder.ts';
import { Journey } from './journey.ts';

/** A fork with a task on each branch, joined, and a task behind it. */
const fork = (branches: readonly string[], { gateway = b.and, join = 'j', behind = 'z' } = {}): string =>
  b.bpmn(
    b.start('s'),
    b.user('before'),
    b.and('f'),
    ...branches.map((id) => b.user(id)),
    gateway(join),
    b.user(behind),
    b.end('e'),
    b.flow('s', 'before', 'f'),
    ...branches.map((id) => b.flow('f', id, join)),
    b.flow(join, behind, 'e'),
  );

describe('a migration looks at joins', () => {
  it('a token that is held keeps the flow it came by, also when the join and its flows are renamed', async () => {
    const it = await Journey.begin(fork(['a', 'b']));
    await it.complete('before');
    await it.complete('a');
    await it.go(fork(['a', 'b'], { join: 'together' }), { j: 'together' });
    await it.complete('b');
    expect(it.last.open).to.deep.equal(['z']);
  });

  it('a held token whose flow is gone keeps the instance', async () => {
    const it = await Journey.begin(fork(['a', 'b', 'c']));
    await it.complete('before');
    await it.complete('a');
    expect(await it.refusals(fork(['b', 'c']))).to.deep.equal(['join-flow-gone j']);
  });

  it('a branch that is new, and whose token would have been made before, keeps it: the join would wait for ever', async () => {
    const it = await Journey.begin(fork(['a', 'b']));
    const wider = fork(['a', 'b', 'c']);
    expect(await it.refusals(wider), 'before the fork').to.deep.equal([]);
    await it.complete('before');
    expect(await it.refusals(wider), 'behind it').to.deep.equal(['join-never-complete j']);
    await it.complete('a');
    expect(await it.refusals(wider), 'with a token held').to.deep.equal(['join-never-complete j']);
    await it.complete('b');
    expect(await it.refusals(wider), 'behind the join').to.deep.equal([]);
  });

  it('a branch that is gone and holds no token of the instance is missed by nobody', async () => {
    const it = await Journey.begin(fork(['a', 'b', 'c']));
    await it.complete('before');
    await it.complete('c');
    await it.complete('a');
    expect(await it.refusals(fork(['a', 'c'])), 'a token is still on it').to.deep.equal(['element-removed b']);
    const early = await Journey.begin(fork(['a', 'b', 'c']));
    await early.go(fork(['a', 'c']));
    await early.complete('before');
    await early.complete('a');
    await early.complete('c');
    expect(early.last.open).to.deep.equal(['z']);
  });

  it('a join that is no join any more keeps tokens that run side by side: what follows would be done for each', async () => {
    const it = await Journey.begin(fork(['a', 'b']));
    const merging = fork(['a', 'b'], { gateway: b.xor });
    expect(await it.refusals(merging), 'one token').to.deep.equal([]);
    await it.complete('before');
    expect(await it.refusals(merging), 'two tokens').to.deep.equal(['join-gone j']);
    await it.complete('a');
    expect(await it.refusals(merging), 'one of them held').to.deep.equal(['kind-changed j']);
  });

  it('an inclusive join takes over the token of a parallel one, and the other way round', async () => {
    const it = await Journey.begin(fork(['a', 'b']));
    await it.complete('before');
    await it.go(fork(['a', 'b'], { gateway: b.or }));
    await it.complete('a');
    expect(it.last.open).to.deep.equal(['b']);
    await it.go(fork(['a', 'b'], { join: 'again' }), { j: 'again' });
    await it.complete('b');
    expect(it.last.open).to.deep.equal(['z']);
  });

  it('two tokens never come to lie at one element', async () => {
    const it = await Journey.begin(fork(['a', 'b']));
    await it.complete('before');
    expect(await it.refusals(fork(['b', 'c']), { a: 'b' })).to.include('two-tokens-on-one b');
  });

  it('a join that the instance could not pass in the old version either is no reason', async () => {
    const escaping = (...more: readonly string[]) =>
      b.bpmn(
        b.start('s'),
        b.and('f'),
        b.user('a'),
        b.boundary('late', 'a', b.duration('PT1H')),
        b.end('gone'),
        b.user('b'),
        b.and('j'),
        ...more.map((id) => b.user(id)),
        b.end('e'),
        b.flow('s', 'f', 'a', 'j', ...more, 'e'),
        b.flow('f', 'b', 'j'),
        b.flow('late', 'gone'),
      );
    const it = await Journey.begin(escaping());
    await it.timer('late');
    expect(await it.refusals(escaping('z'))).to.deep.equal([]);
  });
});
