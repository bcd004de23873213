import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { change, complete, error, message, signal, start, timer, type Step } from './step.ts';

const roots = [
  b.message('M'),
  b.message('N'),
  b.signal('G'),
  b.error('E', 'NO'),
  b.error('F', 'WORSE'),
  b.escalation('X', 'LATE'),
];

/** `s -> t -> e` beside an event sub-process `es -> eu -> ee`. */
const beside = (definition: string, interrupting = true, task = b.user('t')): readonly string[] => [
  ...line(...roots, task),
  handler(definition, interrupting),
];
const handler = (definition: string, interrupting = true, ...more: readonly string[]): string =>
  b.eventSub('esp', b.startOn('es', definition, interrupting), b.user('eu'), b.end('ee'), b.flow('es', 'eu', 'ee'), ...more);

const triggers: Readonly<Record<string, { readonly definition: string; readonly fire: () => Step }>> = {
  message: { definition: b.onMessage('M'), fire: () => message('es') },
  signal: { definition: b.onSignal('G'), fire: () => signal('es') },
  timer: { definition: b.duration('PT1H'), fire: () => timer('es') },
  condition: { definition: b.onCondition('=total > 10'), fire: () => change({ total: 11 }) },
};

describe('elements: event sub-processes', () => {
  for (const [kind, { definition, fire }] of Object.entries(triggers)) {
    runs(`${kind}, interrupting: takes everything else away, and its end is the end`, {
      diagram: beside(definition),
      steps: [
        start({ total: 1 }).waits('t', 'es'),
        fire().enters('esp', 'es', 'eu').waits('eu'),
        complete('eu').enters('ee').ends(),
      ],
    });
    runs(`${kind}, non-interrupting: the rest stays, and both are waited for`, {
      diagram: beside(definition, false),
      steps: [
        start({ total: 1 }),
        fire().enters('esp', 'es', 'eu').cancels(),
        complete('t')
          .enters('e')
          .waits(...(kind === 'timer' ? ['eu'] : ['es', 'eu'])),
        complete('eu').ends(),
      ],
    });
    runs(`${kind}: is not waited for when everything else has ended`, {
      diagram: beside(definition),
      steps: [start({ total: 1 }).waits('t', 'es'), complete('t').cancels('es').ends()],
    });
    runs(`${kind}, in a sub-process, interrupting: what is around goes on behind the sub-process`, {
      diagram: [...line(...roots, b.sub('sp', ...inner('i', b.user('t')), handler(definition)), b.user('n'))],
      steps: [
        start({ total: 1 }).waits('t', 'es'),
        fire().waits('eu'),
        complete('eu').enters('ee', 'n').waits('n'),
        complete('n').ends(),
      ],
    });
  }

  runs('error of a job: is caught inside its scope', {
    diagram: beside(b.onError('E'), true, b.job('t')),
    steps: [start().waits('t'), error('t', 'NO', { why: 1 }).waits('eu').has({ why: 1 }), complete('eu').ends()],
  });
  runs('error end event: is caught inside its scope', {
    diagram: [
      ...b.parts(...roots, b.start('s'), b.and('p'), b.user('t'), b.user('v'), b.end('x', b.onError('E'))),
      ...b.parts(b.flow('s', 'p', 't', 'x'), b.flow('p', 'v'), handler(b.onError('E'))),
    ],
    steps: [start().waits('t', 'v'), complete('t').cancels('v').waits('eu'), complete('eu').ends()],
  });
  runs('error without a code: catches every code', {
    diagram: beside(b.onError(), true, b.job('t')),
    steps: [start(), error('t', 'ANY').waits('eu'), complete('eu').ends()],
  });
  runs('error: a boundary event is nearer than an event sub-process around it', {
    diagram: [...beside(b.onError('E'), true, b.job('t')), b.boundary('b', 't', b.onError('E')), b.user('x'), b.flow('b', 'x')],
    steps: [start(), error('t', 'NO').waits('x'), complete('x').ends()],
  });
  runs('error: an event sub-process is nearer than the boundary event of its sub-process', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.job('t')), handler(b.onError('E'))), b.user('n')),
      ...b.parts(b.boundary('b', 'sp', b.onError('E')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), error('t', 'NO').waits('eu'), complete('eu').waits('n'), complete('n').ends()],
  });
  runs('error inside an event sub-process: is caught further out, not by the event sub-process itself', {
    diagram: [
      ...line(
        ...roots,
        b.sub('sp', ...inner('i', b.job('t')), b.eventSub('esp', b.startOn('es', b.onError()), b.job('ej'), b.flow('es', 'ej'))),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onError()), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), error('t', 'NO').waits('ej'), error('ej', 'WORSE').waits('x'), complete('x').ends()],
  });
  runs('error inside an event sub-process: a boundary event inside it is nearest', {
    diagram: [
      ...line(...roots, b.job('t')),
      b.eventSub(
        'esp',
        ...b.parts(b.startOn('es', b.onError('E')), b.job('ej'), b.boundary('b', 'ej', b.onError('F')), b.user('x')),
        b.flow('es', 'ej'),
        b.flow('b', 'x'),
      ),
    ],
    steps: [start(), error('t', 'NO').waits('ej'), error('ej', 'WORSE').waits('x'), complete('x').ends()],
  });
  refuses('error, non-interrupting: refused', beside(b.onError('E'), false, b.job('t')), 'es event-sub-process');

  const escalating = (interrupting: boolean): readonly string[] => [
    ...line(...roots, b.user('t'), b.thrown('th', b.onEscalation('X')), b.user('v')),
    handler(b.onEscalation('X'), interrupting),
  ];
  runs('escalation, interrupting: takes everything else away', {
    diagram: escalating(true),
    steps: [start().waits('t'), complete('t').waits('eu'), complete('eu').ends()],
  });
  runs('escalation, non-interrupting: the throw goes on', {
    diagram: escalating(false),
    steps: [start().waits('t'), complete('t').waits('eu', 'v'), complete('v').waits('eu'), complete('eu').ends()],
  });
  runs('escalation from a sub-process: is caught in the scope around it', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.user('t'), b.thrown('th', b.onEscalation('X')), b.user('v')))),
      handler(b.onEscalation('X'), false),
    ],
    steps: [start(), complete('t').waits('eu', 'v'), complete('eu').waits('v'), complete('v').ends()],
  });
  runs('escalation: a boundary event on the sub-process is nearer than an event sub-process around it', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.user('t'), b.thrown('th', b.onEscalation('X')), b.user('v')))),
      ...b.parts(
        b.boundary('b', 'sp', b.onEscalation(), false),
        b.user('x'),
        b.flow('b', 'x'),
        handler(b.onEscalation('X'), false),
      ),
    ],
    steps: [start(), complete('t').waits('v', 'x'), complete('v').waits('x'), complete('x').ends()],
  });

  runs('a non-interrupting message runs several at once', {
    diagram: beside(b.onMessage('M'), false),
    steps: [
      start().waits('t', 'es'),
      message('es').waits('t', 'es', 'eu'),
      message('es').waits('t', 'es', 'eu', 'eu'),
      complete('eu').waits('t', 'es', 'eu'),
      complete('t').waits('eu', 'es'),
      message('es').waits('eu', 'eu', 'es'),
      complete('eu'),
      complete('eu').cancels('es').ends(),
    ],
  });
  runs('a non-interrupting timer with a duration runs once', {
    diagram: beside(b.duration('PT1H'), false),
    steps: [start().waits('t', 'es'), timer('es').waits('t', 'eu'), complete('eu').waits('t'), complete('t').ends()],
  });
  runs('a non-interrupting timer with a cycle runs as often as it says', {
    diagram: beside(b.cycle('R2/PT1H'), false),
    steps: [
      start().waits('t', 'es'),
      timer('es').waits('t', 'es', 'eu'),
      timer('es').waits('t', 'eu', 'eu'),
      complete('t').waits('eu', 'eu'),
      complete('eu'),
      complete('eu').ends(),
    ],
  });
  runs('a non-interrupting condition runs each time that it becomes true', {
    diagram: beside(b.onCondition('=total > 10'), false),
    steps: [
      start({ total: 1 }).waits('t', 'es'),
      change({ total: 11 }).waits('t', 'es', 'eu'),
      change({ total: 1 }).waits('t', 'es', 'eu'),
      change({ total: 12 }).waits('t', 'es', 'eu', 'eu'),
      complete('t', { total: 1 }),
      complete('eu'),
      complete('eu').ends(),
    ],
  });
  runs('an interrupting one takes running non-interrupting ones away, and no other can begin', {
    diagram: [
      ...beside(b.onMessage('M')),
      b.eventSub('esp2', b.startOn('es2', b.onMessage('N'), false), b.user('eu2'), b.flow('es2', 'eu2')),
    ],
    steps: [
      start().waits('t', 'es', 'es2'),
      message('es2').waits('t', 'es', 'es2', 'eu2'),
      message('es').cancels('t', 'es2', 'eu2').waits('eu'),
      complete('eu').ends(),
    ],
  });
  runs('two interrupting ones: the first ends the other', {
    diagram: [
      ...beside(b.onMessage('M')),
      b.eventSub('esp2', b.startOn('es2', b.duration('P1D')), b.user('eu2'), b.flow('es2', 'eu2')),
    ],
    steps: [start().waits('t', 'es', 'es2'), timer('es2').cancels('t', 'es').waits('eu2'), complete('eu2').ends()],
  });
  runs('an event sub-process inside an event sub-process', {
    diagram: [
      ...line(...roots, b.user('t')),
      handler(b.onMessage('M'), true, b.eventSub('nested', b.startOn('ns', b.onMessage('N')), b.user('nu'), b.flow('ns', 'nu'))),
    ],
    steps: [
      start().waits('t', 'es'),
      message('es').waits('eu', 'ns'),
      message('ns').cancels('eu').waits('nu'),
      complete('nu').ends(),
    ],
  });
  runs('a non-interrupting one inside a non-interrupting one', {
    diagram: [
      ...line(...roots, b.user('t')),
      handler(
        b.onMessage('M'),
        false,
        b.eventSub('nested', b.startOn('ns', b.onMessage('N'), false), b.user('nu'), b.flow('ns', 'nu')),
      ),
    ],
    steps: [
      start().waits('t', 'es'),
      message('es').waits('t', 'es', 'eu', 'ns'),
      message('ns').waits('t', 'es', 'eu', 'ns', 'nu'),
      complete('eu').waits('t', 'es', 'ns', 'nu'),
      complete('nu').waits('t', 'es'),
      complete('t').ends(),
    ],
  });
  runs('an event sub-process in a sub-process that begins twice is armed twice', {
    diagram: [
      ...line(...roots, b.xor('m'), b.sub('sp', ...inner('i', b.user('t')), handler(b.onMessage('M'))), b.xor('x', 'e')),
      b.flowIf('x', 'm', '=again'),
    ],
    steps: [
      start({ again: true }),
      message('es').waits('eu'),
      complete('eu').waits('t', 'es'),
      complete('t', { again: false }).ends(),
    ],
  });
  runs('a boundary timer of the sub-process takes its running event sub-process away', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.user('t')), handler(b.onMessage('M'), false))),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start().waits('t', 'es', 'b'), message('es'), timer('b').cancels('t', 'es', 'eu').waits('x'), complete('x').ends()],
  });
  runs('terminate inside an event sub-process ends the event sub-process only', {
    diagram: [
      ...line(...roots, b.user('t')),
      b.eventSub(
        'esp',
        ...b.parts(b.startOn('es', b.onMessage('M'), false), b.and('p'), b.user('u'), b.user('v'), b.end('x', b.terminate())),
        b.flow('es', 'p', 'u', 'x'),
        b.flow('p', 'v'),
      ),
    ],
    steps: [start(), message('es').waits('t', 'es', 'u', 'v'), complete('u').cancels('v').waits('t', 'es'), complete('t').ends()],
  });
  runs('terminate of the process takes a running event sub-process away', {
    diagram: [
      ...b.parts(...roots, b.start('s'), b.user('t'), b.end('x', b.terminate()), b.flow('s', 't', 'x')),
      handler(b.onMessage('M'), false),
    ],
    steps: [start(), message('es'), complete('t').cancels('es', 'eu').ends()],
  });
  runs('output mappings at the start event of an event sub-process take over what they map', {
    diagram: [
      ...line(...roots, b.user('t')),
      b.eventSub(
        'esp',
        b.startOn('es', b.onMessage('M'), true, b.io({ output: { reason: '=why' } })),
        b.user('eu'),
        b.flow('es', 'eu'),
      ),
    ],
    steps: [start({ a: 1 }), message('es', { why: 'late', noise: 1 }).holds({ a: 1, reason: 'late' }), complete('eu').ends()],
  });
  runs('an event sub-process changes local variables of the scope that it is in', {
    diagram: line(
      ...roots,
      b.sub(
        'sp',
        b.io({ input: { n: '=1' }, output: { total: '=n' } }),
        ...inner('i', b.user('t')),
        handler(b.onMessage('M'), false),
      ),
    ),
    steps: [start({}), message('es').holds({}), complete('eu', { n: 5 }).holds({}), complete('t').ends({ total: 5 })],
  });
  runs('output mappings of one that does not interrupt go to the scope around it', {
    diagram: [
      ...line(...roots, b.user('t')),
      b.eventSub(
        'ev',
        b.io({ input: { n: '=n + 1' }, output: { n: '=n' } }),
        ...b.parts(b.startOn('es', b.onMessage('M'), false), b.user('eu'), b.end('ee'), b.flow('es', 'eu', 'ee')),
      ),
    ],
    steps: [start({ n: 1 }), message('es').holds({ n: 1 }), complete('eu').holds({ n: 2 }), complete('t').ends({ n: 2 })],
  });
});
