import { expect } from 'chai';
import fc from 'fast-check';
import { addDuration, parseDuration, parseInstant } from '../../src/support/iso-time.ts';
import { instantAt, isTimeZone, wallTimeAt } from '../../src/support/time-zone.ts';

describe('ISO 8601 dates and durations', () => {
  it('dates with offset, zone, both, or neither', () => {
    for (const [text, zone, expected] of [
      ['2026-05-01T12:00:00Z', 'Europe/Berlin', '2026-05-01T12:00:00.000Z'],
      ['2026-05-01T12:00:00+02:00', 'UTC', '2026-05-01T10:00:00.000Z'],
      ['2026-05-01T12:00:00+02:00[Europe/Berlin]', 'UTC', '2026-05-01T10:00:00.000Z'],
      ['2026-05-01T12:00:00[America/New_York]', 'UTC', '2026-05-01T16:00:00.000Z'],
      ['2026-05-01T12:00@Asia/Kolkata', 'UTC', '2026-05-01T06:30:00.000Z'],
      ['2026-05-01', 'Europe/Berlin', '2026-04-30T22:00:00.000Z'],
      ['2026-05-01T12:00:00.123456', 'UTC', '2026-05-01T12:00:00.123Z'],
      ['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'], // skipped: an hour later
      ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'], // twice: the first
      ['2026-10-25T02:30:00+01:00[Europe/Berlin]', 'UTC', '2026-10-25T01:30:00.000Z'], // the offset says which
    ] as const) {
      expect(parseInstant(text, zone).toISOString(), text).to.equal(expected);
    }
  });

  it('what is no date of the calendar is refused, not turned into another', () => {
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '2026-01-01T24:30:00',
      '2026-01-01T10:60',
      '26-01-01',
      '2026-W05',
      'tomorrow',
      '',
    ])
      expect(() => parseInstant(text, 'UTC'), text).to.throw(RangeError);
    for (const text of ['P', 'PT', 'P1S', '1D', '-P1D', 'P-1D', 'P1DT', 'PT1D', 'P1.5D', 'p1d'])
      expect(() => parseDuration(text), text).to.throw(RangeError);
  });

  it('months end where they end, also in leap years and backwards over years', () => {
    const later = (start: string, duration: string, times = 1) =>
      addDuration(new Date(start), parseDuration(duration), times, 'UTC').toISOString().slice(0, 10);
    expect(later('2026-01-31', 'P1M')).to.equal('2026-02-28');
    expect(later('2028-01-31', 'P1M')).to.equal('2028-02-29');
    expect(later('2028-02-29', 'P1Y')).to.equal('2029-02-28');
    expect(later('2026-01-31', 'P1M', 13)).to.equal('2027-02-28');
    expect(later('2026-10-31', 'P4M')).to.equal('2027-02-28');
    expect(later('2026-01-30', 'P1M1D')).to.equal('2026-03-01');
    expect(later('2026-01-01', 'P2W')).to.equal('2026-01-15');
  });

  it('a wall clock and back is the same instant, but for the hour that is shown twice', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
      'UTC',
      '+05:45',
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom(...zones), (second, zone) => {
        const wall = wallTimeAt(second * 1000, zone);
        const back = instantAt(wall, zone);
        expect(wallTimeAt(back, zone)).to.equal(wall);
        expect(back).to.be.at.most(second * 1000);
      }),
      { numRuns: 500 },
    );
  });

  it('knows which time zones there are', () => {
    expect(['Europe/Berlin', 'UTC', 'Z', '+02:00', 'America/Argentina/Buenos_Aires'].filter(isTimeZone)).to.have.length(5);
    expect(['Berlin', '', '+2', 'Europe/Nowhere', '12'].filter(isTimeZone)).to.deep.equal([]);
  });
});
