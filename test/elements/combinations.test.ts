import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, runs } from './runs.ts';
import { cancel, change, complete, error, message, start, timer } from './step.ts';

const roots = [
  b.message('M', '="k"'),
  b.message('N', '="k"'),
  b.error('E', 'NO'),
  b.error('F', 'WORSE'),
  b.escalation('X', 'LATE'),
];
const over = { inputCollection: '=list', inputElement: 'item' };

describe('elements: combinations', () => {
  runs('cancelling an instance takes every open wait of every scope', {
    diagram: [
      ...line(
        ...roots,
        b.sub(
          'sp',
          ...inner('i', b.user('u', b.loop(over))),
          b.eventSub('esp', b.startOn('es', b.onMessage('M'), false), b.user('eu'), b.flow('es', 'eu')),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.plain('x'), b.flow('b', 'x')),
    ],
    steps: [start({ list: [1, 2] }), message('es'), cancel().cancels('b', 'es', 'eu', 'u[0]', 'u[1]')],
  });
  runs('a boundary event on a multi-instance sub-process whose runs have boundary events of their own', {
    diagram: [
      ...line(
        ...roots,
        b.sub(
          'sp',
          b.loop(over),
          ...inner('i', b.user('u')),
          b.boundary('ib', 'u', b.duration('PT1H'), false),
          b.plain('r'),
          b.flow('ib', 'r'),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onMessage('M')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ list: [1, 2] }).slots('b', 'sp[0]/ib', 'sp[0]/u', 'sp[1]/ib', 'sp[1]/u'),
      timer('sp[1]/ib').slots('b', 'sp[0]/ib', 'sp[0]/u', 'sp[1]/u'),
      message('b').cancels('ib', 'u', 'u').waits('x'),
      complete('x').ends(),
    ],
  });
  runs('an error from two scopes deep in a multi-instance run, caught by an event sub-process of the process', {
    diagram: [
      ...line(...roots, b.sub('sp', b.loop(over), ...inner('i', b.sub('in', ...inner('j', b.job('t')))))),
      b.eventSub('esp', b.startOn('es', b.onError('E')), b.user('eu'), b.flow('es', 'eu')),
    ],
    steps: [start({ list: [1, 2] }), error('sp[1]/in/t', 'NO').cancels('t').waits('eu'), complete('eu').ends()],
  });
  runs('an error end event in an event sub-process is caught by the boundary event of its sub-process', {
    diagram: [
      ...line(
        ...roots,
        b.sub(
          'sp',
          ...inner('i', b.user('u')),
          b.eventSub(
            'esp',
            b.startOn('es', b.onMessage('M'), false),
            b.user('eu'),
            b.end('x', b.onError('E')),
            b.flow('es', 'eu', 'x'),
          ),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onError('E')), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), message('es'), complete('eu').cancels('u', 'es').waits('y'), complete('y').ends()],
  });
  runs('an escalation in an event sub-process is caught outside of its sub-process', {
    diagram: [
      ...line(
        ...roots,
        b.sub(
          'sp',
          ...inner('i', b.user('u')),
          b.eventSub(
            'esp',
            b.startOn('es', b.onMessage('M'), false),
            b.thrown('th', b.onEscalation('X')),
            b.user('eu'),
            b.flow('es', 'th', 'eu'),
          ),
        ),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X'), false), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start(), message('es').waits('u', 'es', 'eu', 'y'), complete('y'), complete('eu'), complete('u').ends()],
  });
  runs('a cancel end event while a call activity, a loop and a timer are open inside', {
    diagram: [
      ...line(
        b.transaction(
          'tx',
          ...b.parts(
            b.start('is'),
            b.and('p'),
            b.call('c', 'child'),
            b.user('u', b.loop(over)),
            b.caught('t', b.duration('PT1H')),
          ),
          ...b.parts(
            b.user('stop'),
            b.end('no', b.onCancel()),
            b.end('ie'),
            b.flow('is', 'p', 'c'),
            b.flow('p', 'u'),
            b.flow('p', 't', 'ie'),
          ),
          b.flow('p', 'stop', 'no'),
        ),
      ),
      ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start({ list: [1, 2] }), complete('stop').cancels('c', 't', 'u[0]', 'u[1]').waits('y'), complete('y').ends()],
  });
  runs('a multi-instance transaction: cancel in one run', {
    diagram: [
      ...line(
        b.transaction(
          'tx',
          b.loop(over),
          ...inner('i', b.user('t'), b.xor('x', 'ie')),
          b.end('no', b.onCancel()),
          b.flowIf('x', 'no', '=stop'),
        ),
      ),
      ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
    ],
    steps: [start({ list: [1, 2] }), complete('tx[1]/t', { stop: true }).cancels('t').waits('y'), complete('y').ends()],
  });
  runs('an inclusive join behind a sub-process, a call and a boundary path', {
    diagram: [
      ...b.parts(
        b.start('s'),
        b.or('g', 'a'),
        b.sub('a', ...inner('i', b.user('u'))),
        b.call('c', 'child'),
        b.or('j'),
        b.user('n'),
      ),
      ...b.parts(b.boundary('b', 'c', b.duration('PT1H')), b.user('late')),
      b.flow('s', 'g', 'a', 'j', 'n'),
      b.flowIf('g', 'c', '=c'),
      b.flow('c', 'j'),
      b.flow('b', 'late', 'j'),
      b.flowIf('g', 'j', '=false'),
    ],
    steps: [start({ c: true }), timer('b').waits('late'), complete('late').waits('n'), complete('n').ends()],
  });
  runs('a message boundary event on a call activity over a list', {
    diagram: [
      ...line(...roots, b.call('c', 'child', b.loop(over, true)), b.user('n')),
      ...b.parts(b.boundary('b', 'c', b.onMessage('M'), false), b.plain('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ list: [1, 2] }).waits('c[0]', 'b'),
      message('b').waits('c[0]', 'b'),
      complete('c').waits('c[1]', 'b'),
      complete('c').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('conditional events of two scopes: the change of one variable fires both', {
    diagram: [
      ...line(
        b.sub('sp', ...inner('i', b.user('u')), b.boundary('ib', 'u', b.onCondition('=n > 1')), b.user('x'), b.flow('ib', 'x')),
      ),
      b.eventSub('esp', b.startOn('es', b.onCondition('=n > 1'), false), b.user('eu'), b.flow('es', 'eu')),
    ],
    steps: [
      start({ n: 0 }).waits('u', 'ib', 'es'),
      change({ n: 2 }).waits('x', 'es', 'eu'),
      complete('eu'),
      complete('x').ends(),
    ],
  });
  runs('two events of one event-based gateway inside a multi-instance sub-process', {
    diagram: line(
      ...roots,
      b.sub(
        'sp',
        b.loop(over),
        ...inner('i', b.eventGateway('g'), b.caught('m', b.onMessage('M'))),
        b.caught('t', b.duration('P1D')),
        b.flow('g', 't', 'ie'),
      ),
    ),
    steps: [start({ list: [1, 2] }).waits('m', 'm', 't', 't'), message('sp[1]/m').slots('sp[0]/m', 'sp[0]/t'), timer('t').ends()],
  });
  runs('a sub-process with a join, an event sub-process and a boundary event goes on after each of them', {
    diagram: [
      ...line(
        ...roots,
        b.sub(
          'sp',
          ...inner('i', b.and('p'), b.user('u'), b.and('j'), b.user('w')),
          b.user('v'),
          b.flow('p', 'v', 'j'),
          b.eventSub('esp', b.startOn('es', b.onMessage('M'), false), b.user('eu'), b.flow('es', 'eu')),
        ),
        b.user('n'),
      ),
      ...b.parts(b.boundary('b', 'sp', b.onMessage('N'), false), b.plain('x'), b.flow('b', 'x')),
    ],
    steps: [
      start().waits('u', 'v', 'es', 'b'),
      complete('u'),
      message('es').waits('v', 'es', 'b', 'eu'),
      message('b').waits('v', 'es', 'b', 'eu'),
      complete('v').waits('w', 'es', 'b', 'eu'),
      complete('w').waits('es', 'b', 'eu'),
      complete('eu').cancels('es', 'b').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('a link inside a multi-instance sub-process belongs to its own run', {
    diagram: line(
      b.sub(
        'sp',
        b.loop(over),
        ...b.parts(
          b.start('is'),
          b.user('u'),
          b.thrown('lt', b.onLink('L')),
          b.caught('lc', b.onLink('L')),
          b.user('v'),
          b.end('ie'),
        ),
        b.flow('is', 'u', 'lt'),
        b.flow('lc', 'v', 'ie'),
      ),
    ),
    steps: [
      start({ list: [1, 2] }),
      complete('sp[1]/u').slots('sp[0]/u', 'sp[1]/v'),
      complete('v'),
      complete('u'),
      complete('v').ends(),
    ],
  });
  runs('lanes, groups and annotations change nothing', {
    diagram: [
      '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Sales"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
      ...line(b.user('t')),
      '<bpmn:textAnnotation id="ta"><bpmn:text>hi</bpmn:text></bpmn:textAnnotation>',
      b.element('association', { id: 'as', sourceRef: 't', targetRef: 'ta' }),
    ],
    steps: [start().waits('t'), complete('t').ends()],
  });
  runs('data objects change nothing', {
    diagram: [
      ...line(b.user('t')),
      b.element('dataObject', { id: 'd' }),
      b.element('dataObjectReference', { id: 'dr', dataObjectRef: 'd' }),
    ],
    steps: [start().waits('t'), complete('t').ends()],
  });
  runs('a command for a place that is not open changes nothing', {
    diagram: line(...roots, b.user('t')),
    steps: [
      start(),
      complete('other').fails(/Nothing waits at other. Open now: t/),
      message('t').fails(/t waits for a user, which 'message' does not answer/),
      complete('t').ends(),
    ],
  });
});
