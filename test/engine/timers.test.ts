import { expect } from 'chai';
import { dueTimer, maximumCaughtUp, nextDue } from '../../src/engine/timers.ts';
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
    const interval = (each: string) => `2026-01-31T12:00:00.000Z/${each}`;
    expect(due('timeCycle', 'R3/PT1H')).to.deep.equal({
      dueAt: '2026-01-31T13:00:00.000Z',
      repeat: 2,
      interval: interval('PT1H'),
    });
    expect(due('timeCycle', 'R/P1D')).to.deep.equal({ dueAt: '2026-02-01T12:00:00.000Z', repeat: -1, interval: interval('P1D') });
    expect(due('timeCycle', '0 0 9 * * MON-FRI')).to.deep.equal({
      dueAt: '2026-02-02T09:00:00.000Z',
      repeat: -1,
      interval: '0 0 9 * * MON-FRI',
    });
  });

  it('a repetition with a start begins there; of one that has begun only what lies ahead is left; one that is over fires once', () => {
    const due = (text: string) => {
      const { dueAt, repeat } = dueTimer('timeCycle', text, now);
      return [dueAt, repeat];
    };
    expect(due('R3/2026-02-28T08:00:00Z/P1M')).to.deep.equal(['2026-02-28T08:00:00.000Z', 2]);
    expect(due('R5/2026-01-29T08:00:00Z/P1D')).to.deep.equal(['2026-02-01T08:00:00.000Z', 1]);
    expect(due('R/2025-01-31T12:00:00Z/P1M')).to.deep.equal(['2026-01-31T12:00:00.000Z', -1]);
    expect(due('R3/2026-01-01T00:00:00Z/PT1H')).to.deep.equal(['2026-01-01T02:00:00.000Z', 0]);
  });

  it('a month after the last day of a month is the last day of the next, and the grid does not forget the 31st', () => {
    expect(dueTimer('timeDuration', 'P1M', now).dueAt).to.equal('2026-02-28T12:00:00.000Z');
    const { dueAt, interval = '' } = dueTimer('timeCycle', 'R/P1M', now);
    const dues = [dueAt];
    for (let n = 0; n < 3; n++) dues.push(nextDue(interval, new Date(dues.at(-1)!), new Date(dues.at(-1)!)).toISOString());
    expect(dues.map((at) => at.slice(0, 10))).to.deep.equal(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  });

  it('days, months and local times are those of the time zone, and keep their hour when clocks are changed; hours are exact', () => {
    const timeZone = 'Europe/Berlin';
    const due = (type: 'timeDate' | 'timeDuration' | 'timeCycle', text: string, at: string) =>
      dueTimer(type, text, new Date(at), { timeZone }).dueAt;
    expect(due('timeDate', '2026-07-01T09:00:00', '2026-01-01T00:00:00Z')).to.equal('2026-07-01T07:00:00.000Z');
    expect(due('timeDate', '2026-07-01T09:00:00Z', '2026-01-01T00:00:00Z')).to.equal('2026-07-01T09:00:00.000Z');
    expect(due('timeDuration', 'P1D', '2026-03-28T11:00:00Z')).to.equal('2026-03-29T10:00:00.000Z');
    expect(due('timeDuration', 'PT24H', '2026-03-28T11:00:00Z')).to.equal('2026-03-29T11:00:00.000Z');
    expect(due('timeDuration', 'P1D', '2026-10-24T10:00:00Z')).to.equal('2026-10-25T11:00:00.000Z');
    expect(due('timeCycle', 'R/P1D', '2026-03-28T01:30:00Z')).to.equal('2026-03-29T01:30:00.000Z'); // 02:30 is skipped: 03:30
    expect(due('timeCycle', '0 0 9 * * *', '2026-03-28T09:00:00Z')).to.equal('2026-03-29T07:00:00.000Z');
  });

  it('a late firing does not move the grid; what was missed is made up for once, all of it up to a bound, or as far as that goes', () => {
    const { dueAt, interval = '' } = dueTimer('timeCycle', 'R/PT1H', now); // 13:00, 14:00 ...
    const back = new Date('2026-01-31T18:20:00.000Z');
    const next = (catchUp: 'one' | 'all' | 'none', previous = dueAt) => nextDue(interval, new Date(previous), back, { catchUp });
    expect(next('one').toISOString()).to.equal('2026-01-31T19:00:00.000Z');
    expect(next('none').toISOString()).to.equal('2026-01-31T19:00:00.000Z');
    const all = [dueAt];
    while (new Date(all.at(-1)!) <= back) all.push(next('all', all.at(-1)).toISOString());
    expect(all.map((at) => at.slice(11, 13))).to.deep.equal(['13', '14', '15', '16', '17', '18', '19']);
    for (const text of [interval, '0 0 * * * *', '* * 9 * * *']) {
      const year = new Date('2027-01-31T18:20:00.000Z');
      let made = 0;
      for (let at = nextDue(text, new Date(dueAt), year, { catchUp: 'all' }); at <= year; made++) {
        at = nextDue(text, at, year, { catchUp: 'all' });
      }
      expect(made, text).to.equal(maximumCaughtUp);
    }
  });

  it('other text is refused with a sentence', () => {
    for (const [type, text] of [
      ['timeDuration', 'soon'],
      ['timeDuration', ''],
      ['timeDate', '2026-13-01'],
      ['timeCycle', '0 0 * * *'],
      ['timeCycle', '0 0 0 30 2 *'],
      ['timeCycle', 'R/PT0S'],
      ['timeCycle', 'R/PT0.5S'],
      ['timeCycle', 'R1000000000/PT1H'],
      ['timeCycle', 'R0/PT1H'],
      ['timeDuration', '-PT5M'],
      ['timeDate', '2026-02-29'],
      ['timeDate', '2026-05-01T12:00:00[Europe/Nowhere]'],
      ['timeCycle', 'PT1H/'],
    ] as const) {
      expect(() => dueTimer(type, text, now), text).to.throw(RangeError, 'is not an ISO 8601');
    }
  });

  it('a time zone that there is not, and a time beyond the year 9000, are refused', () => {
    expect(() => dueTimer('timeDuration', 'P1D', now, { timeZone: 'Berlin' })).to.throw(RangeError, 'no time zone "Berlin"');
    expect(() => dueTimer('timeDuration', 'P7000Y', now)).to.throw(RangeError, 'beyond the year 9000');
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
    expect(life.wait('b').timer).to.deep.equal({ dueAt: '2026-01-01T13:00:00.000Z', duration: 'PT1H' });
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
