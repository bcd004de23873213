import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { complete, error, message, start, timer } from './step.ts';

const cancelEnd = b.end('no', b.onCancel());

describe('elements: transactions', () => {
  const simple = [
    ...line(
      b.transaction('tx', ...inner('i', b.user('t'), b.xor('x', 'ie')), cancelEnd, b.flowIf('x', 'no', '=stop')),
      b.user('n'),
    ),
    ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
  ];
  runs('a transaction ends as a sub-process does', {
    diagram: simple,
    steps: [start().slots('tx/t'), complete('t', { stop: false }).waits('n'), complete('n').ends()],
  });
  runs('a cancel end event leads to the cancel boundary event', {
    diagram: simple,
    steps: [start(), complete('t', { stop: true }).enters('x', 'no', 'b', 'y').waits('y'), complete('y').ends()],
  });
  runs('cancel takes what else runs inside away, nested scopes included', {
    diagram: [
      ...line(
        b.transaction(
          'tx',
          ...b.parts(b.start('is'), b.and('p'), b.user('t'), cancelEnd, b.user('v'), b.sub('in', ...inner('j', b.user('u')))),
          ...b.parts(b.boundary('late', 'v', b.duration('PT1H')), b.plain('l'), b.flow('late', 'l')),
          b.flow('is', 'p', 't', 'no'),
          b.flow('p', 'v'),
          b.flow('p', 'in'),
        ),
      ),
      ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start().waits('t', 'v', 'u', 'late'), complete('t').cancels('v', 'u', 'late').waits('y'), complete('y').ends()],
  });
  runs('cancel takes an event sub-process inside away', {
    diagram: [
      ...line(
        b.message('M'),
        b.transaction(
          'tx',
          ...b.parts(b.start('is'), b.user('t'), cancelEnd, b.flow('is', 't', 'no')),
          b.eventSub('esp', b.startOn('es', b.onMessage('M'), false), b.user('eu'), b.flow('es', 'eu')),
        ),
      ),
      ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), message('es').waits('t', 'es', 'eu'), complete('t').cancels('es', 'eu').waits('y'), complete('y').ends()],
  });
  runs('a transaction inside a transaction is cancelled alone', {
    diagram: [
      ...line(
        b.transaction(
          'outer',
          ...inner('o', b.transaction('tx', b.start('is'), b.user('t'), cancelEnd, b.flow('is', 't', 'no')), b.user('v')),
          ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y', 'v')),
        ),
      ),
      ...b.parts(b.boundary('bo', 'outer', b.onCancel()), b.user('z'), b.flow('bo', 'z')),
    ],
    steps: [start(), complete('t').waits('y'), complete('y').waits('v'), complete('v').ends()],
  });
  runs('an error leaves a transaction as it leaves a sub-process: without compensation', {
    diagram: [
      ...line(b.error('E', 'NO'), b.transaction('tx', ...inner('i', b.job('t')))),
      ...b.parts(b.boundary('b', 'tx', b.onError('E')), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), error('t', 'NO').waits('y'), complete('y').ends()],
  });
  runs('a timer on a transaction takes everything inside away', {
    diagram: [
      ...line(b.transaction('tx', ...inner('i', b.user('t')))),
      b.boundary('b', 'tx', b.duration('P1D')),
      b.user('y'),
      b.flow('b', 'y'),
    ],
    steps: [start(), timer('b').cancels('t').waits('y'), complete('y').ends()],
  });
  refuses(
    'a cancel end event outside of a transaction: refused',
    [b.start('s'), b.end('no', b.onCancel()), b.flow('s', 'no')],
    'no not-supported',
  );
});
