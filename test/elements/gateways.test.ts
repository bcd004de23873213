import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { complete, error, start, timer } from './step.ts';

const ways = (split: string, join: string, ...more: readonly string[]): readonly string[] => [
  b.start('s'),
  split,
  join,
  ...['a', 'c', 'd'].map((id) => b.user(id)),
  b.user('n'),
  b.end('e'),
  b.flow('s', 'g', 'd', 'j', 'n', 'e'),
  b.flowIf('g', 'a', '=a'),
  b.flowIf('g', 'c', '=c'),
  b.flow('a', 'j'),
  b.flow('c', 'j'),
  ...more,
];

describe('elements: gateways', () => {
  runs('exclusive: the first flow in the drawing that is true', {
    diagram: ways(b.xor('g', 'd'), b.xor('j')),
    steps: [start({ a: true, c: true }).waits('a'), complete('a').waits('n'), complete('n').ends()],
  });

  runs('exclusive: the default flow when none is true', {
    diagram: ways(b.xor('g', 'd'), b.xor('j')),
    steps: [start({ a: false, c: false }).waits('d'), complete('d').waits('n'), complete('n').ends()],
  });

  runs('exclusive merge: every token goes on by itself', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.xor('m'), b.plain('t'), b.end('e')),
      b.flow('s', 'p', 'a', 'm', 't', 'e'),
      b.flow('p', 'c', 'm'),
    ],
    steps: [start(), complete('a').enters('m', 't', 'e').waits('c'), complete('c').enters('m', 't', 'e').ends()],
  });

  runs('exclusive that merges and splits at once', {
    diagram: [
      b.start('s'),
      b.user('t'),
      b.xor('x', 'e'),
      b.end('e'),
      b.flow('s', 'x', 'e'),
      b.flowIf('x', 't', '=again'),
      b.flow('t', 'x'),
    ],
    steps: [start({ again: true }).waits('t'), complete('t').waits('t'), complete('t', { again: false }).ends()],
  });

  runs('parallel: splits, and joins when every flow has its token', {
    diagram: [
      ...line(b.and('p'), b.user('a'), b.and('j'), b.user('n')),
      b.user('c'),
      b.user('d'),
      b.flow('p', 'c', 'j'),
      b.flow('p', 'd', 'j'),
    ],
    steps: [
      start().waits('a', 'c', 'd'),
      complete('c').waits('a', 'd'),
      complete('a').waits('d'),
      complete('d').waits('n'),
      complete('n').ends(),
    ],
  });

  runs('parallel that joins and splits at once', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.and('q'), ...['a', 'c', 'x', 'y'].map((id) => b.user(id))),
      b.flow('s', 'p', 'a', 'q', 'x'),
      b.flow('p', 'c', 'q', 'y'),
    ],
    steps: [start(), complete('a').waits('c'), complete('c').waits('x', 'y'), complete('x'), complete('y').ends()],
  });

  runs('parallel join: an exclusive split and merge in one branch is one token', {
    diagram: [
      ...b.parts(
        b.start('s'),
        b.and('p'),
        b.xor('x', 'd'),
        b.xor('m'),
        b.and('j'),
        ...['a', 'c', 'd', 'n'].map((id) => b.user(id)),
      ),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'x', 'd', 'm', 'j'),
      b.flowIf('x', 'c', '=c'),
      b.flow('c', 'm'),
    ],
    steps: [start({ c: true }), complete('a').waits('c'), complete('c').waits('n'), complete('n').ends()],
  });

  runs('parallel join: a branch that comes twice before the other leaves one token for the next time', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.boundary('r', 'a', b.cycle('R2/PT1H'), false), b.user('c')),
      ...b.parts(b.xor('m'), b.and('j'), b.plain('n'), b.end('e'), b.end('z')),
      b.flow('s', 'p', 'a', 'z'),
      b.flow('r', 'm', 'j', 'n', 'e'),
      b.flow('p', 'c', 'j'),
    ],
    steps: [
      start().waits('a', 'c', 'r'),
      timer('r').waits('a', 'c', 'r'),
      timer('r').waits('a', 'c'),
      complete('c').enters('j', 'n', 'e').waits('a'),
      complete('a').fails(/stand still/),
    ],
  });

  runs('parallel join: the path of a boundary event merges before it', {
    diagram: [
      ...b.parts(b.error('E', 'E'), b.start('s'), b.and('p'), b.job('a'), b.job('c'), b.boundary('b', 'c', b.onError('E'))),
      ...b.parts(b.user('fix'), b.xor('m'), b.and('j'), b.user('n')),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'c', 'm', 'j'),
      b.flow('b', 'fix', 'm'),
    ],
    steps: [
      start(),
      error('c', 'E').waits('a', 'fix'),
      complete('fix').waits('a'),
      complete('a').waits('n'),
      complete('n').ends(),
    ],
  });

  runs('parallel block in a rework loop joins anew each time', {
    diagram: [
      ...b.parts(b.start('s'), b.xor('l'), b.and('p'), b.user('a'), b.user('c'), b.and('j'), b.xor('x', 'e'), b.end('e')),
      b.flow('s', 'l', 'p', 'a', 'j', 'x', 'e'),
      b.flow('p', 'c', 'j'),
      b.flowIf('x', 'l', '=again'),
    ],
    steps: [
      start({ again: true }),
      complete('a'),
      complete('c').waits('a', 'c'),
      complete('c', { again: false }).waits('a'),
      complete('a').ends(),
    ],
  });

  runs('inclusive: one of three', {
    diagram: ways(b.or('g', 'd'), b.or('j')),
    steps: [start({ a: true, c: false }).waits('a'), complete('a').waits('n'), complete('n').ends()],
  });

  runs('inclusive: two of three, and the join waits for both', {
    diagram: ways(b.or('g', 'd'), b.or('j')),
    steps: [
      start({ a: true, c: true }).waits('a', 'c'),
      complete('a').waits('c'),
      complete('c').waits('n'),
      complete('n').ends(),
    ],
  });

  runs('inclusive: the default flow when none is true', {
    diagram: ways(b.or('g', 'd'), b.or('j')),
    steps: [start({ a: false, c: false }).waits('d'), complete('d').waits('n'), complete('n').ends()],
  });

  runs('inclusive join: a branch that ended elsewhere is not waited for', {
    diagram: [
      ...b.parts(
        b.start('s'),
        b.or('g', 'a'),
        b.user('a'),
        b.user('c'),
        b.xor('x', 'stop'),
        b.end('stop'),
        b.or('j'),
        b.user('n'),
      ),
      b.flow('s', 'g', 'a', 'j', 'n'),
      b.flowIf('g', 'c', '=true'),
      b.flow('c', 'x', 'stop'),
      b.flowIf('x', 'j', '=join'),
    ],
    steps: [start({ join: false }).waits('c'), complete('c').ends()],
  });

  runs('inclusive join: released when the last token that could come goes another way', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.xor('x', 'stop'), b.end('stop'), b.or('j'), b.user('n')),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'c', 'x', 'stop'),
      b.flowIf('x', 'j', '=join'),
    ],
    steps: [start({ join: false }), complete('a').waits('c'), complete('c').waits('n'), complete('n').ends()],
  });

  runs('inclusive join behind a parallel split joins all of it', {
    diagram: [...line(b.and('p'), b.user('a'), b.or('j'), b.user('n')), b.user('c'), b.flow('p', 'c', 'j')],
    steps: [start(), complete('c').waits('a'), complete('a').waits('n'), complete('n').ends()],
  });

  runs('inclusive join waits for the path of a boundary event too', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.boundary('b', 'c', b.duration('PT1H')), b.user('late')),
      ...b.parts(b.or('j'), b.user('n'), b.end('e')),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'c', 'e'),
      b.flow('b', 'late', 'j'),
    ],
    steps: [start(), complete('a').waits('b', 'c'), timer('b').waits('late'), complete('late').waits('n'), complete('n').ends()],
  });

  runs('inclusive block in a loop joins anew each time', {
    diagram: [
      ...b.parts(b.start('s'), b.xor('l'), b.or('g', 'a'), b.user('a'), b.user('c'), b.or('j'), b.xor('x', 'e'), b.end('e')),
      b.flow('s', 'l', 'g', 'a', 'j', 'x', 'e'),
      b.flowIf('g', 'c', '=both'),
      b.flow('c', 'j'),
      b.flowIf('x', 'l', '=again'),
    ],
    steps: [
      start({ both: true, again: true }).waits('c'),
      complete('c', { both: false }).waits('a'),
      complete('a', { again: false }).ends(),
    ],
  });

  runs('inclusive inside a sub-process waits for its own scope only', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('out'), b.end('e')),
      b.sub(
        'sp',
        ...b.parts(b.start('ss'), b.or('g', 'a'), b.user('a'), b.user('c'), b.or('j'), b.user('n')),
        b.flow('ss', 'g', 'a', 'j', 'n'),
        b.flowIf('g', 'c', '=both'),
        b.flow('c', 'j'),
      ),
      b.flow('s', 'p', 'out', 'e'),
      b.flow('p', 'sp', 'e'),
    ],
    steps: [
      start({ both: false }).waits('a', 'out'),
      complete('a').waits('n', 'out'),
      complete('n').waits('out'),
      complete('out').ends(),
    ],
  });

  refuses(
    'complex: refused',
    [...line(b.element('complexGateway', { id: 'g' }), b.user('a')), b.user('c'), b.flow('g', 'c')],
    'g not-supported',
  );

  runs('gateways of each kind in a sub-process', {
    diagram: line(
      b.sub(
        'sp',
        ...inner('i', b.and('p'), b.user('a'), b.and('j'), b.xor('x', 'ie')),
        b.user('c'),
        b.user('d'),
        b.flow('p', 'c', 'j'),
        b.flowIf('x', 'd', '=d'),
        b.flow('d', 'ie'),
      ),
      b.user('n'),
    ),
    steps: [
      start({ d: true }).waits('a', 'c'),
      complete('a'),
      complete('c').waits('d'),
      complete('d').waits('n'),
      complete('n').ends(),
    ],
  });
});
