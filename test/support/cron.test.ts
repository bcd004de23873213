import { expect } from 'chai';
import { nextCron, parseCron } from '../../src/support/cron.ts';

/** The next `count` firings after an instant, up to the minute. */
const firings = (text: string, after: string, count: number, zone = 'UTC'): string => {
  const cron = parseCron(text);
  const found: string[] = [];
  for (let at = Date.parse(after), n = 0; n < count; n++) {
    at = nextCron(cron, at, zone);
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found.join(' ');
};

describe('cron', () => {
  it('six fields that all have to match, as Camunda 8 and Spring write them', () => {
    const from = '2026-01-01T00:00:00Z';
    for (const [text, expected] of [
      [
        '0 0 9-17/4 * * MON-FRI',
        '2026-01-01T09:00 2026-01-01T13:00 2026-01-01T17:00 2026-01-02T09:00 2026-01-02T13:00 2026-01-02T17:00 2026-01-05T09:00',
      ],
      ['0 0/20 8,20 1 1 ?', '2026-01-01T08:00 2026-01-01T08:20 2026-01-01T08:40 2026-01-01T20:00'],
      ['0 0 12 13 * FRI', '2026-02-13T12:00 2026-03-13T12:00 2026-11-13T12:00'],
      ['0 0 0 29 2 *', '2028-02-29T00:00 2032-02-29T00:00'],
      ['0 0 0 29 FEB MON', '2044-02-29T00:00'],
      ['0 0 0 L * *', '2026-01-31T00:00 2026-02-28T00:00 2026-03-31T00:00'],
      ['0 0 0 L-3 * *', '2026-01-28T00:00 2026-02-25T00:00'],
      ['0 0 0 LW * *', '2026-01-30T00:00 2026-02-27T00:00 2026-03-31T00:00'],
      ['0 0 0 1W * *', '2026-02-02T00:00 2026-03-02T00:00 2026-04-01T00:00'],
      ['0 0 0 15W * *', '2026-01-15T00:00 2026-02-16T00:00 2026-03-16T00:00'],
      ['0 0 0 ? * 5L', '2026-01-30T00:00 2026-02-27T00:00'],
      ['0 0 0 ? * MON#2', '2026-01-12T00:00 2026-02-09T00:00'],
      ['0 0 0 * * FRI-SUN', '2026-01-02T00:00 2026-01-03T00:00 2026-01-04T00:00 2026-01-09T00:00'],
      ['0 0 0 * * 7', '2026-01-04T00:00 2026-01-11T00:00'],
      ['@daily', '2026-01-02T00:00 2026-01-03T00:00'],
      ['@hourly', '2026-01-01T01:00 2026-01-01T02:00'],
      ['@weekly', '2026-01-04T00:00'],
      ['@monthly', '2026-02-01T00:00'],
      ['@yearly', '2027-01-01T00:00'],
    ] as const) {
      expect(firings(text, from, expected.split(' ').length), text).to.equal(expected);
    }
    expect(nextCron(parseCron('*/10 * * * * *'), Date.parse('2026-01-01T00:00:00.500Z'), 'UTC')).to.equal(
      Date.parse('2026-01-01T00:00:10Z'),
    );
  });

  it('a time that clocks skip fires once, when they have gone forward', () => {
    const spring = '2026-03-28T12:00:00Z'; // 29 March, 02:00 to 03:00 in Berlin is not there
    expect(firings('0 30 2 * * *', spring, 2, 'Europe/Berlin')).to.equal('2026-03-29T01:00 2026-03-30T00:30');
    expect(firings('0 0/15 2 * * *', spring, 2, 'Europe/Berlin')).to.equal('2026-03-29T01:00 2026-03-30T00:00');
    expect(firings('0 0 9 * * *', spring, 2, 'Europe/Berlin')).to.equal('2026-03-29T07:00 2026-03-30T07:00');
  });

  it('a time that clocks show twice fires once, the first time', () => {
    const autumn = '2026-10-24T12:00:00Z'; // 25 October, 02:00 to 03:00 in Berlin is there twice
    expect(firings('0 30 2 * * *', autumn, 2, 'Europe/Berlin')).to.equal('2026-10-25T00:30 2026-10-26T01:30');
    expect(firings('0 30 1-3 * * *', '2026-10-24T23:00:00Z', 3, 'Europe/Berlin')).to.equal(
      '2026-10-24T23:30 2026-10-25T00:30 2026-10-25T02:30',
    );
    expect(firings('0 30 2 * * *', '2026-10-25T01:00:00Z', 1, 'Europe/Berlin'), 'from within the second pass').to.equal(
      '2026-10-26T01:30',
    );
  });

  it('what fires every hour goes by the time that passes: it leaves nothing out and doubles nothing when clocks are changed', () => {
    for (const [text, stepMs] of [
      ['0 0/30 * * * *', 1800_000],
      ['0 15 * * * *', 3600_000],
    ] as const) {
      for (const begin of ['2026-03-28T20:15:00Z', '2026-10-24T20:15:00Z']) {
        let at = nextCron(parseCron(text), Date.parse(begin), 'Europe/Berlin');
        for (let n = 0; n < 30; n++) {
          const next = nextCron(parseCron(text), at, 'Europe/Berlin');
          expect(next - at, `${text} after ${new Date(at).toISOString()}`).to.equal(stepMs);
          at = next;
        }
      }
    }
  });

  it('answers in zones with half hours, south of the equator, and with an offset', () => {
    expect(firings('0 0 9 * * *', '2026-06-01T00:00:00Z', 1, 'Asia/Kolkata')).to.equal('2026-06-01T03:30');
    expect(firings('0 0 9 * * *', '2026-10-03T00:00:00Z', 2, 'Australia/Sydney')).to.equal('2026-10-03T22:00 2026-10-04T22:00');
    expect(firings('0 0 9 * * *', '2026-06-01T00:00:00Z', 1, '-05:00')).to.equal('2026-06-01T14:00');
  });

  it('says what is wrong with anything else', () => {
    for (const [text, message] of [
      ['0 0 * * *', 'six fields (second minute hour day month weekday), this has 5; put the seconds in front'],
      ['0 0 25 * * *', '"25" is no hour'],
      ['0 60 * * * *', '"60" is no minute'],
      ['0 0 0 * * FOO', '"FOO" is no day of the week'],
      ['0 0 0 * 13 *', '"13" is no month'],
      ['0 0 0 32 * *', '"32" is no day of the month'],
      ['0 0 9-8 * * *', '"9-8" is no hour'],
      ['0 0 */0 * * *', '"*/0" is no hour'],
      ['? * * * * *', '"?" is no second'],
      ['@sometimes', 'six fields'],
    ] as const) {
      expect(() => parseCron(text), text).to.throw(RangeError, message);
    }
    expect(() => nextCron(parseCron('0 0 0 30 2 *'), 0, 'UTC')).to.throw(RangeError, 'never matches');
  });
});
