import { expect } from 'chai';
import { dueTimer } from '../../src/engine/timers.ts';
import { StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { Life, rejection } from './life.ts';

const now = new Date('2026-01-31T12:00:00.000Z');

describe('engine: timers', () => {
  it('durations, dates and repetitions in UTC', () => {
    const due = (type: 'timeDate' | 'timeDuration' | 'timeCycle', text: string) => dueTimer(type, text, now);
    expect(due('timeDuration', 'PT90S').dueAt).to.equal('2026-01-31T12:01:30.000Z');
    expect(due('timeDuration', 'P30D').dueAt).to.equal('2026-03-02T12:00:00.000Z');
    expect(due('timeDuration', 'P1Y').dueAt).to.equal('2027-01-31T12:00:00.000Z');
    expect(due('timeDuration', 'PT0S').dueAt).to.equal('2026-01-31T12:00:00.000Z');
    expect(due('timeDate', '2026-05-01T12:00:00+02:00').dueAt).to.equal('2026-05-01T10:00:00.000Z');
    expect(due('timeDate', '2026-05-01').dueAt).to.equal('2026-05-01T00:00:00.000Z');
    expect(due('timeCycle', 'R3/PT1H')).to.deep.equal({ dueAt: '2026-01-31T13:00:00.000Z', repeat: 2, interval: 'PT1H' });
    expect(due('timeCycle', 'R/P1D')).to.deep.equal({ dueAt: '2026-02-01T12:00:00.000Z', repeat: -1, interval: 'P1D' });
  });

  it('other text is refused with a sentence', () => {
    for (const [type, text] of [
      ['timeDuration', 'soon'],
      ['timeDuration', ''],
      ['timeDate', '2026-13-01'],
      ['timeCycle', '0 0 * * *'],
      ['timeCycle', 'PT1H/'],
    ] as const) {
      expect(() => dueTimer(type, text, now), text).to.throw(RangeError, 'is not an ISO 8601');
    }
  });

  const xml = (definition: string) => b.bpmn(b.start('s'), b.caught('t', definition), b.user('u'), b.flow('s', 't', 'u'));

  it('an overdue timer does not fire by itself', async () => {
    const life = await Life.begin(
      b.bpmn(
        b.start('s'),
        b.user('u'),
        b.boundary('b', 'u', b.date('2020-01-01T00:00:00Z')),
        b.user('n'),
        b.end('e'),
        b.flow('s', 'u', 'n'),
        b.flow('b', 'e'),
      ),
    );
    expect(life.open).to.deep.equal(['b', 'u']);
    await life.complete('u');
    expect(life.open).to.deep.equal(['n']);
  });

  it('a duration of 30 days and more is an ordinary due date', async () => {
    expect((await Life.begin(xml(b.duration('P400D')))).wait('t').timer?.dueAt).to.equal('2027-02-05T12:00:00.000Z');
  });

  it('the due date is asked for once, when the timer opens', async () => {
    const diagram = b.bpmn(
      b.start('s'),
      b.user('u'),
      b.boundary('b', 'u', b.duration('=sla'), false),
      b.user('n'),
      b.end('e'),
      b.flow('s', 'u', 'n'),
      b.flow('b', 'e'),
    );
    const life = await Life.begin(diagram, { variables: { sla: 'PT1H' } });
    expect(life.wait('b').timer).to.deep.equal({ dueAt: '2026-01-01T13:00:00.000Z' });
    await life.do({ type: 'variables', variables: { sla: 'PT9H' } });
    expect(life.last.opened).to.deep.equal([]);
    expect(life.last.asked).to.deep.equal([]);
    await life.timer('b');
    await life.complete('u');
    expect(life.last.asked).to.deep.equal([]);
  });

  it('an expression that gives no time fails the step', async () => {
    const error = await rejection(Life.begin(xml(b.duration('=sla')), { variables: { sla: 'tomorrow' } }));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 't');
    expect(error.message).to.equal('t: "tomorrow" is not an ISO 8601 duration, such as PT30M or P14D');
  });
});
