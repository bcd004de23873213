import * as b from '../helpers/bpmn-builder.ts';
import { runs } from './runs.ts';
import { complete, message, signal, start, timer } from './step.ts';

describe('elements: event-based gateways', () => {
  const events = [
    ...b.parts(b.message('M'), b.signal('G'), b.start('s'), b.eventGateway('g'), b.xor('m'), b.user('n'), b.end('e')),
    b.caught('cm', b.onMessage('M')),
    b.caught('cs', b.onSignal('G')),
    b.caught('ct', b.duration('PT1H')),
    b.caught('cc', b.onCondition('=go')),
    b.receive('r', 'M'),
    b.flow('s', 'g'),
    ...['cm', 'cs', 'ct', 'cc', 'r'].map((id) => b.flow('g', id, 'm')),
    b.flow('m', 'n', 'e'),
  ];

  runs('event-based: a message wins', {
    diagram: events,
    steps: [
      start({ go: false }).waits('cm', 'cs', 'ct', 'cc', 'r'),
      message('cm', { by: 'm' }).cancels('cs', 'ct', 'cc', 'r').waits('n').has({ by: 'm' }),
      complete('n').ends(),
    ],
  });

  runs('event-based: a signal wins', {
    diagram: events,
    steps: [start({ go: false }), signal('cs').cancels('cm', 'ct', 'cc', 'r').waits('n'), complete('n').ends()],
  });

  runs('event-based: a timer wins', {
    diagram: events,
    steps: [start({ go: false }), timer('ct').cancels('cm', 'cs', 'cc', 'r').waits('n'), complete('n').ends()],
  });

  runs('event-based: a receive task wins', {
    diagram: events,
    steps: [start({ go: false }), message('r').cancels('cm', 'cs', 'ct', 'cc').waits('n'), complete('n').ends()],
  });

  runs('event-based: a condition that is true at once wins', {
    diagram: events,
    steps: [start({ go: true }).waits('n'), complete('n').ends()],
  });

  runs('event-based in a loop waits anew each time', {
    diagram: [
      ...b.parts(b.message('M'), b.start('s'), b.xor('l'), b.eventGateway('g'), b.caught('m', b.onMessage('M')), b.end('e')),
      b.caught('t', b.duration('P1D')),
      b.flow('s', 'l', 'g', 'm', 'e'),
      b.flow('g', 't', 'l'),
    ],
    steps: [start().waits('m', 't'), timer('t').waits('m', 't'), timer('t').waits('m', 't'), message('m').ends()],
  });

  runs('event-based in a branch of a parallel block', {
    diagram: [
      ...b.parts(b.message('M'), b.start('s'), b.and('p'), b.user('a'), b.eventGateway('g'), b.caught('m', b.onMessage('M'))),
      ...b.parts(b.caught('t', b.duration('P1D')), b.xor('x'), b.and('j'), b.user('n')),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'g', 'm', 'x', 'j'),
      b.flow('g', 't', 'x'),
    ],
    steps: [start(), timer('t').waits('a'), complete('a').waits('n'), complete('n').ends()],
  });
});
