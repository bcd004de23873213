import type { WorkingCalendar } from '../domain/calendar.ts';
import { ImpossibleState } from '../support/errors.ts';
import type { Reader } from './reader.ts';

/** The calendar of commercial periods; timers may name others. */
export const companyCalendar = 'company';

/** The working days of a calendar as they are now. */
export async function readWorkingCalendar(reader: Reader, id: string): Promise<WorkingCalendar> {
  const [row] = await reader.query<{ timeZone: string; weekendDays: number[]; holidays: string[] }>(
    `select time_zone as "timeZone", weekend_days as "weekendDays",
            array(select date::text from orderflow.calendar_holiday where calendar_id = c.id) as holidays
       from orderflow.calendar c where id = $1`,
    [id],
  );
  if (!row) throw new ImpossibleState(`there is no calendar ${id}`);
  return { timeZone: row.timeZone, weekendDays: row.weekendDays, holidays: new Set(row.holidays) };
}
