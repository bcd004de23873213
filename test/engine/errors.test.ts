import { expect } from 'chai';
import * as b from '../helpers/bpmn-builder.ts';
import { Life } from './life.ts';

const errors = [b.error('E1', 'NO_STOCK'), b.error('E2', 'REJECTED')];

describe('engine: BPMN errors', () => {
  const coded = b.bpmn(
    ...errors,
    b.start('s'),
    b.job('t'),
    b.boundary('any', 't', b.onError()),
    b.boundary('b1', 't', b.onError('E1')),
    b.boundary('b2', 't', b.onError('E2')),
    b.user('u0'),
    b.user('u1'),
    b.user('u2'),
    b.end('e'),
    b.flow('s', 't', 'e'),
    b.flow('any', 'u0', 'e'),
    b.flow('b1', 'u1', 'e'),
    b.flow('b2', 'u2', 'e'),
  );

  it('a job error goes to the boundary event with its code, and to no other', async () => {
    const life = await Life.begin(coded);
    await life.error('t', 'REJECTED', { reason: 'bad' });
    expect(life.open).to.deep.equal(['u2']);
    expect(life.last.variables).to.deep.equal({ reason: 'bad' });
    expect(life.last.trail.map(({ event, elementId }) => `${event} ${elementId}`)).to.deep.equal([
      'error t',
      'enter b2',
      'leave t',
      'leave b2',
      'take b2.u2',
      'enter u2',
    ]);
    await life.complete('u2');
    life.ended();
  });

  it('a code that no boundary event names goes to the one that catches every error', async () => {
    const life = await Life.begin(coded);
    await life.error('t', 'SOMETHING_ELSE');
    expect(life.open).to.deep.equal(['u0']);
  });

  it('an error boundary event is not an open wait', async () => {
    expect((await Life.begin(coded)).open).to.deep.equal(['t']);
  });

  it('an error that nothing catches ends the process as failed, and says which error and where', async () => {
    const life = await Life.begin(b.bpmn(b.start('s'), b.job('t'), b.end('e'), b.flow('s', 't', 'e')), { variables: { a: 1 } });
    await life.error('t', 'NO_STOCK');
    const { status, state, error, variables, closed } = life.last;
    expect({ status, state, error, open: life.open }).to.deep.equal({
      status: 'failed',
      state: null,
      error: { code: 'NO_STOCK', message: 'told so', elementId: 't' },
      open: [],
    });
    expect(variables).to.deep.equal({ a: 1 });
    expect(closed.map(({ slot }) => slot)).to.deep.equal(['t']);
  });

  const nested = b.bpmn(
    ...errors,
    b.start('s'),
    b.sub(
      'outer',
      b.start('os'),
      b.sub('inner', b.start('is'), b.and('p'), b.job('t'), b.user('v'), b.flow('is', 'p', 't'), b.flow('p', 'v')),
      b.boundary('b2', 'inner', b.onError('E2')),
      b.end('oe'),
      b.flow('os', 'inner', 'oe'),
      b.flow('b2', 'oe'),
    ),
    b.boundary('b1', 'outer', b.onError('E1')),
    b.user('x'),
    b.end('e'),
    b.flow('s', 'outer', 'e'),
    b.flow('b1', 'x', 'e'),
  );

  it('an error passes through sub-processes up to the one that catches it', async () => {
    const life = await Life.begin(nested);
    expect(life.open).to.deep.equal(['outer/inner/t', 'outer/inner/v']);
    await life.error('outer/inner/t', 'NO_STOCK');
    expect(life.open).to.deep.equal(['x']);
    const other = await Life.begin(nested);
    await other.error('outer/inner/t', 'REJECTED');
    other.ended();
    expect(other.entered).to.deep.equal(['b2', 'oe', 'e']);
  });

  it('an error end event takes its sub-process to the boundary event, with everything else in it', async () => {
    const xml = b.bpmn(
      ...errors,
      b.start('s'),
      b.sub(
        'sp',
        b.start('ss'),
        b.and('p'),
        b.user('t'),
        b.user('v'),
        b.boundary('late', 'v', b.duration('P1D')),
        b.end('fail', b.onError('E1')),
        b.flow('ss', 'p', 't', 'fail'),
        b.flow('p', 'v'),
        b.flow('late', 'fail'),
      ),
      b.boundary('b', 'sp', b.onError('E1')),
      b.user('x'),
      b.end('e'),
      b.flow('s', 'sp', 'e'),
      b.flow('b', 'x', 'e'),
    );
    const life = await Life.begin(xml);
    await life.complete('sp/t');
    expect(life.open).to.deep.equal(['x']);
    expect(life.last.closed.map(({ slot, how }) => `${slot} ${how}`)).to.deep.equal([
      'sp/late cancelled',
      'sp/t completed',
      'sp/v cancelled',
    ]);
    expect(life.last.trail.filter(({ event }) => event === 'error')).to.deep.equal([
      { event: 'error', elementId: 'fail', elementType: 'bpmn:EndEvent' },
    ]);
    await life.complete('x');
    life.ended();
    const late = await Life.begin(xml);
    await late.timer('sp/late');
    expect(late.open).to.deep.equal(['x']);
  });
});
