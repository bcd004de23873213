import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { complete, error, escalation, start, timer } from './step.ts';

const roots = b.parts(b.error('E', 'NO'), b.escalation('X', 'LATE'), b.escalation('Y', 'OTHER'));
const guarded = (definition: string, interrupting = true): readonly string[] => [
  ...line(...roots, b.call('c', 'child'), b.user('n')),
  ...b.parts(b.boundary('b', 'c', definition, interrupting), b.user('x'), b.flow('b', 'x')),
];

describe('elements: call activities', () => {
  runs('an escalation of the called process, interrupting: the call is taken away', {
    diagram: guarded(b.onEscalation('X')),
    steps: [
      start().waits('c'),
      escalation('c', 'LATE', { why: 1 }).enters('b', 'x').waits('x').has({ why: 1 }),
      complete('x').ends(),
    ],
  });
  runs('an escalation of the called process, non-interrupting: the call goes on, as often as it comes', {
    diagram: guarded(b.onEscalation('X'), false).map((part) => (part === b.user('x') ? b.plain('x') : part)),
    steps: [
      start().waits('c'),
      escalation('c', 'LATE').enters('b', 'x').waits('c'),
      escalation('c', 'LATE').enters('b', 'x').waits('c'),
      complete('c').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an escalation of another code: is passed on, and the call goes on', {
    diagram: guarded(b.onEscalation('Y')),
    steps: [
      start(),
      escalation('c', 'LATE').throws('escalation LATE').waits('c'),
      complete('c').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an escalation is caught by an event sub-process around the call', {
    diagram: [
      ...line(...roots, b.call('c', 'child')),
      b.eventSub('esp', b.startOn('es', b.onEscalation('X'), false), b.user('eu'), b.flow('es', 'eu')),
    ],
    steps: [start(), escalation('c', 'LATE').waits('c', 'eu'), complete('eu').waits('c'), complete('c').ends()],
  });
  runs('an error of the called process passes through a sub-process', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.call('c', 'child')))),
      ...b.parts(b.boundary('b', 'sp', b.onError('E')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), error('c', 'NO').enters('b', 'x').waits('x'), complete('x').ends()],
  });
  runs('an error of the called process that nothing catches is told to the next caller', {
    diagram: guarded(b.onError('E')),
    steps: [start(), error('c', 'OTHER').breaks('OTHER', 'c'), complete('c'), complete('n').ends()],
  });
  runs('the called process may be an expression', {
    diagram: line(b.element('callActivity', { id: 'c' }, '<zeebe:calledElement processId="=kind + &#34;-child&#34;"/>')),
    steps: [start({ kind: 'a' }).waits('c'), complete('c').ends()],
  });
  runs('two calls side by side end in any order', {
    diagram: [...line(b.and('p'), b.call('c', 'child'), b.and('j')), b.call('d', 'child'), b.flow('p', 'd', 'j')],
    steps: [start().waits('c', 'd'), complete('d', { d: 1 }).waits('c'), complete('c', { c: 2 }).ends({ d: 1, c: 2 })],
  });
  runs('a timer takes a call in a sub-process away', {
    diagram: [
      ...line(b.sub('sp', ...inner('i', b.call('c', 'child')))),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), timer('b').cancels('c').waits('x'), complete('x').ends()],
  });
  refuses('a call of nothing: refused', line(b.element('callActivity', { id: 'c' })), 'c called-process');
});
