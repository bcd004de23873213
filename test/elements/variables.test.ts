import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, runs } from './runs.ts';
import { change, complete, error, message, signal, start, timer } from './step.ts';

const sla = b.properties({ sla: 'P1D' });
const roots = [b.message('M', '="k"'), b.signal('G'), b.error('E', 'NO')];
const io = (input: Readonly<Record<string, string>>, output: Readonly<Record<string, string>> = {}): string =>
  b.io({ input, output });

describe('elements: variables of tasks', () => {
  runs('input mappings are local to the task, each sees the ones before', {
    diagram: line(b.job('t', io({ net: '=total - 1', twice: '=net * 2', fixed: 'EUR' }))),
    steps: [
      start({ total: 3 })
        .gives({ t: { net: 2, twice: 4, fixed: 'EUR' } })
        .holds({ total: 3 }),
      complete('t').ends({ total: 3 }),
    ],
  });
  runs('input mappings with members make an object', {
    diagram: line(b.job('t', io({ 'to.name': '=name', 'to.city': '=city' }))),
    steps: [start({ name: 'Ann', city: 'Rome' }).gives({ t: { to: { name: 'Ann', city: 'Rome' } } }), complete('t').ends()],
  });
  runs('without mappings there is no input', {
    diagram: line(b.job('t')),
    steps: [start({ a: 1 }).gives({ t: undefined }), complete('t').ends()],
  });
  runs('a result replaces a variable of the same name as a whole', {
    diagram: line(b.job('t')),
    steps: [start({ a: { x: 1 }, b: 2 }), complete('t', { a: { y: 1 } }).ends({ a: { y: 1 }, b: 2 })],
  });
  runs('a result that has the name of an input stays local', {
    diagram: line(b.job('t', io({ count: '=0' }))),
    steps: [start({ count: 7 }), complete('t', { count: 1, other: 2 }).ends({ count: 7, other: 2 })],
  });
  runs('with output mappings nothing else of the result is taken over', {
    diagram: line(b.job('t', io({}, { 'sale.total': '=sum' }))),
    steps: [start({ sale: { id: 's' } }), complete('t', { sum: 12, noise: 1 }).ends({ sale: { id: 's', total: 12 } })],
  });
  runs('output mappings see the inputs and the result, and each the ones before', {
    diagram: line(b.job('t', io({ base: '=10' }, { total: '=base + sum', twice: '=total * 2' }))),
    steps: [start(), complete('t', { sum: 1 }).ends({ total: 11, twice: 22 })],
  });
  runs('output mappings of a decision', {
    diagram: line(b.decision('t', 'level', 'result', io({ margin: '=quote.margin' }, { 'quote.level': '=result' }))),
    decisions: { level: ({ margin }) => (margin === 1 ? 'low' : 'high') },
    steps: [start({ quote: { margin: 1 } }).ends({ quote: { margin: 1, level: 'low' } })],
  });
  runs('output mappings of a user task', {
    diagram: line(b.user('t', io({}, { approved: '=answer = "yes"' }))),
    steps: [start(), complete('t', { answer: 'yes' }).ends({ approved: true })],
  });
  runs('output mappings of a receive task', {
    diagram: line(...roots, b.receive('t', 'M', sla, io({}, { paid: '=amount' }))),
    steps: [start(), message('t', { amount: 3, noise: 1 }).ends({ paid: 3 })],
  });
  runs('output mappings of a timer event', {
    diagram: line(b.caught('t', b.duration('PT1H'), io({}, { late: '=true' }))),
    steps: [start({ late: false }), timer('t').ends({ late: true })],
  });
  runs('output mappings are not for errors', {
    diagram: [
      ...line(...roots, b.job('t', io({}, { done: '=result' }))),
      b.boundary('b', 't', b.onError('E')),
      b.user('x'),
      b.flow('b', 'x'),
    ],
    steps: [start(), error('t', 'NO', { why: 1 }).holds({ why: 1 }), complete('x').ends({ why: 1 })],
  });
  runs('variables with the names of engine fields are variables', {
    diagram: [...line(b.job('t'), b.xor('x', 'e')), b.user('u'), b.flowIf('x', 'u', '=content = 1')],
    steps: [
      start({ content: 1, fields: 2, properties: 3, environment: 4, id: 5 }),
      complete('t', { executionId: 'x', parent: 1 }).waits('u'),
      complete('u').ends({ content: 1, fields: 2, properties: 3, environment: 4, id: 5, executionId: 'x', parent: 1 }),
    ],
  });
  runs('the result is there before the next gateway is asked', {
    diagram: [...line(b.user('t'), b.xor('x', 'e')), b.user('u'), b.flowIf('x', 'u', '=ok')],
    steps: [start({ ok: false }), complete('t', { ok: true }).waits('u'), complete('u').ends()],
  });
  runs('changed variables reach the instance while a task is open', {
    diagram: [...line(b.user('t'), b.xor('x', 'e')), b.user('u'), b.flowIf('x', 'u', '=ok')],
    steps: [
      start({ ok: false }),
      change({ ok: true }).holds({ ok: true }).waits('t'),
      complete('t').waits('u'),
      complete('u').ends(),
    ],
  });
});

describe('elements: variables of sub-processes', () => {
  const sub = (mappings: string, ...inside: readonly string[]): string => b.sub('sp', mappings, ...inside);

  runs('without mappings a result inside goes to the instance', {
    diagram: line(b.sub('sp', ...inner('i', b.user('t'))), b.user('n')),
    steps: [start({ total: 1 }), complete('t', { total: 2, fresh: 3 }).holds({ total: 2, fresh: 3 }), complete('n').ends()],
  });
  runs('an input mapping makes a local variable that is gone with the sub-process', {
    diagram: line(sub(io({ inside: '=total + 1' }), ...inner('i', b.job('t', io({ sees: '=inside' })))), b.user('n')),
    steps: [
      start({ total: 1 })
        .gives({ t: { sees: 2 } })
        .holds({ total: 1 }),
      complete('t').holds({ total: 1 }),
      complete('n').ends({ total: 1 }),
    ],
  });
  runs('a result inside changes the local variable, not the one of the instance', {
    diagram: line(sub(io({ total: '=total' }), ...inner('i', b.user('t'), b.job('v', io({ sees: '=total' }))))),
    steps: [
      start({ total: 1 }),
      complete('t', { total: 5 })
        .holds({ total: 1 })
        .gives({ v: { sees: 5 } }),
      complete('v').ends({ total: 1 }),
    ],
  });
  runs('a result inside that no scope has goes to the instance', {
    diagram: line(sub(io({ total: '=total' }), ...inner('i', b.user('t')))),
    steps: [start({ total: 1 }), complete('t', { total: 5, other: 6 }).ends({ total: 1, other: 6 })],
  });
  runs('output mappings take local variables out at the end', {
    diagram: line(sub(io({ sum: '=0' }, { 'sale.sum': '=sum', twice: '=sum * 2' }), ...inner('i', b.user('t')))),
    steps: [start({ sale: { id: 1 } }), complete('t', { sum: 4 }).ends({ sale: { id: 1, sum: 4 }, twice: 8 })],
  });
  runs('local variables cover those of the instance in conditions', {
    diagram: line(
      sub(
        io({ level: '="high"' }),
        ...inner('i', b.user('t'), b.xor('x', 'ie')),
        b.user('u'),
        b.flowIf('x', 'u', '=level = "high"'),
        b.flow('u', 'ie'),
      ),
    ),
    steps: [start({ level: 'low' }), complete('t').waits('u'), complete('u').ends({ level: 'low' })],
  });
  runs('two scopes: each variable goes to the nearest scope that has it', {
    diagram: line(
      b.sub(
        'outer',
        io({ a: '=1', c: '=1' }, { outerA: '=a', outerC: '=c' }),
        ...inner('o', b.sub('in', io({ a: '=2' }, { innerA: '=a' }), ...inner('i', b.user('t')))),
      ),
    ),
    steps: [
      start({ a: 0, c: 0 }),
      complete('t', { a: 7, c: 8, d: 9 }).ends({ a: 0, c: 0, d: 9, innerA: 7, outerA: 1, outerC: 8 }),
    ],
  });
  runs('an output mapping of a nested sub-process goes to the nearest scope that has its name', {
    diagram: line(
      b.sub(
        'outer',
        io({ sum: '=0' }, { total: '=sum' }),
        ...inner('o', b.sub('in', io({ x: '=0' }, { sum: '=x' }), ...inner('i', b.user('t')))),
      ),
    ),
    steps: [start(), complete('t', { x: 3 }).ends({ total: 3 })],
  });
  runs('local variables begin anew when the sub-process does', {
    diagram: [
      ...line(
        b.xor('m'),
        sub(io({ count: '=0' }), ...inner('i', b.job('t', io({ sees: '=count' })), b.user('u'))),
        b.xor('x', 'e'),
      ),
      b.flowIf('x', 'm', '=again'),
    ],
    steps: [
      start({ again: true }),
      complete('t', { count: 5 }),
      complete('u').gives({ t: { sees: 0 } }),
      complete('t'),
      complete('u', { again: false }).ends({ again: false }),
    ],
  });
  runs('an interrupting boundary event sees nothing of the inside, and output mappings are not applied', {
    diagram: [
      ...line(sub(io({ inside: '=1' }, { out: '=inside' }), ...inner('i', b.user('t')))),
      ...b.parts(b.boundary('b', 'sp', b.duration('P1D')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start({ a: 1 }), timer('b').holds({ a: 1 }), complete('x').ends({ a: 1 })],
  });
  runs('a message of a boundary event goes to the scope around the sub-process', {
    diagram: [
      ...line(...roots, sub(io({ a: '=1' }), ...inner('i', b.user('t')))),
      ...b.parts(b.boundary('b', 'sp', b.onMessage('M'), false), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start({ a: 0 }), message('b', { a: 5 }).holds({ a: 5 }), complete('t'), complete('x').ends({ a: 5 })],
  });
  runs('a message of a boundary event inside goes to the nearest scope that has it', {
    diagram: line(
      ...roots,
      sub(
        io({ a: '=1' }, { last: '=a' }),
        ...inner('i', b.user('t')),
        ...b.parts(b.boundary('b', 't', b.onMessage('M'), false), b.plain('x'), b.flow('b', 'x')),
      ),
    ),
    steps: [start({ a: 0 }), message('b', { a: 5 }).holds({ a: 0 }), complete('t').ends({ a: 0, last: 5 })],
  });
  runs('a signal inside a sub-process goes to the nearest scope that has it', {
    diagram: line(...roots, sub(io({ a: '=1' }, { last: '=a' }), ...inner('i', b.caught('c', b.onSignal('G'), sla)))),
    steps: [start({ a: 0 }), signal('c', { a: 3, d: 4 }).ends({ a: 0, d: 4, last: 3 })],
  });
  runs('a multi-instance sub-process reads its list from the scope around it', {
    diagram: line(
      sub(
        io({ list: '=[1, 2]' }),
        ...inner('i', b.sub('in', b.loop({ inputCollection: '=list', inputElement: 'item' }), ...inner('j', b.user('t')))),
      ),
    ),
    steps: [start({ list: [] }).slots('sp/in[0]/t', 'sp/in[1]/t'), complete('sp/in[0]/t'), complete('t').ends({ list: [] })],
  });
  runs('an error from a sub-process brings its variables to the scope that catches it', {
    diagram: [
      ...line(...roots, sub(io({ why: '="inside"' }), ...inner('i', b.job('t')))),
      ...b.parts(b.boundary('b', 'sp', b.onError('E')), b.user('x'), b.flow('b', 'x')),
    ],
    steps: [start(), error('t', 'NO', { why: 'late' }).holds({ why: 'late' }), complete('x').ends()],
  });
  runs('conditional events in a sub-process look at its local variables', {
    diagram: line(
      sub(
        io({ n: '=0' }),
        b.start('is'),
        b.and('p'),
        b.caught('c', b.onCondition('=n > 1'), sla),
        b.user('t'),
        b.end('ie'),
        b.flow('is', 'p', 'c', 'ie'),
        b.flow('p', 't'),
      ),
    ),
    steps: [start({ n: 5 }).waits('c', 't'), complete('t', { n: 2 }).ends({ n: 5 })],
  });
});

describe('elements: variables of call activities', () => {
  const called = (attributes: string, ...inside: readonly string[]): string =>
    b.element('callActivity', { id: 't' }, `<zeebe:calledElement processId="child"${attributes}/>`, ...inside);

  runs('all variables of the called process come back', {
    diagram: line(b.call('t', 'child')),
    steps: [start({ a: 1 }), complete('t', { a: 2, c: 3 }).ends({ a: 2, c: 3 })],
  });
  runs('with output mappings only what they map comes back', {
    diagram: line(called('', io({}, { answer: '=c' }))),
    steps: [start({ a: 1 }), complete('t', { a: 2, c: 3 }).ends({ a: 1, answer: 3 })],
  });
  runs('propagateAllChildVariables="false": nothing comes back', {
    diagram: line(called(' propagateAllChildVariables="false"')),
    steps: [start({ a: 1 }), complete('t', { a: 2, c: 3 }).ends({ a: 1 })],
  });
  runs('propagateAllChildVariables="false" with output mappings: what they map comes back', {
    diagram: line(called(' propagateAllChildVariables="false"', io({}, { answer: '=c' }))),
    steps: [start({ a: 1 }), complete('t', { a: 2, c: 3 }).ends({ a: 1, answer: 3 })],
  });
  runs('input mappings are given to the called process', {
    diagram: line(called('', io({ order: '=a + 1' }))),
    steps: [start({ a: 1 }).gives({ t: { order: 2 } }), complete('t').ends({ a: 1 })],
  });
  runs('over a list, the results are collected', {
    diagram: line(
      called('', b.loop({ inputCollection: '=list', inputElement: 'item', outputCollection: 'out', outputElement: '=c' })),
    ),
    steps: [start({ list: [1, 2] }), complete('t[1]', { c: 2 }), complete('t[0]', { c: 1 }).ends({ list: [1, 2], out: [1, 2] })],
  });
  runs('a task that begins again in the same step is given the variables of now', {
    diagram: [
      ...line(b.user('t', io({ n: '=n' }))),
      ...b.parts(b.boundary('b', 't', b.duration('P1D')), b.script('more', '=n + 1', 'n'), b.flow('b', 'more', 't')),
    ],
    steps: [start({ n: 1 }), timer('b').gives({ t: { n: 2 } }), timer('b').gives({ t: { n: 3 } }), complete('t').ends({ n: 3 })],
  });
  runs('an input mapping makes an object of its own where a variable of that name is none', {
    diagram: line(b.user('t', io({ 'a.b': '=1', 'a.c': '=a.b + 1' }))),
    steps: [start({ a: 5 }).gives({ t: { a: { b: 1, c: 2 } } }), complete('t').ends({ a: 5 })],
  });
  runs('what only passes has input mappings too: its output mappings see them', {
    diagram: line(b.plain('t', io({ net: '=total - 1' }, { twice: '=net * 2' })), b.user('u')),
    steps: [start({ total: 3 }), complete('u').ends({ total: 3, twice: 4 })],
  });
});
