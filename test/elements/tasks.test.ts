import * as b from '../helpers/bpmn-builder.ts';
import { line, refuses, runs } from './runs.ts';
import { complete, error, message, start } from './step.ts';

const sla = b.properties({ sla: 'P1D' });

describe('elements: tasks', () => {
  runs('plain task: passes at once', {
    diagram: line(b.plain('t')),
    steps: [start({ a: 1 }).enters('s', 't', 'e').ends({ a: 1 })],
  });

  runs('manual task: passes at once', {
    diagram: line(b.element('manualTask', { id: 't' })),
    steps: [start().enters('s', 't', 'e').ends()],
  });

  runs('user task: waits for a person and takes over what they filled in', {
    diagram: line(b.user('t')),
    steps: [start({ a: 1 }).waits('t'), complete('t', { b: 2 }).enters('e').ends({ a: 1, b: 2 })],
  });

  runs('service task: waits for a job', {
    diagram: line(b.job('t')),
    steps: [start().waits('t'), complete('t', { done: true }).ends({ done: true })],
  });

  runs('send task: waits for a job', {
    diagram: line(b.element('sendTask', { id: 't' }, '<zeebe:taskDefinition type="mail"/>')),
    steps: [start().waits('t'), complete('t').ends({})],
  });

  runs('business rule task with a job type: waits for a job', {
    diagram: line(b.element('businessRuleTask', { id: 't' }, '<zeebe:taskDefinition type="judge"/>')),
    steps: [start().waits('t'), complete('t', { level: 3 }).ends({ level: 3 })],
  });

  runs('business rule task with a called decision: answers inside the step', {
    diagram: line(b.decision('t', 'level', 'level')),
    decisions: { level: ({ total }) => (total === 10 ? 'high' : 'low') },
    steps: [start({ total: 10 }).enters('s', 't', 'e').ends({ total: 10, level: 'high' })],
  });

  runs('receive task: waits for a message', {
    diagram: line(b.message('M', '=id'), b.receive('t', 'M', sla)),
    steps: [start({ id: 'k' }).waits('t'), message('t', { paid: true }).ends({ id: 'k', paid: true })],
  });

  runs('script task with a FEEL expression: evaluates inside the step', {
    diagram: line(b.script('t', '=total * 2', 'twice')),
    steps: [start({ total: 4 }).enters('s', 't', 'e').ends({ total: 4, twice: 8 })],
  });

  runs('script task with a job type: waits for a job', {
    diagram: line(b.element('scriptTask', { id: 't' }, '<zeebe:taskDefinition type="compute"/>')),
    steps: [start().waits('t'), complete('t', { x: 1 }).ends({ x: 1 })],
  });

  refuses(
    'script task with a script of its own: refused',
    line(b.element('scriptTask', { id: 't', scriptFormat: 'javascript' }, '<bpmn:script>next()</bpmn:script>')),
    't script',
  );

  runs('call activity: waits for the called process and takes over its variables', {
    diagram: line(b.call('t', 'child')),
    steps: [start({ a: 1 }).waits('t'), complete('t', { answer: 42 }).ends({ a: 1, answer: 42 })],
  });

  runs('call activity: the called process fails with a code', {
    diagram: [
      ...line(b.error('E', 'REJECTED'), b.call('t', 'child'), b.boundary('b', 't', b.onError('E'))),
      b.user('u'),
      b.end('e2'),
      b.flow('b', 'u', 'e2'),
    ],
    steps: [start().waits('t'), error('t', 'REJECTED', { why: 'late' }).waits('u').has({ why: 'late' }), complete('u').ends()],
  });

  runs('a task without an outgoing flow ends its token', {
    diagram: [b.start('s'), b.user('t'), b.flow('s', 't')],
    steps: [start().waits('t'), complete('t').ends()],
  });

  runs('a task with several outgoing flows splits, and each token ends for itself', {
    diagram: [b.start('s'), b.user('t'), b.user('a'), b.user('c'), b.flow('s', 't', 'a'), b.flow('t', 'c')],
    steps: [start().waits('t'), complete('t').waits('a', 'c'), complete('c').waits('a'), complete('a').ends()],
  });

  runs('a task with conditional flows takes every one that is true', {
    diagram: [
      b.start('s'),
      b.user('t'),
      ...['a', 'c', 'd', 'f'].map((id) => b.user(id)),
      b.flow('s', 't', 'f'),
      ...['a', 'c', 'd'].map((id) => b.flowIf('t', id, `=${id}`)),
    ],
    steps: [
      start({ a: true, c: false, d: true }),
      complete('t').waits('a', 'd', 'f'),
      complete('a'),
      complete('d'),
      complete('f').ends(),
    ],
  });

  runs('a task with a default flow takes it when no condition is true', {
    diagram: [
      b.start('s'),
      b.element('userTask', { id: 't', default: b.flowId('t', 'other') }, '<zeebe:assignmentDefinition assignee="ann"/>'),
      b.user('a'),
      b.user('other'),
      b.flow('s', 't', 'other'),
      b.flowIf('t', 'a', '=yes'),
    ],
    steps: [start({ yes: false }), complete('t').waits('other'), complete('other').ends()],
  });

  runs('a task with several incoming flows is done once for each token', {
    diagram: [b.start('s'), b.and('p'), b.user('a'), b.user('c'), b.user('t'), b.flow('s', 'p', 'a', 't'), b.flow('p', 'c', 't')],
    steps: [
      start().waits('a', 'c'),
      complete('a').waits('c', 't'),
      complete('t').waits('c'),
      complete('c').waits('t'),
      complete('t').ends(),
    ],
  });

  runs('a BPMN error of a job goes to its boundary event, with its variables', {
    diagram: [
      ...line(b.error('E', 'NO'), b.job('t'), b.boundary('b', 't', b.onError('E'))),
      b.user('u'),
      b.end('e2'),
      b.flow('b', 'u', 'e2'),
    ],
    steps: [start().waits('t'), error('t', 'NO', { left: 0 }).waits('u').holds({ left: 0 }), complete('u').ends()],
  });

  runs('a BPMN error that nothing catches is told to the caller', {
    diagram: line(b.job('t')),
    steps: [start(), error('t', 'NO').breaks('NO', 't').cancels(), complete('t').ends()],
  });
});
