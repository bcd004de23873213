import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses, runs } from './runs.ts';
import { complete, error, message, start, timer, type Step } from './step.ts';

const over = { inputCollection: '=list', inputElement: 'item' };
const collecting = { ...over, outputCollection: 'out', outputElement: '=result' };
const list = [10, 20, 30];

const kinds: Readonly<Record<string, { readonly task: (loop: string) => string; readonly end: (at: string) => Step }>> = {
  'user task': { task: (loop) => b.user('t', loop), end: (at) => complete(at) },
  'service task': { task: (loop) => b.job('t', loop), end: (at) => complete(at) },
  'send task': {
    task: (loop) => b.element('sendTask', { id: 't' }, '<zeebe:taskDefinition type="mail"/>', loop),
    end: (at) => complete(at),
  },
  'receive task': { task: (loop) => b.receive('t', 'M', b.properties({ sla: 'P1D' }), loop), end: (at) => message(at) },
  'call activity': { task: (loop) => b.call('t', 'child', loop), end: (at) => complete(at) },
};

describe('elements: multi-instance tasks', () => {
  for (const [kind, { task, end }] of Object.entries(kinds)) {
    runs(`${kind}, parallel: one for each element, in any order`, {
      diagram: line(b.message('M', '="k"'), task(b.loop(over)), b.user('n')),
      steps: [
        start({ list })
          .waits('t[0]', 't[1]', 't[2]')
          .gives({ 't[1]': { item: 20, loopCounter: 2 } }),
        end('t[2]').waits('t[0]', 't[1]'),
        end('t[0]').waits('t[1]'),
        end('t[1]').waits('n'),
        complete('n').ends({ list }),
      ],
    });
    runs(`${kind}, sequential: one after the other`, {
      diagram: line(b.message('M', '="k"'), task(b.loop(over, true)), b.user('n')),
      steps: [
        start({ list: [1, 2] })
          .waits('t[0]')
          .gives({ 't[0]': { item: 1, loopCounter: 1 } }),
        end('t[0]')
          .waits('t[1]')
          .gives({ 't[1]': { item: 2, loopCounter: 2 } }),
        end('t[1]').waits('n'),
        complete('n').ends(),
      ],
    });
  }

  for (const sequential of [false, true]) {
    const how = sequential ? 'sequential' : 'parallel';
    const one = (...more: readonly string[]): readonly string[] => [
      ...line(b.error('E', 'NO'), b.message('M', '="k"'), b.job('t', b.loop(collecting, sequential)), b.user('n')),
      ...more,
    ];
    runs(`${how}: results are collected in the order of the elements`, {
      diagram: one(),
      steps: [
        start({ list }),
        ...(sequential ? [0, 1, 2] : [1, 2, 0]).map((index) => complete(`t[${index}]`, { result: index * 2 })),
        complete('n').ends({ list, out: [0, 2, 4] }),
      ],
    });
    runs(`${how}: a run that brings no result leaves a null`, {
      diagram: one(),
      steps: [
        start({ list: [1, 2] }),
        complete('t[0]', { result: 1 }),
        complete('t[1]').waits('n'),
        complete('n').ends({ list: [1, 2], out: [1, null] }),
      ],
    });
    runs(`${how}: an empty list passes at once with an empty collection`, {
      diagram: one(),
      steps: [start({ list: [] }).enters('s', 't', 'n').waits('n'), complete('n').ends({ list: [], out: [] })],
    });
    runs(`${how}: the completion condition ends it early`, {
      diagram: line(b.job('t', b.loop(collecting, sequential, '=result > 5')), b.user('n')),
      steps: [
        start({ list }),
        complete('t[0]', { result: 1 }).waits(...(sequential ? ['t[1]'] : ['t[1]', 't[2]'])),
        complete('t[1]', { result: 9 })
          .cancels(...(sequential ? [] : ['t[2]']))
          .waits('n'),
        complete('n').ends({ list, out: [1, 9, null] }),
      ],
    });
    runs(`${how}: the completion condition knows how many runs there are and were completed`, {
      diagram: line(b.job('t', b.loop(over, sequential, '=numberOfCompletedInstances >= numberOfInstances - 1')), b.user('n')),
      steps: [
        start({ list }),
        complete('t[0]').waits(...(sequential ? ['t[1]'] : ['t[1]', 't[2]'])),
        complete('t[1]').waits('n'),
        complete('n').ends({ list }),
      ],
    });
    runs(`${how}: an error of one run takes all of them away`, {
      diagram: one(b.boundary('b', 't', b.onError('E')), b.user('x'), b.flow('b', 'x')),
      steps: [
        start({ list }),
        complete('t[0]', { result: 1 }),
        error('t[1]', 'NO').enters('b', 'x').waits('x'),
        complete('x').ends(),
      ],
    });
    runs(`${how}: an interrupting boundary event takes all of them away, and nothing is collected`, {
      diagram: one(b.boundary('b', 't', b.duration('PT1H')), b.user('x'), b.flow('b', 'x')),
      steps: [start({ list }), complete('t[0]', { result: 1 }), timer('b').waits('x'), complete('x').ends({ list })],
    });
    runs(`${how}: a non-interrupting boundary event leaves all of them, once for the whole loop`, {
      diagram: one(b.boundary('b', 't', b.onMessage('M'), false), b.plain('x'), b.flow('b', 'x')),
      steps: [
        start({ list: [1, 2] }),
        message('b').enters('b', 'x'),
        complete('t[0]', { result: 1 }),
        message('b').enters('b', 'x').waits('t[1]', 'b'),
        complete('t[1]', { result: 2 }).cancels('b').waits('n'),
        complete('n').ends({ list: [1, 2], out: [1, 2] }),
      ],
    });
    runs(`${how}: begins anew when its loop in the diagram comes round`, {
      diagram: [
        ...line(b.xor('m'), b.user('u'), b.job('t', b.loop(collecting, sequential)), b.xor('x', 'e')),
        b.flowIf('x', 'm', '=again'),
      ],
      steps: [
        start({ list: [1], again: true }),
        complete('u'),
        complete('t[0]', { result: 1 }).waits('u'),
        complete('u').waits('t[0]'),
        complete('t[0]', { result: 2, again: false }).ends({ list: [1], again: false, out: [2] }),
      ],
    });
  }
  runs('input mappings are applied for each run', {
    diagram: line(b.job('t', b.loop(over), b.io({ input: { sku: '=item.sku', number: '=loopCounter' } }))),
    steps: [
      start({ list: [{ sku: 'a' }, { sku: 'b' }] }).gives({
        't[1]': { item: { sku: 'b' }, loopCounter: 2, sku: 'b', number: 2 },
      }),
      complete('t[0]'),
      complete('t[1]').ends(),
    ],
  });
  runs('output mappings are applied for each run, before the result is collected', {
    diagram: line(b.job('t', b.loop(collecting), b.io({ output: { result: '=value * 2' } }))),
    steps: [
      start({ list: [1, 2] }),
      complete('t[1]', { value: 5, noise: 1 }),
      complete('t[0]', { value: 1, noise: 1 }).ends({ list: [1, 2], out: [2, 10] }),
    ],
  });
  runs('what is not collected is merged into the variables of the instance', {
    diagram: line(b.job('t', b.loop(over))),
    steps: [start({ list: [1, 2] }), complete('t[0]', { x: 1 }), complete('t[1]', { y: 2 }).ends({ list: [1, 2], x: 1, y: 2 })],
  });
  runs('a list of lists, and elements that are null', {
    diagram: line(b.user('t', b.loop(over, true))),
    steps: [
      start({ list: [[1], null] }).gives({ 't[0]': { item: [1], loopCounter: 1 } }),
      complete('t[0]').gives({ 't[1]': { item: null, loopCounter: 2 } }),
      complete('t[1]').ends(),
    ],
  });
  runs('the list may change while it runs; the loop keeps the one that it began with', {
    diagram: line(b.user('t', b.loop(over, true))),
    steps: [
      start({ list: [1, 2, 3] }),
      complete('t[0]', { list: [7] })
        .waits('t[1]')
        .gives({ 't[1]': { item: 2, loopCounter: 2 } }),
      complete('t[1]').waits('t[2]'),
      complete('t[2]').ends({ list: [7] }),
    ],
  });
  runs('something that is no list fails the command', {
    diagram: line(b.user('u'), b.job('t', b.loop(over))),
    steps: [
      start({ list: 'abc' }),
      complete('u').fails(/must be a list/, { elementId: 't' }),
      complete('u', { list: [1] }).waits('t[0]'),
      complete('t[0]').ends(),
    ],
  });
  refuses('without a list: refused', line(b.job('t', b.loop({}))), 't loop');
});

describe('elements: standard loops', () => {
  runs('goes round as long as its condition holds, looked at after each time', {
    diagram: line(b.user('t', b.standardLoop({}, '=again')), b.user('n')),
    steps: [
      start({ again: false }).waits('t[0]'),
      complete('t', { again: true }).waits('t[1]'),
      complete('t', { again: true }).waits('t[2]'),
      complete('t', { again: false }).waits('n'),
      complete('n').ends({ again: false }),
    ],
  });
  runs('testBefore: is not done at all when the condition does not hold', {
    diagram: line(b.user('t', b.standardLoop({ testBefore: true }, '=again')), b.user('n')),
    steps: [start({ again: false }).waits('n'), complete('n').ends()],
  });
  runs('testBefore: is done as long as the condition holds', {
    diagram: line(b.user('t', b.standardLoop({ testBefore: true }, '=n < 2')), b.user('n')),
    steps: [
      start({ n: 0 }).waits('t[0]'),
      complete('t', { n: 1 }).waits('t[1]'),
      complete('t', { n: 2 }).waits('n'),
      complete('n').ends(),
    ],
  });
  runs('loopMaximum: at most so many times', {
    diagram: line(b.user('t', b.standardLoop({ loopMaximum: 2 }, '=true')), b.user('n')),
    steps: [start().waits('t[0]'), complete('t').waits('t[1]'), complete('t').waits('n'), complete('n').ends()],
  });
  runs('loopMaximum without a condition: exactly so many times', {
    diagram: line(b.job('t', b.standardLoop({ loopMaximum: 3 })), b.user('n')),
    steps: [start(), complete('t').waits('t[1]'), complete('t').waits('t[2]'), complete('t').waits('n'), complete('n').ends()],
  });
  runs('a boundary event takes the loop away', {
    diagram: [
      ...line(b.user('t', b.standardLoop({ loopMaximum: 3 })), b.user('n')),
      ...b.parts(b.boundary('b', 't', b.duration('PT1H')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), complete('t').waits('t[1]', 'b'), timer('b').cancels('t[1]').waits('x'), complete('x').ends()],
  });
  runs('a sub-process goes round', {
    diagram: line(b.sub('sp', ...inner('i', b.user('u'), b.user('v')), b.standardLoop({}, '=again'))),
    steps: [
      start(),
      complete('u').waits('v'),
      complete('v', { again: true }).waits('u'),
      complete('u'),
      complete('v', { again: false }).ends(),
    ],
  });
  refuses('with neither condition nor maximum: refused', line(b.user('t', b.standardLoop({}))), 't loop');
});
