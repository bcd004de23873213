import type { WorkingCalendar } from '../domain/calendar.ts';
import { ImpossibleState } from '../support/errors.ts';
import type { Reader } from './reader.ts';

/** The one calendar there is, since a deployment serves one company; more of them need no other schema. */
export const companyCalendar = 'company';

/** The working days of a calendar as they are now. */
export async function readWorkingCalendar(reader: Reader, id: string): Promise<WorkingCalendar> {
  const [row] = await reader.query<{ weekendDays: number[]; holidays: string[] }>(
    `select weekend_days as "weekendDays",
            array(select date::text from orderflow.calendar_holiday where calendar_id = c.id) as holidays
       from orderflow.calendar c where id = $1`,
    [id],
  );
  if (!row) throw new ImpossibleState(`there is no calendar ${id}`);
  return { weekendDays: row.weekendDays, holidays: new Set(row.holidays) };
}
