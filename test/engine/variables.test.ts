import { expect } from 'chai';
import { StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, rejection } from './life.ts';

const one = (task: string): string => b.bpmn(b.start('s'), task, b.end('e'), b.flow('s', 't', 'e'));

describe('engine: variables', () => {
  it('results replace members of the same name', async () => {
    const life = await Life.begin(one(b.job('t')), { variables: { a: { x: 1 }, b: 2 } });
    await life.complete('t', { a: { y: 1 } });
    expect(life.last.variables).to.deep.equal({ a: { y: 1 }, b: 2 });
  });

  it('output mappings take over what they map, and nothing else', async () => {
    const task = b.job('t', b.io({ output: { 'sale.total': '=sum', 'fresh.deep.er': '=1', copy: '=sale.total' } }));
    const life = await Life.begin(one(task), { variables: { sale: { id: 's', total: 0 } } });
    await life.complete('t', { sum: 12, noise: true });
    expect(life.last.variables).to.deep.equal({ sale: { id: 's', total: 12 }, fresh: { deep: { er: 1 } }, copy: 12 });
  });

  it('output mappings of a timer hold once it has fired, also of one behind an event-based gateway', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.eventGateway('g'),
      b.caught('t', b.duration('PT1H'), b.io({ output: { 'window.open': '=false' } })),
      b.message('M', '=order.id'),
      b.caught('m', b.onMessage('M')),
      b.user('after'),
      b.end('e'),
      b.flow('s', 'g', 't', 'after', 'e'),
      b.flow('g', 'm', 'after'),
    );
    const life = await Life.begin(xml, { variables: { window: { id: 'w', open: true }, order: { id: 'o' } } });
    await life.timer('t');
    expect(life.last.variables['window']).to.deep.equal({ id: 'w', open: false });
  });

  it('a mapping target inside something that is no object fails the step', async () => {
    const life = await Life.begin(one(b.job('t', b.io({ output: { 'sale.total': '=1' } }))), { variables: { sale: 'text' } });
    const error = await rejection(life.complete('t'));
    expect(error).to.be.instanceOf(StepFailed);
    expect(error.message).to.equal('t: sale.total cannot be set, because sale is "text" and not an object');
  });

  it('input mappings are evaluated when the wait opens, each seeing the ones before', async () => {
    const task = b.job('t', b.io({ input: { 'order.id': '=sale.id', net: '=sale.total - 1', twice: '=net * 2', fixed: 'EUR' } }));
    const life = await Life.begin(one(task), { variables: { sale: { id: 's', total: 3 } } });
    expect(life.wait('t').input).to.deep.equal({ order: { id: 's' }, net: 2, twice: 4, fixed: 'EUR' });
    expect(life.last.variables).to.deep.equal({ sale: { id: 's', total: 3 } });
  });

  it('without mappings a wait has no input of its own', async () => {
    expect((await Life.begin(one(b.job('t')))).wait('t')).not.to.have.property('input');
  });

  it('the variables of a command are in force before the token moves', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.user('t'),
      b.xor('x', 'e'),
      b.user('n'),
      b.end('e'),
      b.flow('s', 't', 'x', 'e'),
      b.flowIf('x', 'n', '=ok'),
    );
    const life = await Life.begin(xml, { variables: { ok: false } });
    await life.complete('t', { ok: true });
    expect(life.open).to.deep.equal(['n']);
  });

  it('variables that have the names of engine fields are just variables', async () => {
    const variables = { content: 1, fields: 2, properties: 3, environment: 4, inbound: 5, id: 6 };
    const life = await Life.begin(one(b.job('t')), { variables });
    await life.complete('t', { executionId: 'x' });
    expect(life.last.variables).to.deep.equal({ ...variables, executionId: 'x' });
  });

  it('a write inside a sub-process is seen outside', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.sub('sp', b.start('ss'), b.user('t'), b.flow('ss', 't')),
      b.xor('x', 'e'),
      b.user('n'),
      b.end('e'),
      b.flow('s', 'sp', 'x', 'e'),
      b.flowIf('x', 'n', '=total = 99'),
    );
    const life = await Life.begin(xml, { variables: { total: 1 } });
    await life.complete('sp/t', { total: 99 });
    expect(life.open).to.deep.equal(['n']);
  });
});
