import { expect } from 'chai';
import { compile, type DefinitionRefused } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { findings, Life } from './life.ts';

const simple = (...middle: string[]): string => b.bpmn(b.start('s'), b.end('e'), ...middle);
const one = (element: string, ...more: string[]): string => simple(element, b.flow('s', 't', 'e'), ...more);
const sla = b.properties({ sla: 'PT4H' });

describe('engine: compile', () => {
  it('tells what is in a process', async () => {
    const xml = b.bpmn(
      b.error('E', 'NO_STOCK'),
      b.message('M', '=id', 'paid'),
      b.start('s'),
      b.sub(
        'sp',
        b.start('ss'),
        b.job('t', b.properties({ decision: 'credit', workflowState: 'CREDIT' })),
        b.end('se'),
        b.flow('ss', 't', 'se'),
      ),
      b.boundary('b', 'sp', b.onError('E')),
      b.call('c', 'child'),
      b.receive('r', 'M', sla),
      b.decision('d', 'level', 'level', b.io({ input: { margin: '=total - cost' } })),
      b.xor('x', 'e'),
      b.end('e'),
      b.flow('s', 'sp', 'c', 'r', 'd', 'x', 'e'),
      b.flow('b', 'e'),
      b.flowIf('x', 'c', '=level = "high"'),
    );
    const [process, ...others] = await compile(xml);
    expect(others).to.deep.equal([]);
    expect(process?.processId).to.equal('P');
    expect(process?.elements.get('t')).to.deep.equal({
      id: 't',
      type: 'bpmn:ServiceTask',
      scope: 'sp',
      properties: { decision: 'credit', workflowState: 'CREDIT' },
      jobType: 'do-t',
    });
    expect(process?.elements.get('b')).to.deep.include({ attachedTo: 'sp', errorCode: 'NO_STOCK', scope: 'P' });
    expect(process?.elements.get('c')?.calledProcessId).to.equal('child');
    expect(process?.elements.get('r')?.messageName).to.equal('paid');
    expect(process?.elements.get('d')?.decisionId).to.equal('level');
    expect(process?.expressions).to.deep.equal([
      { elementId: 'x.c', use: 'condition', expression: 'level = "high"', locals: [] },
      { elementId: 'r', use: 'message', expression: 'id', locals: [] },
      { elementId: 'd', use: 'input', expression: 'total - cost', locals: [] },
    ]);
  });

  it('every executable process of a file, and no other', async () => {
    const xml = b
      .bpmn(b.start('s'), b.user('t'), b.flow('s', 't'))
      .replace(
        '</bpmn:definitions>',
        '<bpmn:process id="Q" isExecutable="true"><bpmn:startEvent id="q"/></bpmn:process><bpmn:process id="R"/></bpmn:definitions>',
      );
    const error = (await compile(xml).catch((refused: unknown) => refused)) as DefinitionRefused;
    expect(error.findings.map(({ elementId }) => elementId)).to.deep.equal(['q']);
    const good = xml.replace('<bpmn:startEvent id="q"/>', b.start('q') + b.end('z') + b.flow('q', 'z'));
    expect((await compile(good)).map(({ processId }) => processId)).to.deep.equal(['P', 'Q']);
  });

  it('names all faults at once, each with its element', async () => {
    const found = await findings(
      b.bpmn(b.start('s'), b.element('serviceTask', { id: 't' }), b.element('userTask', { id: 'u' }), b.flow('s', 't', 'u')),
    );
    expect(found.map(({ elementId, rule }) => [elementId, rule])).to.deep.equal([
      ['t', 'job-type'],
      ['u', 'assignment'],
    ]);
    expect(found[0]?.message).to.equal('The service task has no job type (zeebe:taskDefinition), so no worker would do it.');
  });

  it('FEEL is checked by whoever knows FEEL', async () => {
    const xml = one(b.user('t'), b.xor('x', 'e'), b.flowIf('x', 't', '=1 +')).replace(
      b.flow('s', 't', 'e'),
      b.flow('s', 't', 'x', 'e'),
    );
    expect(await findings(xml, (feel) => (feel.endsWith('+') ? 'it ends too early' : null))).to.deep.equal([
      { elementId: 'x.t', rule: 'feel', message: 'The FEEL expression "1 +" is not valid: it ends too early.' },
    ]);
  });

  it('what was accepted once is compiled again without asking rules that may have come since', async () => {
    const xml = b.bpmn(b.start('s'), b.xor('x'), b.user('t'), b.flow('s', 'x', 't'), b.flowIf('x', 's2', '=a'), b.end('s2'));
    expect((await findings(xml)).map(({ rule }) => rule)).to.include('default-flow');
    const [process] = await compile(xml, { accepted: true });
    expect([...process!.elements.keys()]).to.deep.equal(['s', 'x', 't', 's2']);
  });

  it('accepts a cycle through a wait, and one through a sub-process that always waits', async () => {
    const through = (task: string) =>
      simple(b.xor('m'), task, b.xor('x', 'e'), b.flow('s', 'm', 't', 'x', 'e'), b.flowIf('x', 'm', '=again'));
    await compile(through(b.user('t')));
    await compile(through(b.sub('t', b.start('ts'), b.user('u'), b.flow('ts', 'u'))));
  });

  it('accepts 2,000 elements and refuses one more', async () => {
    const chain = (tasks: number) => {
      const ids = Array.from({ length: tasks }, (_, index) => `t${index}`);
      return b.bpmn(b.start('s'), b.end('e'), ...ids.map((id) => b.plain(id)), b.flow('s', ...ids, 'e'));
    };
    expect(await compile(chain(998))).to.have.lengthOf(1);
    expect((await findings(chain(999)))[0]?.rule).to.equal('size');
  });

  it('accepts what only documents: pools, lanes, annotations, data, pictures', async () => {
    const xml = b
      .bpmn(
        '<bpmn:laneSet id="ls"><bpmn:lane id="L"><bpmn:flowNodeRef>s</bpmn:flowNodeRef><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
        b.start('s'),
        b.user('t'),
        b.end('e'),
        b.flow('s', 't', 'e'),
        '<bpmn:dataObjectReference id="dr" dataObjectRef="do"/><bpmn:dataObject id="do"/>',
        '<bpmn:textAnnotation id="n"><bpmn:text>note</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="t" targetRef="n"/>',
      )
      .replace(
        '<bpmn:process',
        '<bpmn:collaboration id="C"><bpmn:participant id="Us" processRef="P"/><bpmn:participant id="Them"/><bpmn:messageFlow id="mf" sourceRef="t" targetRef="Them"/></bpmn:collaboration><bpmn:process',
      );
    const [process] = await compile(xml);
    expect([...(process?.elements.keys() ?? [])]).to.deep.equal(['s', 't', 'e']);
    const life = await Life.begin(xml);
    await life.complete('t');
    life.ended();
  });
});
