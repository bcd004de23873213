import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, runs } from './runs.ts';
import { change, complete, drop, message, move, start, timer } from './step.ts';

const parallel = [
  ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.user('d'), b.end('e'), b.end('e2')),
  b.flow('s', 'p', 'a', 'd', 'e'),
  b.flow('p', 'c', 'e2'),
];
const list = [1, 2, 3];
const over = { inputCollection: '=list', inputElement: 'item' };

describe('elements: repair by hand', () => {
  runs('move: forward, and its variables are there before anything is asked', {
    diagram: [...line(b.user('a'), b.xor('x', 'n'), b.user('n')), b.user('m'), b.flowIf('x', 'm', '=m')],
    steps: [start({ m: false }), move('a', 'x', { m: true }).cancels('a').enters('x', 'm').waits('m'), complete('m').ends()],
  });
  runs('move: back to what was done already', {
    diagram: line(b.user('a'), b.user('c'), b.user('d')),
    steps: [
      start(),
      complete('a'),
      complete('c'),
      move('d', 'a').cancels('d').waits('a'),
      complete('a'),
      complete('c'),
      complete('d').ends(),
    ],
  });
  runs('move: the other tokens stay', {
    diagram: parallel,
    steps: [start(), move('c', 'd').waits('a', 'd'), complete('d').waits('a'), complete('a').waits('d'), complete('d').ends()],
  });
  runs('move: boundary events go with their task, and come with it', {
    diagram: [
      ...line(b.user('a'), b.user('c')),
      ...['a', 'c'].flatMap((id) => [b.boundary(`b${id}`, id, b.duration('P1D')), b.flow(`b${id}`, 'e')]),
    ],
    steps: [start().waits('a', 'ba'), move('a', 'c').cancels('a', 'ba').waits('c', 'bc'), complete('c').ends()],
  });
  runs('move: into a sub-process, which is entered with its boundary events and mappings', {
    diagram: [
      ...line(
        b.user('a'),
        b.sub('sp', b.io({ input: { n: '=1' } }), ...inner('i', b.user('u'), b.job('v', b.io({ input: { sees: '=n' } })))),
      ),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.flow('b', 'e')),
    ],
    steps: [
      start(),
      move('a', 'v')
        .gives({ v: { sees: 1 } })
        .slots('b', 'sp/v'),
      complete('v').ends(),
    ],
  });
  runs('move: into the innermost of three sub-processes', {
    diagram: line(
      b.user('a'),
      b.sub('x', ...inner('x', b.sub('y', ...inner('y', b.sub('z', ...inner('z', b.user('u'), b.user('v'))))))),
    ),
    steps: [start(), move('a', 'v').slots('x/y/z/v'), complete('v').ends()],
  });
  runs('move: out of a sub-process that has nothing left takes it away', {
    diagram: [
      ...line(b.sub('sp', ...inner('i', b.user('u'))), b.user('n')),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.flow('b', 'n')),
    ],
    steps: [start(), move('u', 'n').cancels('u', 'b').slots('n'), complete('n').ends()],
  });
  runs('move: out of a sub-process that goes on leaves the rest of it', {
    diagram: line(
      b.sub('sp', ...b.parts(b.start('is'), b.and('p'), b.user('u'), b.user('v')), b.flow('is', 'p', 'u'), b.flow('p', 'v')),
      b.user('n'),
    ),
    steps: [
      start(),
      move('u', 'n').slots('n', 'sp/v'),
      complete('n').slots('sp/v'),
      complete('v').slots('n'),
      complete('n').ends(),
    ],
  });
  runs('move: within one run of a multi-instance sub-process', {
    diagram: line(b.sub('sp', b.loop(over), ...inner('i', b.user('u'), b.user('v')))),
    steps: [
      start({ list: [1, 2] }),
      move('sp[1]/u', 'v').slots('sp[0]/u', 'sp[1]/v'),
      complete('v').slots('sp[0]/u'),
      complete('u'),
      complete('v').ends(),
    ],
  });
  runs('move: one more token', {
    diagram: parallel,
    steps: [
      start(),
      complete('c').waits('a'),
      move(undefined, 'd').waits('a', 'd'),
      complete('d'),
      complete('a'),
      complete('d').ends(),
    ],
  });
  runs('move: to an element that there is not, or that only an event starts, fails', {
    diagram: [...line(b.user('a'), b.user('c')), b.boundary('b', 'c', b.duration('P1D')), b.flow('b', 'e')],
    steps: [
      start(),
      move('a', 'nowhere').fails(/no element nowhere/),
      move('a', 'b').fails(/only when the event happens/, { elementId: 'b' }),
      move('a', 's').fails(/only when the event happens/, { elementId: 's' }),
      complete('a'),
      complete('c').ends(),
    ],
  });
  runs('drop: one of several tokens', {
    diagram: parallel,
    steps: [start(), drop('c').cancels('c').waits('a'), complete('a'), complete('d').ends()],
  });
  runs('drop: the last token fails', {
    diagram: line(b.user('a')),
    steps: [start(), drop('a').fails(/no token would be left/, { elementId: 'a' }), complete('a').ends()],
  });
  runs('drop: one run of a multi-instance task; the others have to end', {
    diagram: line(b.user('t', b.loop(over))),
    steps: [start({ list }), drop('t[1]').cancels('t[1]').waits('t[0]', 't[2]'), complete('t[0]'), complete('t[2]').ends()],
  });
  runs('drop: a start event of an event sub-process, which can begin no more', {
    diagram: [
      ...line(b.message('M', '="k"'), b.user('a')),
      b.eventSub('esp', b.startOn('es', b.onMessage('M'), false), b.user('u'), b.flow('es', 'u')),
    ],
    steps: [start(), message('es').waits('a', 'es', 'u'), drop('es').waits('a', 'u'), complete('a'), complete('u').ends()],
  });
  runs('drop: a boundary event, which can fire no more', {
    diagram: [...line(b.user('a')), b.boundary('b', 'a', b.duration('P1D')), b.flow('b', 'e')],
    steps: [start(), drop('b').cancels('b').waits('a'), complete('a').ends()],
  });
  runs('change: the local variables of one scope', {
    diagram: line(b.sub('sp', b.io({ input: { n: '=0' }, output: { last: '=n' } }), ...inner('i', b.user('u')))),
    steps: [start({ n: 7 }), change({ n: 5 }, 'sp').holds({ n: 7 }), complete('u').ends({ n: 7, last: 5 })],
  });
  runs('change: the local variables of one run', {
    diagram: line(
      b.sub(
        'sp',
        b.loop(over),
        b.io({ input: { n: '=0' } }),
        ...inner('i', b.user('u'), b.job('v', b.io({ input: { sees: '=n' } }))),
      ),
    ),
    steps: [
      start({ list: [1, 2] }),
      change({ n: 5 }, 'sp[1]'),
      complete('sp[0]/u').gives({ 'sp[0]/v': { sees: 0 } }),
      complete('sp[1]/u').gives({ 'sp[1]/v': { sees: 5 } }),
      complete('v'),
      complete('v').ends(),
    ],
  });
  runs('a timer of the place that was left fires no more', {
    diagram: [...line(b.user('a'), b.user('c')), b.boundary('b', 'a', b.duration('P1D')), b.flow('b', 'e')],
    steps: [start(), move('a', 'c'), timer('b').fails(/Nothing waits at b/), complete('c').ends()],
  });
  const choice = [
    ...b.parts(b.or('o', 'c'), b.user('a'), b.user('c'), b.user('d'), b.or('j'), b.user('n')),
    ...b.parts(b.flowIf('o', 'a', '=true'), b.flow('o', 'c'), b.flowIf('o', 'd', '=true')),
    ...b.parts(b.flow('a', 'j', 'n'), b.flow('c', 'j'), b.flow('d', 'j')),
  ];
  const queue = (waiting: string): readonly string[] => [
    ...b.parts(b.start('s'), b.and('p'), b.plain('p1'), b.plain('p2'), waiting, b.end('e')),
    ...b.parts(b.flow('s', 'p', 'p1', 't', 'e'), b.flow('p', 'p2', 't')),
  ];
  runs('drop: an inclusive join does not wait for what was taken away', {
    diagram: [b.start('s'), ...choice, b.end('e'), b.flow('s', 'o'), b.flow('n', 'e')],
    steps: [start().waits('a', 'd'), complete('a').waits('d'), drop('d').waits('n'), complete('n').ends()],
  });
  runs('move: an inclusive join in the scope that was left does not wait for what was taken away', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('x'), b.user('y'), b.end('e'), b.end('e2')),
      b.sub('sp', b.start('is'), ...choice, b.end('ie'), b.flow('is', 'o'), b.flow('n', 'ie')),
      ...b.parts(b.flow('s', 'p', 'sp', 'e'), b.flow('p', 'x', 'y', 'e2')),
    ],
    steps: [
      start(),
      complete('a'),
      complete('x').waits('d', 'y'),
      move('d', 'x').waits('n', 'x', 'y'),
      complete('n'),
      complete('y'),
      complete('x').waits('y'),
      complete('y').ends(),
    ],
  });
  runs('drop: the token that waited behind it begins', {
    diagram: queue(b.user('t')),
    steps: [start().waits('t'), drop('t').cancels('t').enters('t').waits('t'), complete('t').ends()],
  });
  runs('drop: the last one in a sub-process; the token that waited before it begins it', {
    diagram: queue(b.sub('t', ...inner('i', b.user('u')))),
    steps: [start().waits('u'), drop('u').cancels('u').enters('t', 'is', 'u').waits('u'), complete('u').ends()],
  });
  runs('move: to the join that others wait at already, which goes on with them', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.and('j'), b.user('n'), b.end('e')),
      ...b.parts(b.flow('s', 'p', 'a', 'j', 'n', 'e'), b.flow('p', 'c', 'j')),
    ],
    steps: [start(), complete('a'), move('c', 'j').waits('n'), complete('n').ends()],
  });
  runs('move: a task that is begun again is given the variables of now', {
    diagram: line(b.user('t', b.io({ input: { n: '=n' } }))),
    steps: [start({ n: 1 }), move('t', 't', { n: 2 }).gives({ t: { n: 2 } }), complete('t').ends({ n: 2 })],
  });
});
