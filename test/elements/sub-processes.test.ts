import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { complete, error, message, start, timer } from './step.ts';

const E1 = b.error('E1', 'ONE');
const E2 = b.error('E2', 'TWO');

describe('elements: sub-processes', () => {
  runs('a sub-process begins with its start event and ends with its last token', {
    diagram: line(b.sub('sp', ...inner('i', b.user('u'))), b.user('n')),
    steps: [start().slots('sp/u').enters('s', 'sp', 'is', 'u'), complete('u').enters('ie', 'n').waits('n'), complete('n').ends()],
  });
  runs('a sub-process without a wait passes at once', {
    diagram: line(b.sub('sp', ...inner('i', b.plain('u')))),
    steps: [start().enters('s', 'sp', 'is', 'u', 'ie', 'e').ends()],
  });
  runs('three sub-processes inside each other', {
    diagram: line(b.sub('a', ...inner('a', b.sub('bb', ...inner('b', b.sub('c', ...inner('c', b.user('u')))))))),
    steps: [start().slots('a/bb/c/u'), complete('u').enters('ce', 'be', 'ae', 'e').ends()],
  });
  runs('several tokens inside: ends with the last of them', {
    diagram: line(
      b.sub(
        'sp',
        b.start('is'),
        b.and('p'),
        b.user('u'),
        b.user('v'),
        b.end('ie'),
        b.flow('is', 'p', 'u', 'ie'),
        b.flow('p', 'v'),
      ),
    ),
    steps: [start().waits('u', 'v'), complete('u').waits('v'), complete('v').ends()],
  });
  runs('two sub-processes side by side are each their own scope', {
    diagram: [
      ...line(b.and('p'), b.sub('a', ...inner('a', b.user('u'))), b.and('j')),
      ...b.parts(b.sub('c', ...inner('c', b.user('v'))), b.flow('p', 'c', 'j')),
    ],
    steps: [start().slots('a/u', 'c/v'), complete('v').slots('a/u'), complete('u').ends()],
  });
  runs('a sub-process in a loop begins anew each time', {
    diagram: [...line(b.xor('m'), b.sub('sp', ...inner('i', b.user('u'))), b.xor('x', 'e')), b.flowIf('x', 'm', '=again')],
    steps: [start(), complete('u', { again: true }).slots('sp/u'), complete('u', { again: false }).ends()],
  });
  runs('two tokens come to one sub-process: it is done twice', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.sub('sp', ...inner('i', b.user('u'))), b.end('e')),
      b.flow('s', 'p', 'a', 'sp', 'e'),
      b.flow('p', 'c', 'sp'),
    ],
    steps: [
      start(),
      complete('a').waits('c', 'u'),
      complete('u').enters('ie', 'e').waits('c'),
      complete('c').waits('u'),
      complete('u').ends(),
    ],
  });
  refuses(
    'a sub-process with a trigger at its start: refused',
    line(b.message('M'), b.sub('sp', b.startOn('is', b.onMessage('M')), b.user('u'), b.flow('is', 'u'))),
    'sp start',
  );

  const twoScopes = (innerCatch: readonly string[], outerCatch: readonly string[]): readonly string[] => [
    ...b.parts(E1, E2),
    ...line(
      b.sub(
        'outer',
        ...inner('o', b.sub('in', b.start('is'), b.and('p'), b.job('t'), b.user('v'), b.flow('is', 'p', 't'), b.flow('p', 'v'))),
        ...innerCatch,
      ),
    ),
    ...outerCatch,
  ];
  const onInner = (definition: string): readonly string[] => [
    b.boundary('bi', 'in', definition),
    b.user('x'),
    b.flow('bi', 'x', 'oe'),
  ];
  const onOuter = (definition: string): readonly string[] => [
    b.boundary('bo', 'outer', definition),
    b.user('y'),
    b.flow('bo', 'y', 'e'),
  ];

  runs('an error passes through two scopes', {
    diagram: twoScopes([], onOuter(b.onError('E1'))),
    steps: [start().waits('t', 'v'), error('t', 'ONE').cancels('v').enters('bo', 'y').waits('y'), complete('y').ends()],
  });
  runs('an error is caught by the nearer scope', {
    diagram: twoScopes(onInner(b.onError('E1')), onOuter(b.onError('E1'))),
    steps: [start(), error('t', 'ONE').enters('bi', 'x').waits('x'), complete('x').enters('oe', 'e').ends()],
  });
  runs('an error passes the nearer scope when its code is another', {
    diagram: twoScopes(onInner(b.onError('E2')), onOuter(b.onError('E1'))),
    steps: [start(), error('t', 'ONE').enters('bo', 'y').waits('y'), complete('y').ends()],
  });
  runs('an error is caught by the nearer scope that catches everything, before the exact code further out', {
    diagram: twoScopes(onInner(b.onError()), onOuter(b.onError('E1'))),
    steps: [start(), error('t', 'ONE').enters('bi', 'x').waits('x'), complete('x').ends()],
  });
  runs('an error end event takes its sub-process away', {
    diagram: [
      ...line(
        E1,
        b.sub(
          'sp',
          b.start('is'),
          b.and('p'),
          b.user('u'),
          b.user('v'),
          b.end('x', b.onError('E1')),
          b.flow('is', 'p', 'u', 'x'),
          b.flow('p', 'v'),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onError('E1')), b.user('y'), b.flow('b', 'y', 'e')),
    ],
    steps: [start(), complete('u').cancels('v').enters('x', 'b', 'y').waits('y'), complete('y').ends()],
  });
  runs('an error end event in the path of a boundary event', {
    diagram: [
      ...line(
        E1,
        b.sub(
          'sp',
          ...inner('i', b.user('u')),
          b.boundary('late', 'u', b.duration('PT1H')),
          b.end('x', b.onError('E1')),
          b.flow('late', 'x'),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onError('E1')), b.user('y'), b.flow('b', 'y', 'e')),
    ],
    steps: [start().waits('u', 'late'), timer('late').cancels('u').waits('y'), complete('y').ends()],
  });
  runs('a timer on a sub-process takes everything inside away', {
    diagram: [
      ...line(
        b.sub(
          'sp',
          ...inner('i', b.sub('in', ...inner('j', b.user('u'))), b.user('later')),
          b.boundary('ib', 'in', b.duration('P9D')),
          b.flow('ib', 'later'),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.user('y'), b.flow('b', 'y', 'e')),
    ],
    steps: [start().waits('u', 'ib', 'b'), timer('b').cancels('u', 'ib').waits('y'), complete('y').ends()],
  });
  const back = (definition: string, host: string): readonly string[] => [
    ...line(E1, b.message('M'), b.xor('m'), host, b.user('n')),
    ...b.parts(b.boundary('b', 'sp', definition), b.flow('b', 'm')),
  ];
  runs('an interrupting timer that leads back into its own sub-process begins it anew', {
    diagram: back(b.duration('P1D'), b.sub('sp', ...inner('i', b.user('u'), b.user('v')))),
    steps: [
      start(),
      complete('u').slots('b', 'sp/v'),
      timer('b').cancels('v').enters('b', 'm', 'sp', 'is', 'u').slots('b', 'sp/u'),
      complete('u').slots('b', 'sp/v'),
      complete('v').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an interrupting timer that leads back to where its sub-process stands: what was there is cancelled, and opened anew', {
    diagram: back(b.duration('P1D'), b.sub('sp', b.io({ input: { count: '=0' } }), ...inner('i', b.user('u')))),
    steps: [
      start(),
      timer('b').cancels('u').slots('b', 'sp/u'),
      timer('b').slots('b', 'sp/u'),
      complete('u'),
      complete('n').ends(),
    ],
  });
  runs('an error that leads back into its own sub-process begins it anew', {
    diagram: back(b.onError('E1'), b.sub('sp', ...inner('i', b.job('t'), b.job('w')))),
    steps: [start(), complete('t'), error('w', 'ONE').slots('sp/t'), complete('t'), complete('w'), complete('n').ends()],
  });
  runs('a cancelled transaction that is tried again', {
    diagram: back(
      b.onCancel(),
      b.transaction('sp', ...inner('i', b.user('u'), b.xor('x', 'ie')), b.end('no', b.onCancel()), b.flowIf('x', 'no', '=stop')),
    ),
    steps: [
      start(),
      complete('u', { stop: true }).slots('sp/u'),
      complete('u', { stop: false }).waits('n'),
      complete('n').ends(),
    ],
  });
  runs('a multi-instance sub-process that is tried again, with the list of then', {
    diagram: [
      ...line(
        b.xor('m'),
        b.user('ready'),
        b.sub('sp', b.loop({ inputCollection: '=list', inputElement: 'item' }), ...inner('i', b.user('u'))),
      ),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.flow('b', 'm')),
    ],
    steps: [
      start({ list: [1, 2] }),
      complete('ready').slots('b', 'sp[0]/u', 'sp[1]/u'),
      complete('sp[0]/u'),
      timer('b').waits('ready'),
      complete('ready', { list: [7] }).slots('b', 'sp[0]/u'),
      complete('u').ends(),
    ],
  });
  runs('an event sub-process whose scope begins anew in the same step is armed anew', {
    diagram: back(
      b.duration('P1D'),
      b.sub(
        'sp',
        ...inner('i', b.user('u')),
        b.eventSub('esp', b.startOn('es', b.onMessage('M')), b.user('eu'), b.flow('es', 'eu')),
      ),
    ),
    steps: [
      start().slots('b', 'sp/es', 'sp/u'),
      message('es').slots('b', 'sp/esp/eu'),
      timer('b').slots('b', 'sp/es', 'sp/u'),
      complete('u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('a non-interrupting timer on a sub-process leaves everything inside', {
    diagram: [
      ...line(b.sub('sp', ...inner('i', b.user('u')))),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D'), false), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), timer('b').waits('u', 'y'), complete('u').enters('ie', 'e').waits('y'), complete('y').ends()],
  });
  runs('a parallel join inside keeps its tokens between commands', {
    diagram: line(
      b.sub('sp', ...inner('i', b.and('p'), b.user('u'), b.and('j'), b.user('w')), b.user('v'), b.flow('p', 'v', 'j')),
    ),
    steps: [start(), complete('v').waits('u'), complete('u').waits('w'), complete('w').ends()],
  });
  runs('an event-based gateway inside keeps its choice between commands', {
    diagram: line(
      b.sub(
        'sp',
        ...inner('i', b.eventGateway('g'), b.caught('c1', b.duration('PT1H'))),
        b.caught('c2', b.duration('PT2H')),
        b.flow('g', 'c2', 'ie'),
      ),
    ),
    steps: [start().waits('c1', 'c2'), timer('c2').cancels('c1').ends()],
  });
  runs('an escalation passes through two scopes', {
    diagram: [
      b.escalation('X', 'LATE'),
      ...line(
        b.sub('outer', ...inner('o', b.sub('in', ...inner('i', b.user('u'), b.thrown('th', b.onEscalation('X')), b.user('v'))))),
      ),
      ...b.parts(b.boundary('b', 'outer', b.onEscalation('X'), false), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), complete('u').waits('v', 'y'), complete('v').enters('ie', 'oe', 'e').waits('y'), complete('y').ends()],
  });
  runs('an escalation end event ends its sub-process as any end, and is caught outside', {
    diagram: [
      b.escalation('X', 'LATE'),
      ...line(b.sub('sp', b.start('is'), b.user('u'), b.end('ie', b.onEscalation('X')), b.flow('is', 'u', 'ie')), b.user('n')),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X'), false), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), complete('u').waits('n', 'y'), complete('n'), complete('y').ends()],
  });
  runs('an escalation end event with an interrupting boundary event: only that path goes on', {
    diagram: [
      b.escalation('X', 'LATE'),
      ...line(b.sub('sp', b.start('is'), b.user('u'), b.end('ie', b.onEscalation('X')), b.flow('is', 'u', 'ie')), b.user('n')),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X')), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), complete('u').waits('y'), complete('y').ends()],
  });
  runs('two errors thrown in one step: the first takes the sub-process away, and the second is not heard', {
    diagram: [
      ...b.parts(E1, E2),
      ...line(
        b.sub(
          'sp',
          ...b.parts(b.start('is'), b.and('p'), b.end('one', b.onError('E1')), b.end('two', b.onError('E2'))),
          ...b.parts(b.flow('is', 'p', 'one'), b.flow('p', 'two')),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onError()), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start().waits('x'), complete('x').ends()],
  });
  runs('an escalation of every run with an interrupting boundary event: the first takes all runs away', {
    diagram: [
      b.escalation('X', 'LATE'),
      ...line(
        b.sub(
          'sp',
          b.loop({ inputCollection: '=list', inputElement: 'item' }),
          ...inner('i', b.thrown('th', b.onEscalation('X')), b.user('u')),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start({ list: [1, 2] }).waits('x'), complete('x').ends()],
  });
  runs('an escalation whose path terminates the process: who threw it does not go on', {
    diagram: [
      ...b.parts(b.escalation('X', 'LATE'), b.message('M')),
      ...line(b.sub('sp', ...inner('i', b.user('u'), b.thrown('th', b.onEscalation('X')), b.thrown('told', b.onMessage('M'))))),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X'), false), b.end('stop', b.terminate()), b.flow('b', 'stop')),
    ],
    steps: [start(), complete('u').throws().ends()],
  });
  runs('more sub-processes in one step than a step may begin: the command fails', {
    diagram: line(
      b.user('u'),
      b.sub(
        'sp',
        b.loop({ inputCollection: '=list' }),
        ...inner('i', b.sub('in', b.loop({ inputCollection: '=list' }), ...inner('n'))),
      ),
    ),
    steps: [
      start({ list: Array<number>(20).fill(1) }),
      complete('u').fails(/would begin more than 300 sub-processes/, { elementId: 'in' }),
      complete('u', { list: [1] }).ends(),
    ],
  });
});
