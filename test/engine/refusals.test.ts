import { expect } from 'chai';
import { compile, type Finding } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { findings } from './life.ts';

const simple = (...middle: string[]): string => b.bpmn(b.start('s'), b.end('e'), ...middle);
const one = (element: string, ...more: string[]): string => simple(element, b.flow('s', 't', 'e'), ...more);
const sla = b.properties({ sla: 'PT4H' });

describe('engine: what compile refuses', () => {
  /** What is wrong, the diagram, the rule that says so, and the element it names (null: none, or not of interest). */
  const cases: readonly (readonly [string, string, string, string | null])[] = [
    ['DOCTYPE', one(b.user('t')).replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>'), 'doctype', null],
    ['no XML', 'hello', 'xml', null],
    ['another XML file', '<a/>', 'xml', null],
    ['more than 1 MB', one(b.user('t')) + ' '.repeat(1_000_001), 'size', null],
    ['an unresolved reference', one(b.user('t')).replace('sourceRef="t"', 'sourceRef="nowhere"'), 'xml', 't.e'],
    ['an unknown BPMN element', simple(b.flow('s', 'e'), '<bpmn:teleport id="t"/>'), 'xml', null],
    ['two elements with one id', one(b.user('t'), b.user('t')), 'xml', 't'],
    [
      'a Camunda 7 diagram',
      one(b.user('t'))
        .replace('<bpmn:definitions', '<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"')
        .replace('id="t"', 'id="t" camunda:assignee="kermit"'),
      'dialect',
      't',
    ],
    ['nothing executable', one(b.user('t')).replace('isExecutable="true"', ''), 'executable-process', null],
    ['a reserved id', b.bpmn(b.start('s'), b.end('constructor'), b.flow('s', 'constructor')), 'id', 'constructor'],
    ['the id __proto__', b.bpmn(b.start('s'), b.end('__proto__'), b.flow('s', '__proto__')), 'id', '__proto__'],
    [
      'an id that is too long',
      b.bpmn(b.start('s'), b.end('e'.repeat(65)), b.flow('s', 'e'.repeat(65))).replaceAll('s.e', 'f'),
      'id',
      null,
    ],
    [
      'a script of another language',
      one(b.element('scriptTask', { id: 't', scriptFormat: 'js' }, '<bpmn:script>1</bpmn:script>')),
      'script',
      't',
    ],
    ['a script task with nothing to do', one(b.element('scriptTask', { id: 't' })), 'script', 't'],
    ['a complex gateway', one(b.element('complexGateway', { id: 't' })), 'not-supported', 't'],
    ['an ad-hoc sub-process', one(b.element('adHocSubProcess', { id: 't' }, b.user('u'))), 'not-supported', 't'],
    [
      'a cancel end event outside of a transaction',
      simple(b.end('t', b.onCancel()), b.flow('s', 't')).replace(b.end('e'), ''),
      'not-supported',
      't',
    ],
    [
      'a cancel end event in a transaction that nothing catches',
      one(b.transaction('t', b.start('ts'), b.end('tc', b.onCancel()), b.flow('ts', 'tc'))),
      'boundary',
      'tc',
    ],
    [
      'a cancel boundary event on a sub-process',
      one(b.sub('t', b.start('ts'), b.user('u'), b.flow('ts', 'u')), b.boundary('b', 't', b.onCancel()), b.flow('b', 'e')),
      'boundary',
      'b',
    ],
    [
      'an event sub-process that nothing starts',
      one(b.user('t'), b.eventSub('x', b.start('xs'), b.end('xe'), b.flow('xs', 'xe'))),
      'event-sub-process',
      'x',
    ],
    [
      'an event sub-process with two start events',
      one(
        b.message('M'),
        b.user('t'),
        b.eventSub(
          'x',
          ...b.parts(b.startOn('xs', b.onMessage('M')), b.startOn('xt', b.duration('P1D')), b.end('xe'), b.flow('xs', 'xe')),
          b.flow('xt', 'xe'),
        ),
      ),
      'event-sub-process',
      'x',
    ],
    [
      'an event sub-process that a flow leads to',
      simple(
        b.message('M'),
        b.user('t'),
        b.eventSub('x', b.startOn('xs', b.onMessage('M')), b.end('xe'), b.flow('xs', 'xe')),
        b.flow('s', 't', 'x', 'e'),
      ),
      'event-sub-process',
      'x',
    ],
    [
      'an event sub-process that repeats',
      one(
        b.message('M'),
        b.user('t'),
        b.eventSub(
          'x',
          ...b.parts(b.loop({ inputCollection: '=l' }), b.startOn('xs', b.onMessage('M')), b.end('xe'), b.flow('xs', 'xe')),
        ),
      ),
      'event-sub-process',
      'x',
    ],
    [
      'an error start event that does not interrupt',
      one(b.job('t'), b.eventSub('x', b.startOn('xs', b.onError(), false), b.end('xe'), b.flow('xs', 'xe'))),
      'event-sub-process',
      'xs',
    ],
    [
      'an escalation that starts what throws it again',
      one(
        b.escalation('X', 'LATE'),
        b.user('t'),
        b.eventSub(
          'x',
          b.startOn('xs', b.onEscalation('X'), false),
          b.user('xu'),
          b.end('xe', b.onEscalation('X')),
          b.flow('xs', 'xu', 'xe'),
        ),
      ),
      'event-sub-process',
      null,
    ],
    [
      'two event sub-processes for one error',
      one(
        b.error('E', 'X'),
        b.job('t'),
        ...['x', 'y'].map((id) =>
          b.eventSub(id, b.startOn(`${id}s`, b.onError('E')), b.end(`${id}e`), b.flow(`${id}s`, `${id}e`)),
        ),
      ),
      'event-sub-process',
      'ys',
    ],
    [
      'a condition that comes back to itself without a wait',
      simple(b.xor('m'), b.user('t'), b.boundary('b', 't', b.onCondition('=a')), b.flow('s', 'm', 't', 'e'), b.flow('b', 'm')),
      'endless-cycle',
      null,
    ],
    [
      'a repetition on an event sub-process that interrupts',
      one(b.user('t'), b.eventSub('x', b.startOn('xs', b.cycle('R/P1D')), b.end('xe'), b.flow('xs', 'xe'))),
      'timer',
      'xs',
    ],
    ['compensation', one(b.user('t'), b.boundary('c', 't', '<bpmn:compensateEventDefinition/>')), 'not-supported', 'c'],
    ['an escalation event without a code', one(b.thrown('t', b.onEscalation())), 'error-end', 't'],
    [
      'an escalation boundary event on a task',
      one(b.user('t'), b.boundary('b', 't', b.onEscalation()), b.flow('b', 'e')),
      'boundary',
      'b',
    ],
    [
      'a link that nothing catches',
      simple(b.user('t'), b.thrown('l', b.onLink('L')), b.flow('s', 't', 'l')).replace(b.end('e'), ''),
      'link',
      'l',
    ],
    [
      'a link that is caught twice',
      simple(
        ...b.parts(b.thrown('l', b.onLink('L')), b.caught('t', b.onLink('L')), b.caught('u', b.onLink('L')), b.flow('s', 'l')),
        b.flow('t', 'e'),
        b.flow('u', 'e'),
      ),
      'link',
      'l',
    ],
    ['a link that a flow leaves', one(b.thrown('t', b.onLink('L'))), 'link', 't'],
    ['a timer start event that is no time', b.bpmn(b.start('s', b.cycle('daily')), b.end('e'), b.flow('s', 'e')), 'timer', 's'],
    ['a conditional start event', b.bpmn(b.start('s', b.onCondition('=a')), b.end('e'), b.flow('s', 'e')), 'not-supported', 's'],
    ['a standard loop without an end', one(b.user('t', b.standardLoop({}))), 'loop', 't'],
    ['a standard loop of more than 1,000', one(b.user('t', b.standardLoop({ loopMaximum: 1001 }))), 'loop', 't'],
    ['a standard loop whose condition is no FEEL', one(b.user('t', b.standardLoop({}, 'again'))), 'loop', 't'],
    ['a script on a service task', one(b.job('t', '<zeebe:script expression="=1" resultVariable="r"/>')), 'not-supported', 't'],
    ['an implementation attribute', one(b.job('t').replace('id="t"', 'id="t" implementation="${x}"')), 'not-supported', 't'],
    [
      'a JUEL condition',
      simple(b.xor('t', 'e'), b.user('u'), b.flow('s', 't', 'e'), b.flowIf('t', 'u', '${a}'), b.flow('u', 'e')),
      'feel',
      't.u',
    ],
    [
      'a JavaScript condition',
      simple(
        b.xor('t', 'e'),
        b.user('u'),
        b.flow('s', 't', 'e'),
        b.flowIf('t', 'u', 'true').replace('tFormalExpression"', 'tFormalExpression" language="javascript"'),
        b.flow('u', 'e'),
      ),
      'script',
      't.u',
    ],
    [
      'an exclusive gateway without default',
      simple(
        b.xor('t'),
        b.user('u'),
        b.flowIf('t', 'u', '=a'),
        b.flowIf('t', 'e', '=not(a)'),
        b.flow('s', 't'),
        b.flow('u', 'e'),
      ),
      'default-flow',
      't',
    ],
    [
      'an exclusive gateway without conditions',
      simple(b.xor('t', 'e'), b.user('u'), b.flow('s', 't', 'u', 'e'), b.flow('t', 'e')),
      'condition',
      't',
    ],
    [
      'an inclusive gateway without default',
      simple(b.or('t'), b.user('u'), b.flowIf('t', 'u', '=a'), b.flow('t', 'e'), b.flow('s', 't'), b.flow('u', 'e')),
      'default-flow',
      't',
    ],
    [
      'a condition behind a parallel gateway',
      simple(b.and('t'), b.user('u'), b.flowIf('t', 'u', '=a'), b.flow('t', 'e'), b.flow('s', 't'), b.flow('u', 'e')),
      'condition',
      't.u',
    ],
    ['an unreachable element', one(b.user('t'), b.user('u'), b.flow('u', 'e')), 'unreachable', 'u'],
    ['no start event', b.bpmn(b.user('t'), b.end('e'), b.flow('t', 'e')), 'start', 'P'],
    ['a sub-process without start event', one(b.sub('t', b.user('u'))), 'start', 't'],
    [
      'a flow out of a sub-process',
      one(b.sub('t', b.start('ts'), b.user('u'), b.flow('ts', 'u')), b.flow('u', 'e')),
      'flow-ends',
      'u.e',
    ],
    ['a gateway that leads nowhere', simple(b.xor('t'), b.flow('s', 't')), 'flow-ends', 't'],
    ['a service task without job type', one(b.element('serviceTask', { id: 't' })), 'job-type', 't'],
    ['a send task without job type', one(b.element('sendTask', { id: 't' })), 'job-type', 't'],
    [
      'a job type by expression',
      one(b.element('serviceTask', { id: 't' }, '<zeebe:taskDefinition type="=type"/>')),
      'job-type',
      't',
    ],
    ['a business rule task with nothing to do', one(b.element('businessRuleTask', { id: 't' })), 'decision', 't'],
    [
      'a business rule task with two things to do',
      one(b.decision('t', 'd', 'r', '<zeebe:taskDefinition type="x"/>')),
      'decision',
      't',
    ],
    ['a decision without result variable', one(b.decision('t', 'd', '')), 'decision', 't'],
    ['a user task without assignment', one(b.element('userTask', { id: 't' })), 'assignment', 't'],
    ['a call activity that calls nothing', one(b.element('callActivity', { id: 't' })), 'called-process', 't'],
    ['a reserved mapping target', one(b.job('t', b.io({ output: { '__proto__.x': '=1' } }))), 'mapping', 't'],
    ['a receive task that may wait for ever', one(b.message('M'), b.receive('t', 'M')), 'endless-wait', 't'],
    ['a message event that may wait for ever', one(b.message('M'), b.caught('t', b.onMessage('M'))), 'endless-wait', 't'],
    ['a signal event that may wait for ever', one(b.signal('G'), b.caught('t', b.onSignal('G'))), 'endless-wait', 't'],
    [
      'a wait for a message inside a sub-process that has a way out',
      one(
        b.message('M'),
        b.sub('t', b.start('ts'), b.receive('r', 'M'), b.flow('ts', 'r')),
        b.boundary('b', 't', b.duration('P1D')),
        b.flow('b', 'e'),
      ),
      'endless-wait',
      'r',
    ],
    ['an sla that is no duration', one(b.user('t', b.properties({ sla: '4 hours' }))), 'sla', 't'],
    ['a message without correlation key', one('<bpmn:message id="M" name="M"/>', b.receive('t', 'M', sla)), 'message', 't'],
    ['a timer that is no time', one(b.caught('t', b.duration('soon'))), 'timer', 't'],
    [
      'a repetition on an interrupting event',
      one(b.user('t'), b.boundary('b', 't', b.cycle('R3/PT1H')), b.flow('b', 'e')),
      'timer',
      'b',
    ],
    [
      'a boundary event on a task that does not wait',
      one(b.plain('t'), b.boundary('b', 't', b.duration('PT1H')), b.flow('b', 'e')),
      'boundary',
      'b',
    ],
    [
      'an error boundary event on a user task',
      one(b.user('t'), b.boundary('b', 't', b.onError()), b.flow('b', 'e')),
      'boundary',
      'b',
    ],
    [
      'two boundary events for the same error',
      one(b.job('t'), b.boundary('b', 't', b.onError()), b.boundary('c', 't', b.onError()), b.flow('b', 'e'), b.flow('c', 'e')),
      'boundary',
      'b',
    ],
    [
      'an error end event without a code',
      simple(b.end('t', b.onError()), b.flow('s', 't')).replace(b.end('e'), ''),
      'error-end',
      't',
    ],
    [
      'an event-based gateway to a task',
      simple(
        b.eventGateway('t'),
        b.user('u'),
        b.caught('c', b.duration('P1D')),
        b.flow('s', 't', 'u', 'e'),
        b.flow('t', 'c', 'e'),
      ),
      'event-gateway',
      't',
    ],
    [
      'two flows between the same elements',
      simple(b.and('t'), b.flow('s', 't', 'e'), b.flow('t', 'e').replace('t.e', 'again')),
      'double-flow',
      't',
    ],
    ['a list over nothing', one(b.job('t', b.loop({ inputElement: 'x' }))), 'loop', 't'],
    [
      'a cycle without wait',
      simple(b.xor('m'), b.plain('t'), b.xor('x', 'e'), b.flow('s', 'm', 't', 'x', 'e'), b.flowIf('x', 'm', '=again')),
      'endless-cycle',
      'm',
    ],
    [
      'a cycle through a sub-process that need not wait',
      simple(
        b.xor('m'),
        b.sub(
          't',
          b.start('ts'),
          b.xor('tx', 'te'),
          b.user('u'),
          b.end('te'),
          b.flow('ts', 'tx', 'te'),
          b.flowIf('tx', 'u', '=a'),
          b.flow('u', 'te'),
        ),
        b.xor('x', 'e'),
        b.flow('s', 'm', 't', 'x', 'e'),
        b.flowIf('x', 'm', '=again'),
      ),
      'endless-cycle',
      'm',
    ],
    [
      'a cycle through a sub-process that an escalation leaves at once',
      b.bpmn(
        b.escalation('X', 'LATE'),
        ...b.parts(b.start('s'), b.xor('m'), b.end('e')),
        b.sub(
          'sp',
          b.sub(
            'in',
            ...b.parts(
              b.start('is'),
              b.thrown('th', b.onEscalation('X')),
              b.user('u'),
              b.end('ie'),
              b.flow('is', 'th', 'u', 'ie'),
            ),
          ),
          ...b.parts(b.start('os'), b.end('oe'), b.flow('os', 'in', 'oe')),
        ),
        ...b.parts(b.boundary('late', 'sp', b.onEscalation('X')), b.flow('s', 'm', 'sp', 'e'), b.flow('late', 'm')),
      ),
      'endless-cycle',
      'm',
    ],
    [
      'a cycle through a sub-process that a condition interrupts',
      b.bpmn(
        ...b.parts(b.start('s'), b.xor('m'), b.end('e')),
        b.sub('sp', b.start('is'), b.user('u'), b.end('ie'), b.flow('is', 'u', 'ie')),
        ...b.parts(b.boundary('now', 'sp', b.onCondition('=urgent')), b.flow('s', 'm', 'sp', 'e'), b.flow('now', 'm')),
      ),
      'endless-cycle',
      'm',
    ],
  ];
  for (const [what, xml, rule, elementId] of cases) {
    it(`refuses ${what}`, async () => {
      const found: readonly Finding[] = await findings(xml);
      const hit = found.find((finding) => finding.rule === rule);
      expect(hit, JSON.stringify(found)).not.to.equal(undefined);
      if (elementId !== null) expect(hit?.elementId).to.equal(elementId);
      expect(hit?.message).to.match(/^(?:[A-Z]|camunda:).*\.$/);
    });
  }

  it('judges sub-processes inside each other, each with several ways into the next, at once', async () => {
    const levels = 19;
    const level = (n: number): string => {
      const inside = n === levels ? 'u' : `sp${n + 1}`;
      const ways = [1, 2, 3].map(
        (way) =>
          `<bpmn:sequenceFlow id="f${n}.${way}" sourceRef="x${n}" targetRef="${inside}"><bpmn:conditionExpression>=true</bpmn:conditionExpression></bpmn:sequenceFlow>`,
      );
      return b.sub(
        `sp${n}`,
        ...b.parts(b.start(`s${n}`), b.xor(`x${n}`, inside), n === levels ? b.user('u') : level(n + 1), b.end(`e${n}`)),
        ...b.parts(b.flow(`s${n}`, `x${n}`, inside, `e${n}`), ...ways),
      );
    };
    const [process] = await compile(b.bpmn(b.start('s'), level(1), b.end('e'), b.flow('s', 'sp1', 'e')));
    expect(process?.elements.size).to.equal(levels * 4 + 3);
  });
});
