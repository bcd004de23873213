import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { change, complete, error, message, signal, start, timer, type Step } from './step.ts';

const roots = [b.message('M'), b.signal('G'), b.error('E', 'NO'), b.escalation('X', 'LATE')];

/** A user task with a boundary event that leads to another task. */
const guarded = (definition: string, interrupting = true, host = b.user('t')): readonly string[] => [
  ...line(...roots, host, b.boundary('b', 't', definition, interrupting)),
  ...b.parts(b.user('x'), b.end('z'), b.flow('b', 'x', 'z')),
];

const triggers: Readonly<Record<string, { readonly definition: string; readonly fire: () => Step }>> = {
  message: { definition: b.onMessage('M'), fire: () => message('b', { by: 'b' }) },
  signal: { definition: b.onSignal('G'), fire: () => signal('b', { by: 'b' }) },
  'timer with a duration': { definition: b.duration('PT1H'), fire: () => timer('b') },
  'timer with a date': { definition: b.date('2026-02-01T00:00:00Z'), fire: () => timer('b') },
};

describe('elements: boundary events', () => {
  for (const [kind, { definition, fire }] of Object.entries(triggers)) {
    runs(`${kind}, interrupting: takes the task away`, {
      diagram: guarded(definition),
      steps: [start().waits('t', 'b'), fire().enters('b', 'x').cancels('t').waits('x'), complete('x').ends()],
    });
    runs(`${kind}, interrupting: goes with its task`, {
      diagram: guarded(definition),
      steps: [start(), complete('t').enters('e').cancels('b').ends()],
    });
    runs(`${kind}, non-interrupting: the task stays`, {
      diagram: guarded(definition, false),
      steps: [start(), fire().enters('b', 'x').cancels(), complete('t').enters('e').waits('x'), complete('x').ends()],
    });
  }

  runs('condition, interrupting: when a variable makes it true', {
    diagram: guarded(b.onCondition('=total > 10')),
    steps: [
      start({ total: 1 }).waits('t', 'b'),
      change({ total: 2 }).waits('t', 'b'),
      change({ total: 11 }).enters('b', 'x').cancels('t').waits('x'),
      complete('x').ends(),
    ],
  });
  runs('condition, interrupting: true when the task begins', {
    diagram: guarded(b.onCondition('=total > 10')),
    steps: [start({ total: 11 }).waits('x'), complete('x').ends()],
  });
  runs('condition, non-interrupting: true when its task begins, and again when the task begins anew in the same step', {
    diagram: [
      ...b.parts(b.start('s'), b.xor('m'), b.user('t'), b.end('e'), b.plain('x'), b.end('z')),
      b.boundary('b', 't', b.onCondition('=total > 10'), false),
      b.boundary('late', 't', b.duration('PT1H')),
      b.flow('s', 'm', 't', 'e'),
      b.flow('b', 'x', 'z'),
      b.flow('late', 'm'),
    ],
    steps: [
      start({ total: 11 }).enters('s', 'm', 't', 'b', 'x', 'z'),
      timer('late').enters('late', 'm', 't', 'b', 'x', 'z').waits('t', 'b', 'late'),
      complete('t').ends(),
    ],
  });
  runs('condition, non-interrupting: each time that it becomes true', {
    diagram: guarded(b.onCondition('=total > 10'), false).map((part) => (part === b.user('x') ? b.plain('x') : part)),
    steps: [
      start({ total: 1 }).waits('t', 'b'),
      change({ total: 11 }).enters('b', 'x', 'z').waits('t', 'b'),
      change({ total: 1 }).enters().waits('t', 'b'),
      change({ total: 12 }).enters('b', 'x', 'z').waits('t', 'b'),
      complete('t').ends(),
    ],
  });

  runs('error, interrupting: with its code', {
    diagram: guarded(b.onError('E'), true, b.job('t')),
    steps: [start().waits('t'), error('t', 'NO').enters('b', 'x').waits('x'), complete('x').ends()],
  });
  runs('error without a code: catches every code', {
    diagram: guarded(b.onError(), true, b.job('t')),
    steps: [start().waits('t'), error('t', 'WHATEVER').waits('x'), complete('x').ends()],
  });
  runs('error: the event with the code is chosen before the one that catches everything', {
    diagram: [
      ...guarded(b.onError(), true, b.job('t')),
      ...b.parts(b.boundary('b2', 't', b.onError('E')), b.user('y'), b.end('z2'), b.flow('b2', 'y', 'z2')),
    ],
    steps: [start(), error('t', 'NO').enters('b2', 'y').waits('y'), complete('y').ends()],
  });
  runs('error of another code: is not caught', {
    diagram: guarded(b.onError('E'), true, b.job('t')),
    steps: [start(), error('t', 'OTHER').breaks('OTHER', 't'), complete('t').ends()],
  });
  refuses('error, non-interrupting: refused', guarded(b.onError('E'), false, b.job('t')), 'b boundary');

  const throwing = b.sub('t', b.start('ts'), b.thrown('th', b.onEscalation('X')), b.user('u'), b.flow('ts', 'th', 'u'));
  runs('escalation, interrupting: takes the sub-process away', {
    diagram: guarded(b.onEscalation('X'), true, throwing),
    steps: [start().waits('x'), complete('x').ends()],
  });
  runs('escalation, non-interrupting: the sub-process goes on', {
    diagram: guarded(b.onEscalation('X'), false, throwing),
    steps: [start().waits('u', 'x'), complete('x').waits('u'), complete('u').enters('e').ends()],
  });
  runs('escalation without a code: catches every one', {
    diagram: guarded(b.onEscalation(), false, throwing),
    steps: [start().waits('u', 'x'), complete('u').waits('x'), complete('x').ends()],
  });
  runs('escalation of another code: goes on and is not caught', {
    diagram: [b.escalation('Y', 'OTHER'), ...guarded(b.onEscalation('Y'), true, throwing)],
    steps: [start().waits('u'), complete('u').ends()],
  });

  const repeated = (definition: string): readonly string[] =>
    guarded(definition, false).map((part) => (part === b.user('x') ? b.plain('x') : part));
  runs('message, non-interrupting: as often as it comes', {
    diagram: repeated(b.onMessage('M')),
    steps: [start(), ...[1, 2, 3].map(() => message('b').enters('b', 'x', 'z').waits('t', 'b')), complete('t').ends()],
  });
  runs('signal, non-interrupting: as often as it comes', {
    diagram: repeated(b.onSignal('G')),
    steps: [start(), ...[1, 2, 3].map(() => signal('b').enters('b', 'x', 'z').waits('t', 'b')), complete('t').ends()],
  });
  runs('timer with a cycle, non-interrupting: as often as it says', {
    diagram: repeated(b.cycle('R3/PT1H')),
    steps: [
      start(),
      timer('b').waits('t', 'b'),
      timer('b').waits('t', 'b'),
      timer('b').enters('b', 'x', 'z').waits('t'),
      complete('t').ends(),
    ],
  });
  runs('timer with an endless cycle, non-interrupting: until the task ends', {
    diagram: repeated(b.cycle('R/PT1H')),
    steps: [start(), ...[1, 2, 3, 4].map(() => timer('b').waits('t', 'b')), complete('t').cancels('b').ends()],
  });

  const hosts: Readonly<Record<string, { readonly host: string; readonly end: () => Step }>> = {
    'service task': { host: b.job('t'), end: () => complete('t') },
    'send task': { host: b.element('sendTask', { id: 't' }, '<zeebe:taskDefinition type="mail"/>'), end: () => complete('t') },
    'receive task': { host: b.receive('t', 'M'), end: () => message('t') },
    'call activity': { host: b.call('t', 'child'), end: () => complete('t') },
    'sub-process': { host: b.sub('t', ...inner('i', b.user('u'))), end: () => complete('u') },
    'business rule task': {
      host: b.element('businessRuleTask', { id: 't' }, '<zeebe:taskDefinition type="judge"/>'),
      end: () => complete('t'),
    },
  };
  for (const [name, { host, end }] of Object.entries(hosts)) {
    const diagram = [
      ...line(...roots, host, b.user('n')),
      b.boundary('b', 't', b.duration('PT1H')),
      b.user('x'),
      b.flow('b', 'x'),
    ];
    runs(`on a ${name}: it is taken away`, {
      diagram,
      steps: [start(), timer('b').enters('b', 'x').waits('x'), complete('x').ends()],
    });
    runs(`on a ${name}: it ends first`, {
      diagram,
      steps: [start(), end().cancels('b').waits('n'), complete('n').ends()],
    });
  }

  runs('several on one task: the first one wins', {
    diagram: [
      ...guarded(b.onMessage('M')),
      ...b.parts(b.boundary('b2', 't', b.duration('PT1H')), b.user('y'), b.flow('b2', 'y')),
    ],
    steps: [start().waits('t', 'b', 'b2'), timer('b2').cancels('t', 'b').waits('y'), complete('y').ends()],
  });
  runs('interrupting after a non-interrupting one: the path that was begun stays', {
    diagram: [
      ...guarded(b.onMessage('M'), false),
      ...b.parts(b.boundary('b2', 't', b.duration('PT1H')), b.user('y'), b.flow('b2', 'y')),
    ],
    steps: [
      start(),
      message('b').waits('t', 'b', 'b2', 'x'),
      timer('b2').cancels('t', 'b').waits('x', 'y'),
      complete('x'),
      complete('y').ends(),
    ],
  });
  runs('a boundary event may lead back to its own task', {
    diagram: [...line(b.xor('m'), b.user('t')), b.boundary('b', 't', b.duration('PT1H')), b.flow('b', 'm')],
    steps: [start(), timer('b').waits('t', 'b'), timer('b').waits('t', 'b'), complete('t').ends()],
  });
  runs('output mappings of a message boundary event take over what they map', {
    diagram: [
      ...line(...roots, b.user('t')),
      b.boundary('b', 't', b.onMessage('M'), true, b.io({ output: { reason: '=why' } })),
      ...b.parts(b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start({ a: 1 }), message('b', { why: 'late', noise: 1 }).holds({ a: 1, reason: 'late' }), complete('x').ends()],
  });
  runs('output mappings of an error boundary event take over what they map', {
    diagram: [
      ...line(...roots, b.job('t')),
      b.boundary('b', 't', b.onError('E'), true, b.io({ output: { reason: '=why' } })),
      ...b.parts(b.user('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ a: 1 }),
      error('t', 'NO', { why: 'none left', noise: 1 }).holds({ a: 1, reason: 'none left' }),
      complete('x').ends(),
    ],
  });
});
