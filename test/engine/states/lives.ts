import type { EngineCommand } from '../../../src/engine/index.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';
import * as b from '../../helpers/bpmn-builder.ts';

/** A life whose every stored state is recorded. */
export interface RecordedLife {
  readonly name: string;
  readonly source: string;
  readonly variables?: JsonObject;
  readonly decisions?: Readonly<Record<string, Json>>;
  readonly commands: readonly EngineCommand[];
}

const done = (slot: string, variables: JsonObject = {}): EngineCommand => ({ type: 'complete', slot, variables });
const message = (slot: string): EngineCommand => ({ type: 'message', slot, variables: { came: true } });
const signal = (slot: string): EngineCommand => ({ type: 'signal', slot, variables: {} });
const timer = (slot: string): EngineCommand => ({ type: 'timer', slot });
const fail = (slot: string, code: string): EngineCommand => ({ type: 'error', slot, code, message: 'recorded', variables: { code } });
const variables = (changed: JsonObject): EngineCommand => ({ type: 'variables', variables: changed });
const sla = b.properties({ sla: 'P1D' });

const tasks = b.bpmn(
  b.message('M'),
  b.start('s'),
  b.user('u'),
  b.job('j', b.io({ input: { amount: '=total' }, output: { 'sale.ref': '=ref' } })),
  b.decision('d', 'level', 'level'),
  b.call('c', 'child'),
  b.receive('r', 'M', sla),
  b.xor('x', 'e'),
  b.user('high'),
  b.end('e'),
  b.flow('s', 'u', 'j', 'd', 'c', 'r', 'x', 'e'),
  b.flowIf('x', 'high', '=level = "high"'),
  b.flow('high', 'e'),
);
const boundaries = b.bpmn(
  b.message('M'),
  b.error('E', 'BROKEN'),
  b.start('s'),
  b.sub('sp', b.start('ss'), b.job('j'), b.user('v'), b.boundary('late', 'v', b.duration('PT4H')), b.end('se'), b.flow('ss', 'j', 'v', 'se'), b.flow('late', 'se')),
  b.boundary('broken', 'sp', b.onError('E')),
  b.boundary('remind', 'sp', b.cycle('R3/PT1H'), false),
  b.boundary('changed', 'sp', b.onMessage('M'), false),
  b.plain('note'),
  b.end('noted'),
  b.user('repair'),
  b.end('e'),
  b.flow('s', 'sp', 'e'),
  b.flow('broken', 'repair', 'e'),
  b.flow('remind', 'note', 'noted'),
  b.flow('changed', 'note'),
);
const joins = b.bpmn(
  b.start('s'),
  b.and('p'),
  b.user('a'),
  b.or('g', 'o1'),
  b.user('o1'),
  b.user('o2'),
  b.user('o3'),
  b.or('oj'),
  b.and('j'),
  b.user('n'),
  b.flow('s', 'p', 'a', 'j', 'n'),
  b.flow('p', 'g', 'o1', 'oj', 'j'),
  b.flowIf('g', 'o2', '=two'),
  b.flowIf('g', 'o3', '=three'),
  b.flow('o2', 'oj'),
  b.flow('o3', 'oj'),
);
const events = b.bpmn(
  b.message('M'),
  b.signal('G'),
  b.start('s'),
  b.xor('m'),
  b.eventGateway('g'),
  b.caught('cm', b.onMessage('M')),
  b.caught('cs', b.onSignal('G')),
  b.caught('ct', b.duration('P2D')),
  b.caught('cc', b.onCondition('=paid')),
  b.thrown('t', b.onMessage('M')),
  b.end('e'),
  b.flow('s', 'm', 'g', 'cm', 'cc', 't', 'e'),
  b.flow('g', 'cs', 'cc'),
  b.flow('g', 'ct', 'm'),
);
const loops = (isSequential: boolean) =>
  b.bpmn(
    b.start('s'),
    b.sub(
      'sp',
      b.start('ss'),
      b.job('pick', b.loop({ inputCollection: '=lines', inputElement: 'line', outputCollection: 'picked', outputElement: '=quantity' }, isSequential)),
      b.boundary('late', 'pick', b.duration('P1D')),
      b.end('se'),
      b.flow('ss', 'pick', 'se'),
      b.flow('late', 'se'),
    ),
    b.xor('x', 'e'),
    b.user('fix'),
    b.end('e'),
    b.flow('s', 'sp', 'x', 'e'),
    b.flowIf('x', 'fix', '=count(picked[item = 0]) > 0'),
    b.flow('fix', 'e'),
  );
const rework = b.bpmn(
  b.start('s'),
  b.xor('m'),
  b.sub('outer', b.start('os'), b.sub('inner', b.start('is'), b.and('p'), b.user('a'), b.user('c'), b.end('stop', b.terminate()), b.flow('is', 'p', 'a', 'stop'), b.flow('p', 'c')), b.user('check'), b.flow('os', 'inner', 'check')),
  b.xor('x', 'e'),
  b.end('e'),
  b.flow('s', 'm', 'outer', 'x', 'e'),
  b.flowIf('x', 'm', '=again'),
);

const eventSubs = b.bpmn(
  b.message('M'),
  b.message('N'),
  b.error('E', 'BROKEN'),
  b.start('s'),
  b.sub(
    'sp',
    ...b.parts(b.io({ input: { count: '=0' }, output: { total: '=count' } }), b.start('ss'), b.job('j'), b.user('v'), b.end('se'), b.flow('ss', 'j', 'v', 'se')),
    b.eventSub('also', b.startOn('more', b.onMessage('M'), false), b.user('w'), b.flow('more', 'w')),
    b.eventSub('broken', b.startOn('bs', b.onError('E')), b.user('repair'), b.flow('bs', 'repair')),
  ),
  b.eventSub('nagging', b.startOn('nag', b.cycle('R3/PT1H'), false), b.user('look'), b.flow('nag', 'look')),
  b.eventSub('stopping', b.startOn('stop', b.onMessage('N')), b.user('clear'), b.flow('stop', 'clear')),
  b.end('e'),
  b.flow('s', 'sp', 'e'),
);
const runs = (isSequential: boolean) =>
  b.bpmn(
    b.start('s'),
    b.sub(
      'sp',
      b.loop({ inputCollection: '=lines', inputElement: 'line', outputCollection: 'packed', outputElement: '=weight' }, isSequential),
      ...b.parts(b.start('ss'), b.and('p'), b.user('u'), b.job('j', b.io({ input: { sku: '=line.sku' } })), b.and('q'), b.end('se')),
      b.flow('ss', 'p', 'u', 'q', 'se'),
      b.flow('p', 'j', 'q'),
    ),
    b.boundary('late', 'sp', b.duration('P1D')),
    b.user('hurry'),
    b.end('e'),
    b.flow('s', 'sp', 'e'),
    b.flow('late', 'hurry', 'e'),
  );
const standard = b.bpmn(b.start('s'), b.user('t', b.standardLoop({ loopMaximum: 3 }, '=again')), b.sub('sp', b.standardLoop({}, '=again'), b.start('ss'), b.user('u'), b.flow('ss', 'u')), b.end('e'), b.flow('s', 't', 'sp', 'e'));
const cancelled = b.bpmn(
  b.start('s'),
  b.transaction('tx', b.start('ts'), b.and('p'), b.user('t'), b.user('v'), b.xor('x', 'te'), b.end('te'), b.end('no', b.onCancel()), b.flow('ts', 'p', 't', 'x', 'te'), b.flow('p', 'v'), b.flowIf('x', 'no', '=stop')),
  b.boundary('b', 'tx', b.onCancel()),
  b.user('y'),
  b.end('e'),
  b.flow('s', 'tx', 'e'),
  b.flow('b', 'y', 'e'),
);
const conditions = b.bpmn(b.start('s'), b.user('t'), b.boundary('b', 't', b.onCondition('=n > 1'), false), b.plain('x'), b.end('z'), b.end('e'), b.flow('s', 't', 'e'), b.flow('b', 'x', 'z'));

const lines = [{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }];
const level = { level: 'high' };

export const recordedLives: readonly RecordedLife[] = [
  { name: 'tasks', source: tasks, variables: { total: 12 }, decisions: level, commands: [done('u'), done('j', { ref: 'x' }), done('c'), message('r'), done('high')] },
  { name: 'boundaries', source: boundaries, commands: [timer('remind'), message('changed'), done('sp/j'), timer('remind'), timer('sp/late')] },
  { name: 'boundaries-error', source: boundaries, commands: [timer('remind'), fail('sp/j', 'BROKEN'), done('repair')] },
  { name: 'joins', source: joins, variables: { two: true, three: true }, commands: [done('o3'), done('a'), done('o2'), done('n')] },
  { name: 'joins-default', source: joins, variables: { two: false, three: false }, commands: [done('a'), done('o1'), done('n')] },
  { name: 'events', source: events, variables: { paid: false }, commands: [timer('ct'), signal('cs'), variables({ other: 1 }), variables({ paid: true })] },
  { name: 'events-message', source: events, variables: { paid: true }, commands: [timer('ct'), message('cm')] },
  { name: 'loop-parallel', source: loops(false), variables: { lines }, commands: [done('sp/pick[1]', { quantity: 2 }), done('sp/pick[0]', { quantity: 0 }), done('sp/pick[2]', { quantity: 1 }), done('fix')] },
  { name: 'loop-sequential', source: loops(true), variables: { lines }, commands: [done('sp/pick[0]', { quantity: 2 }), done('sp/pick[1]', { quantity: 3 }), done('sp/pick[2]', { quantity: 1 })] },
  { name: 'loop-late', source: loops(false), variables: { lines }, commands: [done('sp/pick[1]', { quantity: 2 }), timer('sp/late')] },
  { name: 'rework', source: rework, commands: [done('outer/inner/c'), done('outer/inner/a'), done('outer/check', { again: true }), done('outer/inner/a'), done('outer/check', { again: false })] },
  { name: 'event-sub-processes', source: eventSubs, commands: [message('sp/more'), timer('nag'), message('sp/more'), done('sp/also[0]/w', { count: 4 }), timer('nag'), done('sp/j'), done('sp/v'), done('sp/also[1]/w'), done('nagging[0]/look')] },
  { name: 'event-sub-processes-stop', source: eventSubs, commands: [timer('nag'), fail('sp/j', 'BROKEN'), message('stop'), done('stopping/clear')] },
  { name: 'runs-parallel', source: runs(false), variables: { lines }, commands: [done('sp[1]/u', { weight: 2 }), done('sp[0]/j'), done('sp[1]/j'), timer('late')] },
  { name: 'runs-sequential', source: runs(true), variables: { lines: lines.slice(1) }, commands: [done('sp[0]/j', { weight: 1 }), done('sp[0]/u'), done('sp[1]/u'), done('sp[1]/j', { weight: 5 })] },
  { name: 'standard-loop', source: standard, commands: [done('t[0]', { again: true }), done('t[1]', { again: false }), done('sp[0]/u', { again: true }), done('sp[1]/u', { again: false })] },
  { name: 'transaction', source: cancelled, commands: [done('tx/v'), done('tx/t', { stop: false })] },
  { name: 'transaction-cancel', source: cancelled, commands: [done('tx/t', { stop: true }), done('y')] },
  { name: 'conditions', source: conditions, variables: { n: 0 }, commands: [variables({ n: 2 }), variables({ n: 3 }), variables({ n: 0 }), variables({ n: 5 }), done('t')] },
  { name: 'cancel', source: boundaries, commands: [done('sp/j'), { type: 'cancel' }] },
];
