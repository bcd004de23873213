import { expect } from 'chai';
import fc from 'fast-check';
import { addWorkingTime, hourMs, isWorkingDay, type WorkingCalendar } from '../../src/domain/calendar.ts';

const calendar = (weekendDays: readonly number[] = [6, 7], ...holidays: string[]): WorkingCalendar => ({
  weekendDays,
  holidays: new Set(holidays),
});
const iso = (text: string, hours: number, of = calendar()): string => addWorkingTime(new Date(text), hours, of).toISOString();

describe('working time', () => {
  it('runs all day long on working days and stands still on others', () => {
    expect(iso('2026-11-23T10:00:00Z', 24), 'Monday to Tuesday').to.equal('2026-11-24T10:00:00.000Z');
    expect(iso('2026-11-27T10:00:00Z', 24), 'Friday to Monday').to.equal('2026-11-30T10:00:00.000Z');
    expect(iso('2026-11-28T10:00:00Z', 1), 'begun on a Saturday').to.equal('2026-11-30T01:00:00.000Z');
    expect(iso('2026-11-27T23:00:00Z', 1), 'what ends with the week ends with the week').to.equal('2026-11-28T00:00:00.000Z');
    expect(iso('2026-12-23T12:00:00Z', 48, calendar([6, 7], '2026-12-24', '2026-12-25'))).to.equal('2026-12-29T12:00:00.000Z');
    expect(iso('2026-11-23T10:00:00Z', 720), '30 working days').to.equal('2027-01-04T10:00:00.000Z');
    expect(iso('2026-11-28T10:00:00Z', 0), 'nothing takes no time').to.equal('2026-11-28T10:00:00.000Z');
  });

  it('a calendar without a working day is refused', () => {
    expect(() => addWorkingTime(new Date('2026-11-23T10:00:00Z'), 1, calendar([1, 2, 3, 4, 5, 6, 7]))).to.throw(RangeError);
  });

  const days = fc.integer({ min: 0, max: 400 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
  const calendars = fc.record({
    weekendDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 5 }),
    holidays: fc.uniqueArray(days, { maxLength: 40 }).map((all) => new Set(all)),
  });
  const starts = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true });
  const hours = fc.integer({ min: 0, max: 24 * 60 });

  /** Counted minute by minute, with nothing in common with the function but the question which day works. */
  const workedMinutes = (from: Date, to: Date, of: WorkingCalendar): number => {
    let minutes = 0;
    for (let at = from.getTime(); at < to.getTime(); at += 60_000) if (isWorkingDay(new Date(at), of)) minutes++;
    return minutes;
  };

  it('there are just so many hours of working days in between (property)', () => {
    const wholeMinutes = starts.map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000));
    fc.assert(
      fc.property(wholeMinutes, fc.integer({ min: 0, max: 200 }), calendars, (start, n, of) => {
        const end = addWorkingTime(start, n, of);
        expect(workedMinutes(start, end, of)).to.equal(n * 60);
        // and the last moment before the end was worked, or nothing was to be done
        expect(n === 0 || isWorkingDay(new Date(end.getTime() - 1), of)).to.equal(true);
      }),
      { numRuns: 100 },
    );
  });

  it('hours can be added in parts, more hours end later, and a holiday never brings an end forward (property)', () => {
    fc.assert(
      fc.property(starts, hours, hours, calendars, days, (start, first, second, of, day) => {
        const whole = addWorkingTime(start, first + second, of);
        expect(addWorkingTime(addWorkingTime(start, first, of), second, of).getTime()).to.equal(whole.getTime());
        expect(whole.getTime() - start.getTime()).to.be.at.least((first + second) * hourMs);
        const more = { ...of, holidays: new Set([...of.holidays, day]) };
        expect(addWorkingTime(start, first, more).getTime()).to.be.at.least(addWorkingTime(start, first, of).getTime());
      }),
      { numRuns: 300 },
    );
  });
});
