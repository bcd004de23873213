import { expect } from 'chai';
import { NothingWaits, StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, noon, rejection } from './life.ts';

const through = (...elements: string[]): string => b.bpmn(b.start('s'), b.end('e'), ...elements, b.flow('s', 't', 'e'));

describe('engine: tasks', () => {
  it('user task: waits with groups, form and properties, and ends the process when completed', async () => {
    const task = b.element(
      'userTask',
      { id: 't', name: 'Approve' },
      '<zeebe:assignmentDefinition candidateGroups="clerks, managers" assignee="=boss"/>',
      '<zeebe:formDefinition formId="approval"/>',
      b.properties({ workflowState: 'APPROVING', sla: 'PT4H' }),
    );
    const life = await Life.begin(through(task), { variables: { boss: 'ann' } });
    expect(life.wait('t')).to.deep.equal({
      slot: 't',
      kind: 'user',
      elementId: 't',
      elementName: 'Approve',
      properties: { workflowState: 'APPROVING', sla: 'PT4H' },
      user: { candidateGroups: ['clerks', 'managers'], assignee: 'ann', formId: 'approval' },
    });
    await life.complete('t', { approved: true });
    life.ended();
    expect(life.last.variables).to.deep.equal({ boss: 'ann', approved: true });
    expect(life.last.closed).to.deep.equal([{ slot: 't', how: 'completed' }]);
  });

  it('user task: candidate groups by expression, as a text or a list', async () => {
    const task = b.element('userTask', { id: 't' }, '<zeebe:assignmentDefinition candidateGroups="=role"/>');
    expect((await Life.begin(through(task), { variables: { role: 'cfo' } })).wait('t').user?.candidateGroups).to.deep.equal([
      'cfo',
    ]);
    expect((await Life.begin(through(task), { variables: { role: ['a', 'b'] } })).wait('t').user?.candidateGroups).to.deep.equal([
      'a',
      'b',
    ]);
    const error = await rejection(Life.begin(through(task), { variables: { role: null } }));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 't');
    expect(error.message).to.contain('candidate groups');
  });

  it('service, send and business rule task: jobs with type and retries', async () => {
    for (const type of ['serviceTask', 'sendTask', 'businessRuleTask']) {
      const life = await Life.begin(through(b.element(type, { id: 't' }, '<zeebe:taskDefinition type="ship" retries="5"/>')));
      expect(life.wait('t').job).to.deep.equal({ type: 'ship', retries: 5 });
      await life.complete('t', { shipped: true });
      life.ended();
    }
  });

  it('plain and manual task: pass through in the same step', async () => {
    const life = await Life.begin(
      through(b.plain('t'), b.element('manualTask', { id: 'm' })).replace(b.flow('t', 'e'), b.flow('t', 'm', 'e')),
    );
    life.ended();
    expect(life.entered).to.deep.equal(['s', 't', 'm', 'e']);
  });

  it('call activity: waits for the called process, and takes its error to the boundary event with the code', async () => {
    const xml = b.bpmn(
      b.error('E', 'REJECTED'),
      b.start('s'),
      b.call('t', 'child'),
      b.boundary('b', 't', b.onError('E')),
      b.user('u'),
      b.end('e'),
      b.flow('s', 't', 'e'),
      b.flow('b', 'u', 'e'),
    );
    const life = await Life.begin(xml);
    expect(life.wait('t').call).to.deep.equal({
      processId: 'child',
      binding: 'deployment',
      allVariables: true,
      allResults: true,
    });
    await life.error('t', 'REJECTED');
    expect(life.open).to.deep.equal(['u']);
    await (await Life.begin(xml)).complete('t').then((done) => done.ended());
  });

  it('receive task: message by name and correlation key, taken when the wait opens', async () => {
    const xml = through(b.message('M', '=order.id', 'paid'), b.receive('t', 'M', b.properties({ sla: 'P1D' })));
    const life = await Life.begin(xml, { variables: { order: { id: 'o-1' } } });
    expect(life.wait('t')).to.deep.include({ kind: 'message', message: { name: 'paid', correlationKey: 'o-1' } });
    await life.message('t', { paidAt: 'now' });
    life.ended();
  });

  it('business rule task with a called decision: answered inside the step, before the token goes on', async () => {
    const xml = through(
      b.decision(
        't',
        'level',
        'result',
        b.io({ input: { margin: '=quotation.margin' }, output: { 'quotation.level': '=result.level' } }),
      ),
      b.xor('x', 'e'),
      b.user('u'),
    ).replace(b.flow('t', 'e'), b.flow('t', 'x', 'e') + b.flowIf('x', 'u', '=quotation.level = "high"'));
    const decisions = { level: ({ margin }: { readonly margin?: unknown }) => ({ level: margin === 10 ? 'high' : 'low' }) };
    const life = await Life.begin(xml, { variables: { quotation: { margin: 10 } }, decisions });
    expect(life.open).to.deep.equal(['u']);
    expect(life.last.variables).to.deep.equal({ quotation: { margin: 10, level: 'high' } });
    expect(life.last.asked.find(({ kind }) => kind === 'decision')).to.deep.equal({
      elementId: 't',
      kind: 'decision',
      question: 'level',
      inputs: { quotation: { margin: 10 }, margin: 10 },
      outcome: { level: 'high' },
      matchedRules: [1],
    });
    expect(life.last.asked.map(({ elementId }) => elementId)).to.deep.equal(['t', 't', 't', 'x.u']);
  });

  it('a decision that fails is no BPMN error: it fails the step', async () => {
    const error = await rejection(Life.begin(through(b.decision('t', 'nowhere', 'r'))));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 't');
    expect(error.message).to.equal('t: the decision nowhere cannot be answered: there is no decision nowhere');
  });

  it('a slot that is not open is refused and says what is open', async () => {
    const life = await Life.begin(through(b.user('t')));
    const error = await rejection(life.complete('other'));
    expect(error).to.be.instanceOf(NothingWaits).with.deep.property('open', ['t']);
    expect(error.message).to.equal('Nothing waits at other. Open now: t.');
  });

  it('a command of another kind than the wait is refused', async () => {
    const life = await Life.begin(through(b.user('t')));
    const error = await rejection(life.message('t'));
    expect(error).to.be.instanceOf(NothingWaits);
    expect(error.message).to.equal("t waits for a user, which 'message' does not answer. Open now: t.");
    expect(await rejection(life.timer('t'))).to.be.instanceOf(NothingWaits);
    expect(await rejection(life.error('t', 'X'))).to.be.instanceOf(NothingWaits);
  });

  it('cancel: everything open is cancelled, and no token moves', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('t'),
      b.boundary('b', 't', b.duration('P1D')),
      b.end('e'),
      b.flow('s', 't', 'e'),
      b.flow('b', 'e'),
    );
    const life = await Life.begin(xml);
    await life.do({ type: 'cancel' });
    expect(life.last).to.deep.include({ status: 'cancelled', state: null, open: [], trail: [] });
    expect(life.last.closed).to.deep.equal([
      { slot: 'b', how: 'cancelled' },
      { slot: 't', how: 'cancelled' },
    ]);
  });

  it('the trail names what moved in order, with the workflow state of what was entered', async () => {
    const xml = through(
      b.element('userTask', { id: 't' }, '<zeebe:assignmentDefinition assignee="a"/>', b.properties({ workflowState: 'OPEN' })),
    );
    const life = await Life.begin(xml);
    expect(life.last.trail).to.deep.equal([
      { event: 'enter', elementId: 's', elementType: 'bpmn:StartEvent' },
      { event: 'leave', elementId: 's', elementType: 'bpmn:StartEvent' },
      { event: 'take', elementId: 's.t', elementType: 'bpmn:SequenceFlow' },
      { event: 'enter', elementId: 't', elementType: 'bpmn:UserTask', workflowState: 'OPEN' },
    ]);
    await life.complete('t');
    expect(life.last.trail.map(({ event, elementId }) => `${event} ${elementId}`)).to.deep.equal([
      'leave t',
      'take t.e',
      'enter e',
      'leave e',
    ]);
  });

  it('is pure: the same arguments give the same answer, at any time of day', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('t'),
      b.boundary('b', 't', b.duration('PT1H')),
      b.end('e'),
      b.flow('s', 't', 'e'),
      b.flow('b', 'e'),
    );
    const first = await Life.begin(xml);
    const second = await Life.begin(xml);
    expect(second.last).to.deep.equal(first.last);
    expect(first.wait('b').timer?.dueAt).to.equal(new Date(noon.getTime() + 3_600_000).toISOString());
  });
});
