import type { diagramRules } from '../../src/contract/lint-rules-diagram.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { drawn } from './draw.ts';
import type { Example } from './examples.ts';

const process = (...parts: readonly string[]): string => b.bpmnNamed('example', ...parts);
const analyst = '<zeebe:assignmentDefinition candidateGroups="analyst"/>';
export const person = (id: string, ...inside: readonly string[]): string =>
  b.element('userTask', { id, name: 'Decide' }, analyst, ...inside);
export const work = (id: string, ...inside: readonly string[]): string =>
  b.element('serviceTask', { id, name: 'Work' }, '<zeebe:taskDefinition type="example"/>', ...inside);
/** A process with one element between its start and its end. */
export const around = (element: string, ...more: readonly string[]): string =>
  process(b.start('start'), element, b.end('end'), b.flow('start', 'it', 'end'), ...more);
const timeout = (host: string): string => b.boundary('timeout', host, b.duration('PT1H')) + b.flow('timeout', 'end');

export const diagramOf = async (rule: string, xml: string): Promise<Example> => ({
  files: { [`${rule}.bpmn`]: await drawn(xml) },
});
/** One that cannot be drawn, because it cannot be read. */
const textOf = (rule: string, xml: string): Example => ({ files: { [`${rule}.bpmn`]: `${xml}\n` } });

const whole = await drawn(around(person('it')));
/** The same diagram with a shape somewhere else. */
const moved = (id: string, x: number, y: number): string =>
  whole.replace(new RegExp(`(bpmnElement="${id}"><dc:Bounds) x="\\d+" y="\\d+"`), `$1 x="${x}" y="${y}"`);

/** A flow to the first task that makes a detour through the second. */
async function crossing(): Promise<string> {
  const xml = await drawn(
    process(b.start('start'), person('it'), person('second'), b.end('end'), b.flow('start', 'it', 'second', 'end')),
  );
  const [, x = '0', y = '0'] = /bpmnElement="second"><dc:Bounds x="(\d+)" y="(\d+)"/.exec(xml) ?? [];
  const detour = `<di:waypoint x="${Number(x) + 50}" y="${Number(y) + 40}"/>`;
  return xml.replace(/(bpmnElement="start.it">)(<di:waypoint [^>]*>)/, `$1$2${detour}`);
}

const choice = (defaultTarget: string | undefined, ...flows: readonly string[]): string =>
  process(
    b.start('start'),
    b.xor('it', defaultTarget),
    person('check'),
    b.end('end'),
    b.flow('start', 'it'),
    b.flow('check', 'end'),
    ...flows,
  );

export const diagramExamples: Readonly<Record<keyof typeof diagramRules, Example>> = {
  xml: textOf('xml', around(person('it')).replace('sourceRef="it"', 'sourceRef="somewhere"')),
  doctype: textOf('doctype', around(person('it')).replace('?>', '?>\n<!DOCTYPE definitions [<!ENTITY name "value">]>')),
  dialect: textOf(
    'dialect',
    around(b.element('userTask', { id: 'it', 'camunda:candidateGroups': 'analyst' })).replace(
      '<bpmn:definitions',
      '<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
    ),
  ),
  size: { kept: false, files: { 'size.bpmn': around(person('it')) + ' '.repeat(1_000_001) } },
  'executable-process': await diagramOf(
    'executable-process',
    around(person('it')).replace('isExecutable="true"', 'isExecutable="false"'),
  ),
  id: await diagramOf(
    'id',
    process(b.start('start'), person('constructor'), b.end('end'), b.flow('start', 'constructor', 'end')),
  ),
  'not-supported': await diagramOf('not-supported', around(b.element('complexGateway', { id: 'it' }))),
  'flow-ends': await diagramOf('flow-ends', process(b.start('start'), b.xor('it'), b.flow('start', 'it'))),
  start: await diagramOf(
    'start',
    process(b.start('start'), b.start('second'), person('it'), b.flow('start', 'it'), b.flow('second', 'it')),
  ),
  unreachable: await diagramOf('unreachable', around(person('it'), person('island'), b.flow('island', 'end'))),
  'default-flow': await diagramOf(
    'default-flow',
    choice(undefined, b.flowIf('it', 'check', '=total > 100'), b.flowIf('it', 'end', '=total <= 100')),
  ),
  condition: await diagramOf('condition', choice('end', b.flow('it', 'check'), b.flow('it', 'end'))),
  script: await diagramOf('script', around(person('it', b.io({ input: { amount: '${total}' } })))),
  feel: await diagramOf('feel', choice('end', b.flowIf('it', 'check', '=total >'), b.flow('it', 'end'))),
  'double-flow': await diagramOf(
    'double-flow',
    around(b.and('it'), b.element('sequenceFlow', { id: 'again', sourceRef: 'it', targetRef: 'end' })),
  ),
  'event-gateway': await diagramOf('event-gateway', around(b.eventGateway('it'))),
  event: await diagramOf('event', around(b.caught('it'))),
  message: await diagramOf(
    'message',
    around(b.caught('it', b.properties({ sla: 'PT4H' }), '<bpmn:messageEventDefinition id="message"/>')),
  ),
  timer: await diagramOf('timer', around(b.caught('it', b.duration('four hours')))),
  boundary: await diagramOf('boundary', around(b.plain('it'), timeout('it'))),
  'error-end': await diagramOf('error-end', process(b.start('start'), b.end('it', b.onError()), b.flow('start', 'it'))),
  'error-uncaught': await diagramOf(
    'error-uncaught',
    process(b.error('Refused', 'REFUSED'), b.start('start'), b.end('it', b.onError('Refused')), b.flow('start', 'it')),
  ),
  'event-sub-process': await diagramOf(
    'event-sub-process',
    around(person('it'), b.eventSub('aside', b.start('begin'), b.end('over'), b.flow('begin', 'over'))),
  ),
  // the flow is drawn although the link leads on already
  link: await diagramOf(
    'link',
    around(b.thrown('it', b.onLink('page 2')), b.caught('there', b.onLink('page 2')), b.flow('there', 'end')),
  ),
  'job-type': await diagramOf('job-type', around(b.element('serviceTask', { id: 'it' }))),
  assignment: await diagramOf('assignment', around(b.element('userTask', { id: 'it' }))),
  'called-process': await diagramOf('called-process', around(b.element('callActivity', { id: 'it' }))),
  decision: await diagramOf('decision', around(b.element('businessRuleTask', { id: 'it' }))),
  mapping: await diagramOf('mapping', around(work('it', b.io({ output: { 'the total': '=total' } })))),
  loop: await diagramOf('loop', around(work('it', b.loop({ inputElement: 'line' })))),
  'endless-wait': await diagramOf('endless-wait', around(b.caught('it', b.onMessage('Paid')), b.message('Paid', '="1"'))),
  sla: await diagramOf('sla', around(person('it', b.properties({ sla: 'four hours' })))),
  'endless-cycle': await diagramOf(
    'endless-cycle',
    process(
      b.start('start'),
      b.plain('it'),
      b.xor('again', 'end'),
      b.end('end'),
      b.flow('start', 'it', 'again', 'end'),
      b.flowIf('again', 'it', '=total > 0'),
    ),
  ),
  'stuck-join': await diagramOf(
    'stuck-join',
    process(
      b.start('start'),
      b.xor('choice', 'one'),
      person('one'),
      person('two'),
      b.and('it'),
      b.end('end'),
      b.flow('start', 'choice', 'one', 'it', 'end'),
      b.flowIf('choice', 'two', '=total > 100'),
      b.flow('two', 'it'),
    ),
  ),
  'layout-missing': textOf('layout-missing', around(person('it'))),
  'layout-overlap': textOf('layout-overlap', moved('end', 300, 200)),
  'layout-crossing': textOf('layout-crossing', await crossing()),
  'layout-place': textOf(
    'layout-place',
    (await drawn(around(person('it'), timeout('it')))).replace(
      /(bpmnElement="timeout"><dc:Bounds) x="\d+" y="\d+"/,
      '$1 x="20" y="600"',
    ),
  ),
};
