import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, runs } from './runs.ts';
import { complete, error, message, start, timer } from './step.ts';

const over = { inputCollection: '=list', inputElement: 'item' };
const collecting = { ...over, outputCollection: 'out', outputElement: '=result' };
const list = [10, 20];
const roots = [b.message('M', '="k"'), b.error('E', 'NO'), b.escalation('X', 'LATE')];

/** A sub-process over `list` and a task behind it. */
const repeated = (sequential: boolean, inside: readonly string[], loop: string = b.loop(over, sequential)): readonly string[] =>
  line(...roots, b.sub('sp', loop, ...inside), b.user('n'));

describe('elements: multi-instance sub-processes', () => {
  runs('parallel: each run has tokens of its own', {
    diagram: repeated(false, inner('i', b.user('u'), b.user('v'))),
    steps: [
      start({ list }).slots('sp[0]/u', 'sp[1]/u'),
      complete('sp[1]/u').slots('sp[0]/u', 'sp[1]/v'),
      complete('sp[1]/v').slots('sp[0]/u'),
      complete('sp[0]/u').slots('sp[0]/v'),
      complete('sp[0]/v').waits('n'),
      complete('n').ends({ list }),
    ],
  });
  runs('sequential: one run after the other', {
    diagram: repeated(true, inner('i', b.user('u'), b.user('v'))),
    steps: [
      start({ list }).slots('sp[0]/u'),
      complete('u'),
      complete('v').slots('sp[1]/u'),
      complete('u').slots('sp[1]/v'),
      complete('v').waits('n'),
      complete('n').ends({ list }),
    ],
  });
  runs('every run sees its element and its number', {
    diagram: repeated(false, inner('i', b.job('u', b.io({ input: { sees: '=item', number: '=loopCounter' } })))),
    steps: [
      start({ list }).gives({ 'sp[0]/u': { sees: 10, number: 1 }, 'sp[1]/u': { sees: 20, number: 2 } }),
      complete('sp[0]/u'),
      complete('sp[1]/u'),
      complete('n').ends({ list }),
    ],
  });
  runs('conditions inside look at the variables of their own run', {
    diagram: repeated(false, [
      ...inner('i', b.xor('x', 'big'), b.user('big')),
      b.user('small'),
      b.flowIf('x', 'small', '=item < 15'),
      b.flow('small', 'ie'),
    ]),
    steps: [start({ list }).slots('sp[0]/small', 'sp[1]/big'), complete('small'), complete('big'), complete('n').ends()],
  });
  for (const sequential of [false, true]) {
    runs(`${sequential ? 'sequential' : 'parallel'}: what the runs bring is collected in the order of the elements`, {
      diagram: repeated(sequential, inner('i', b.user('u')), b.loop(collecting, sequential)),
      steps: [
        start({ list }),
        ...(sequential ? [0, 1] : [1, 0]).map((index) => complete(`sp[${index}]/u`, { result: index + 1 })),
        complete('n').ends({ list, out: [1, 2] }),
      ],
    });
    runs(`${sequential ? 'sequential' : 'parallel'}: an empty list passes at once`, {
      diagram: repeated(sequential, inner('i', b.user('u')), b.loop(collecting, sequential)),
      steps: [start({ list: [] }).waits('n'), complete('n').ends({ list: [], out: [] })],
    });
    runs(`${sequential ? 'sequential' : 'parallel'}: the completion condition takes the other runs away`, {
      diagram: repeated(sequential, inner('i', b.user('u')), b.loop(collecting, sequential, '=result = 1')),
      steps: [
        start({ list }),
        complete('sp[0]/u', { result: 1 })
          .cancels(...(sequential ? [] : ['u']))
          .waits('n'),
        complete('n').ends({ list, out: [1, null] }),
      ],
    });
    runs(`${sequential ? 'sequential' : 'parallel'}: runs that never wait end in one command`, {
      diagram: repeated(sequential, inner('i', b.plain('u'))),
      steps: [start({ list }).waits('n'), complete('n').ends()],
    });
  }
  runs('a parallel join inside joins the tokens of its own run', {
    diagram: repeated(false, [...inner('i', b.and('p'), b.user('u'), b.and('j')), b.user('v'), b.flow('p', 'v', 'j')]),
    steps: [
      start({ list }),
      complete('sp[0]/u').slots('sp[0]/v', 'sp[1]/u', 'sp[1]/v'),
      complete('sp[1]/v').slots('sp[0]/v', 'sp[1]/u'),
      complete('sp[0]/v').slots('sp[1]/u'),
      complete('sp[1]/u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an interrupting boundary event takes every run away', {
    diagram: [
      ...repeated(false, inner('i', b.user('u'))),
      b.boundary('b', 'sp', b.duration('PT1H')),
      b.user('x'),
      b.flow('b', 'x'),
    ],
    steps: [start({ list }).slots('b', 'sp[0]/u', 'sp[1]/u'), timer('b').cancels('u', 'u').waits('x'), complete('x').ends()],
  });
  runs('a non-interrupting boundary event leaves every run', {
    diagram: [
      ...repeated(false, inner('i', b.user('u'))),
      ...b.parts(b.boundary('b', 'sp', b.onMessage('M'), false), b.plain('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ list }),
      message('b').enters('b', 'x').slots('b', 'sp[0]/u', 'sp[1]/u'),
      complete('sp[1]/u'),
      message('b').slots('b', 'sp[0]/u'),
      complete('u').cancels('b').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an error that one run does not catch takes every run away', {
    diagram: [...repeated(false, inner('i', b.job('u'))), b.boundary('b', 'sp', b.onError('E')), b.user('x'), b.flow('b', 'x')],
    steps: [start({ list }), error('sp[1]/u', 'NO').cancels('u').waits('x'), complete('x').ends()],
  });
  runs('an error that a run catches inside leaves the others', {
    diagram: repeated(false, [
      ...inner('i', b.job('u')),
      b.boundary('b', 'u', b.onError('E')),
      b.user('fix'),
      b.flow('b', 'fix', 'ie'),
    ]),
    steps: [
      start({ list }),
      error('sp[1]/u', 'NO').slots('sp[0]/u', 'sp[1]/fix'),
      complete('fix').slots('sp[0]/u'),
      complete('u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an escalation of one run is caught outside, and every run goes on', {
    diagram: [
      ...repeated(false, inner('i', b.user('u'), b.thrown('th', b.onEscalation('X')), b.user('v'))),
      ...b.parts(b.boundary('b', 'sp', b.onEscalation('X'), false), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ list }),
      complete('sp[0]/u').slots('sp[0]/v', 'sp[1]/u', 'x'),
      complete('x'),
      complete('sp[1]/u').slots('sp[0]/v', 'sp[1]/v', 'x'),
      complete('sp[0]/v'),
      complete('sp[1]/v').waits('n', 'x'),
      complete('x'),
      complete('n').ends(),
    ],
  });
  runs('terminate inside ends its own run only', {
    diagram: repeated(false, [
      ...b.parts(b.start('is'), b.and('p'), b.user('u'), b.user('v'), b.end('x', b.terminate())),
      b.flow('is', 'p', 'u', 'x'),
      b.flow('p', 'v'),
    ]),
    steps: [
      start({ list }),
      complete('sp[0]/u').cancels('v').slots('sp[1]/u', 'sp[1]/v'),
      complete('sp[1]/u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('an event sub-process inside belongs to its own run', {
    diagram: repeated(false, [
      ...inner('i', b.user('u')),
      b.eventSub('esp', b.startOn('es', b.onMessage('M')), b.user('eu'), b.flow('es', 'eu')),
    ]),
    steps: [
      start({ list }).waits('u', 'u', 'es', 'es'),
      message('sp[1]/es').cancels('u').waits('u', 'es', 'eu'),
      complete('eu').waits('u', 'es'),
      complete('u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('a multi-instance task in a multi-instance sub-process', {
    diagram: repeated(false, inner('i', b.user('u', b.loop({ inputCollection: '=item.parts', inputElement: 'part' })))),
    steps: [
      start({ list: [{ parts: [1] }, { parts: [2, 3] }] })
        .slots('sp[0]/u[0]', 'sp[1]/u[0]', 'sp[1]/u[1]')
        .gives({ 'sp[1]/u[1]': { part: 3, loopCounter: 2 } }),
      complete('sp[1]/u[1]'),
      complete('sp[0]/u[0]').slots('sp[1]/u[0]'),
      complete('sp[1]/u[0]').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('a multi-instance sub-process in a multi-instance sub-process', {
    diagram: repeated(
      true,
      inner('i', b.sub('in', b.loop({ inputCollection: '=item', inputElement: 'part' }), ...inner('j', b.user('u')))),
    ),
    steps: [
      start({ list: [[1, 2], [], [3]] }).slots('sp[0]/in[0]/u', 'sp[0]/in[1]/u'),
      complete('sp[0]/in[0]/u'),
      complete('sp[0]/in[1]/u').slots('sp[2]/in[0]/u'),
      complete('u').waits('n'),
      complete('n').ends(),
    ],
  });
  runs('local variables of one run are not seen by the others', {
    diagram: repeated(
      false,
      [b.io({ input: { count: '=0' }, output: { result: '=count' } }), ...inner('i', b.user('u'), b.user('v'))],
      b.loop(collecting),
    ),
    steps: [
      start({ list }),
      complete('sp[0]/u', { count: 5 }).holds({ list }),
      complete('sp[1]/u', { count: 7 }),
      complete('sp[1]/v'),
      complete('sp[0]/v').has({ out: [5, 7] }),
      complete('n').ends({ list, out: [5, 7] }),
    ],
  });
  runs('a call activity over a list in a sub-process with a boundary event', {
    diagram: [
      ...line(...roots, b.sub('sp', ...inner('i', b.call('c', 'child', b.loop(over)))), b.user('n')),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [
      start({ list }).waits('c[0]', 'c[1]', 'b'),
      complete('c[1]'),
      timer('b').cancels('c[0]').waits('x'),
      complete('x').ends(),
    ],
  });
});
