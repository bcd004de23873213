import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, runs } from './runs.ts';
import { change, complete, message, signal, start, timer } from './step.ts';

const sla = b.properties({ sla: 'P1D' });
const M = b.message('M', '="k"');
const G = b.signal('G');

describe('elements: start events', () => {
  const several = [
    ...b.parts(M, G, b.start('s'), b.startOn('sm', b.onMessage('M')), b.startOn('sg', b.onSignal('G'))),
    b.startOn('st', b.cycle('R/P1D')),
    ...['s', 'sm', 'sg', 'st'].flatMap((id) => [b.user(`u${id}`), b.flow(id, `u${id}`)]),
  ];

  runs('none: begins without being named', {
    diagram: several,
    steps: [start().enters('s', 'us').waits('us'), complete('us').ends()],
  });
  runs('message: what came with it is there, and it is not awaited again', {
    diagram: several,
    steps: [start({ from: 'm' }, 'sm').enters('sm', 'usm').waits('usm'), complete('usm').ends({ from: 'm' })],
  });
  runs('signal: begins at its own start event only', {
    diagram: several,
    steps: [start({}, 'sg').enters('sg', 'usg').waits('usg'), complete('usg').ends()],
  });
  runs('timer: begins at its own start event only', {
    diagram: several,
    steps: [start({}, 'st').enters('st', 'ust').waits('ust'), complete('ust').ends()],
  });
  runs('message start events only: which one begins has to be said', {
    diagram: [
      ...b.parts(M, b.message('N'), b.startOn('sm', b.onMessage('M')), b.startOn('sn', b.onMessage('N'))),
      ...b.parts(b.xor('x'), b.user('u'), b.flow('sm', 'x', 'u'), b.flow('sn', 'x')),
    ],
    steps: [start().fails(/sm, sn/), start({}, 'sn').enters('sn', 'x', 'u'), complete('u').ends()],
  });
  runs('two start events lead to the same task: it is done once', {
    diagram: [M, b.start('s'), b.startOn('sm', b.onMessage('M')), b.user('u'), b.flow('s', 'u'), b.flow('sm', 'u')],
    steps: [start({}, 'sm').waits('u'), complete('u').ends()],
  });
  runs('output mappings of a message start event take over what they map', {
    diagram: [M, b.startOn('s', b.onMessage('M'), true, b.io({ output: { orderId: '=id' } })), b.user('u'), b.flow('s', 'u')],
    steps: [start({ id: 7, noise: 1 }, 's').holds({ orderId: 7 }), complete('u').ends()],
  });
});

describe('elements: intermediate catch events', () => {
  runs('message: waits, and its variables are merged', {
    diagram: line(M, b.caught('c', b.onMessage('M'), sla)),
    steps: [start({ a: 1 }).waits('c'), message('c', { a: 2, b: 3 }).ends({ a: 2, b: 3 })],
  });
  runs('signal: waits, and its variables are merged', {
    diagram: line(G, b.caught('c', b.onSignal('G'), sla)),
    steps: [start().waits('c'), signal('c', { x: 1 }).ends({ x: 1 })],
  });
  runs('timer with a duration', {
    diagram: line(b.caught('c', b.duration('PT1H'))),
    steps: [start().waits('c'), timer('c').ends()],
  });
  runs('timer with a date', {
    diagram: line(b.caught('c', b.date('=until'))),
    steps: [start({ until: '2026-03-01T00:00:00Z' }).waits('c'), timer('c').ends()],
  });
  runs('condition: is looked at when the token comes and whenever variables change', {
    diagram: line(b.caught('c', b.onCondition('=paid > 10'), sla), b.user('t')),
    steps: [
      start({ paid: 1 }).waits('c'),
      change({ paid: 5 }).waits('c'),
      change({ other: true }).waits('c'),
      change({ paid: 11 }).enters('t').waits('t'),
      complete('t').ends(),
    ],
  });
  runs('condition: true at once passes', {
    diagram: line(b.caught('c', b.onCondition('=paid'), sla)),
    steps: [start({ paid: true }).enters('s', 'c', 'e').ends()],
  });
  runs('condition: made true by a task in another branch', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.caught('c', b.onCondition('=ready'), sla), b.user('t'), b.end('e'), b.end('e2')),
      b.flow('s', 'p', 'c', 'e'),
      b.flow('p', 't', 'e2'),
    ],
    steps: [start({ ready: false }).waits('c', 't'), complete('t', { ready: true }).ends()],
  });
  runs('link: a token at the throw goes on at the catch of the same name', {
    diagram: [
      ...b.parts(b.start('s'), b.thrown('lt', b.onLink('L')), b.caught('lc', b.onLink('L')), b.user('t'), b.end('e')),
      b.flow('s', 'lt'),
      b.flow('lc', 't', 'e'),
    ],
    steps: [start().enters('s', 'lt', 'lc', 't').waits('t'), complete('t').ends()],
  });
  runs('link: several throws lead to one catch, each with its own token', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.plain('t'), b.end('e')),
      ...b.parts(b.thrown('l1', b.onLink('L')), b.thrown('l2', b.onLink('L')), b.caught('lc', b.onLink('L'))),
      b.flow('s', 'p', 'a', 'l1'),
      b.flow('p', 'c', 'l2'),
      b.flow('lc', 't', 'e'),
    ],
    steps: [start().waits('a', 'c'), complete('a').enters('l1', 'lc', 't', 'e').waits('c'), complete('c').ends()],
  });
  runs('link: inside a sub-process, beside one of the same name outside', {
    diagram: [
      ...b.parts(b.start('s'), b.thrown('lt', b.onLink('L')), b.caught('lc', b.onLink('L')), b.user('t')),
      b.sub(
        'sp',
        ...b.parts(b.start('ss'), b.thrown('it', b.onLink('L')), b.caught('ic', b.onLink('L')), b.user('u')),
        b.flow('ss', 'it'),
        b.flow('ic', 'u'),
      ),
      b.flow('s', 'sp', 'lt'),
      b.flow('lc', 't'),
    ],
    steps: [start().waits('u'), complete('u').waits('t'), complete('t').ends()],
  });
  runs('link: back to before a task makes a loop', {
    diagram: [
      ...b.parts(b.start('s'), b.xor('m'), b.user('t'), b.xor('x', 'e'), b.end('e'), b.thrown('lt', b.onLink('L'))),
      b.caught('lc', b.onLink('L')),
      b.flow('s', 'm', 't', 'x', 'e'),
      b.flowIf('x', 'lt', '=again'),
      b.flow('lc', 'm'),
    ],
    steps: [start(), complete('t', { again: true }).waits('t'), complete('t', { again: false }).ends()],
  });
  runs('output mappings of a message take over what they map', {
    diagram: line(M, b.caught('c', b.onMessage('M'), sla, b.io({ output: { 'sale.paid': '=amount' } }))),
    steps: [start({ sale: { id: 1 } }), message('c', { amount: 5, noise: true }).ends({ sale: { id: 1, paid: 5 } })],
  });
  runs('output mappings of a signal take over what they map', {
    diagram: line(G, b.caught('c', b.onSignal('G'), sla, b.io({ output: { seen: '=x + 1' } }))),
    steps: [start(), signal('c', { x: 1 }).ends({ seen: 2 })],
  });
});

describe('elements: intermediate throw events', () => {
  runs('none: passes, and its output mappings are applied', {
    diagram: line(b.thrown('t', b.io({ output: { reached: '=true' } }))),
    steps: [start().enters('s', 't', 'e').ends({ reached: true })],
  });
  runs('message: leaves a row and goes on', {
    diagram: line(M, b.thrown('t', b.onMessage('M')), b.user('u')),
    steps: [start().throws('message M').waits('u'), complete('u').ends()],
  });
  runs('message: its input mappings are seen by its name and key only, and leave with it', {
    diagram: line(b.message('M', '=order'), b.thrown('t', b.onMessage('M'), b.io({ input: { order: '=n + 1' } })), b.user('u')),
    steps: [start({ n: 1 }).throws('message M').holds({ n: 1 }).waits('u'), complete('u').ends({ n: 1 })],
  });
  runs('message: does not reach a catch event of its own instance', {
    diagram: [
      ...b.parts(M, b.start('s'), b.and('p'), b.caught('c', b.onMessage('M'), sla), b.thrown('t', b.onMessage('M')), b.end('e')),
      b.flow('s', 'p', 'c', 'e'),
      b.flow('p', 't', 'e'),
    ],
    steps: [start().throws('message M').waits('c'), message('c').ends()],
  });
  runs('signal: leaves a row and goes on', {
    diagram: line(G, b.thrown('t', b.onSignal('G')), b.user('u')),
    steps: [start().throws('signal G').waits('u'), complete('u').ends()],
  });
  runs('signal: a catch event of its own instance that waits already gets it by a command', {
    diagram: [
      ...b.parts(G, b.start('s'), b.and('p'), b.caught('c', b.onSignal('G'), sla), b.thrown('t', b.onSignal('G')), b.end('e')),
      b.flow('s', 'p', 'c', 'e'),
      b.flow('p', 't', 'e'),
    ],
    steps: [start().throws('signal G').waits('c'), signal('c').ends()],
  });
  runs('escalation that nobody catches: goes on', {
    diagram: line(b.escalation('X', 'LATE'), b.thrown('t', b.onEscalation('X')), b.user('u')),
    steps: [start().enters('s', 't', 'u').waits('u'), complete('u').ends()],
  });
});

describe('elements: end events', () => {
  const behind = (definition: string): readonly string[] => [
    ...b.parts(M, G, b.escalation('X', 'LATE'), b.start('s'), b.and('p'), b.user('t'), b.user('v'), b.end('x', definition)),
    b.flow('s', 'p', 't', 'x'),
    b.flow('p', 'v'),
  ];

  runs('none: ends its token, and the instance with the last one', {
    diagram: [b.start('s'), b.and('p'), b.user('t'), b.user('v'), b.end('x'), b.flow('s', 'p', 't', 'x'), b.flow('p', 'v')],
    steps: [start().waits('t', 'v'), complete('t').enters('x').waits('v'), complete('v').ends()],
  });
  runs('message: leaves a row and ends its token', {
    diagram: behind(b.onMessage('M')),
    steps: [start(), complete('t').throws('message M').waits('v'), complete('v').throws().ends()],
  });
  runs('signal: leaves a row and ends its token', {
    diagram: behind(b.onSignal('G')),
    steps: [start(), complete('t').throws('signal G').waits('v'), complete('v').ends()],
  });
  runs('escalation: ends its token, nobody catches it', {
    diagram: behind(b.onEscalation('X')),
    steps: [start(), complete('t').waits('v'), complete('v').ends()],
  });
  runs('terminate: takes every other token of the process away', {
    diagram: behind(b.terminate()),
    steps: [start(), complete('t').cancels('v').ends()],
  });
  runs('terminate: takes sub-processes and boundary events away', {
    diagram: [
      ...b.parts(b.start('s'), b.and('p'), b.user('t'), b.end('x', b.terminate()), b.sub('sp', ...inner('i', b.user('u')))),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.end('e')),
      b.flow('s', 'p', 't', 'x'),
      b.flow('p', 'sp', 'e'),
      b.flow('b', 'e'),
    ],
    steps: [start().waits('t', 'u', 'b'), complete('t').cancels('u', 'b').ends()],
  });
  runs('terminate in a sub-process: ends the sub-process only', {
    diagram: line(
      b.sub(
        'sp',
        ...b.parts(b.start('ss'), b.and('p'), b.user('u'), b.user('v'), b.end('x', b.terminate())),
        b.flow('ss', 'p', 'u', 'x'),
        b.flow('p', 'v'),
      ),
      b.user('n'),
    ),
    steps: [start().waits('u', 'v'), complete('u').cancels('v').waits('n'), complete('n').ends()],
  });
  runs('terminate in a nested sub-process: what goes on around it is untouched', {
    diagram: line(
      b.sub(
        'outer',
        ...b.parts(b.start('os'), b.and('p'), b.user('beside'), b.user('behind')),
        b.sub(
          'in',
          b.start('is'),
          b.and('q'),
          b.user('u'),
          b.user('v'),
          b.end('x', b.terminate()),
          b.flow('is', 'q', 'u', 'x'),
          b.flow('q', 'v'),
        ),
        b.flow('os', 'p', 'in', 'behind'),
        b.flow('p', 'beside'),
      ),
    ),
    steps: [
      start().waits('u', 'v', 'beside'),
      complete('u').cancels('v').waits('behind', 'beside'),
      complete('beside'),
      complete('behind').ends(),
    ],
  });
  runs('error that nothing catches: is told to the caller', {
    diagram: [...b.parts(b.error('E', 'NO'), b.start('s'), b.user('t'), b.end('x', b.onError('E'))), b.flow('s', 't', 'x')],
    steps: [start(), complete('t').enters('x').breaks('NO', 'x')],
  });
});
