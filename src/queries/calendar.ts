import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

type Revised = JsonObject & { readonly revision: number };

const calendar = `jsonb_build_object('id', id, 'name', name, 'weekendDays', weekend_days, 'timeZone', time_zone, 'revision', revision,
  'holidays', (select coalesce(jsonb_agg(jsonb_build_object('date', date, 'name', h.name) order by date), '[]')
                 from orderflow.calendar_holiday h where h.calendar_id = c.id))`;

/** A calendar with its holidays by date. @throws Problem not-found */
export async function readCalendar(reader: Reader, id: string): Promise<Revised> {
  const [row] = await reader.query<{ calendar: Revised }>(
    `select ${calendar} as calendar from orderflow.calendar c where id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no calendar ${id}.`);
  return row.calendar;
}

/** Every calendar, by id. */
export async function readCalendars(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ calendar: JsonObject }>(
    `select ${calendar} as calendar from orderflow.calendar c order by id`,
  );
  return rows.map((row) => row.calendar);
}

const period = `jsonb_build_object('name', name, 'workingHours', working_hours, 'description', description, 'revision', revision)`;

/** The periods that analysts may change. */
export async function readCommercialPeriods(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ period: JsonObject }>(
    `select ${period} as period from orderflow.commercial_period order by name`,
  );
  return rows.map((row) => row.period);
}

/** @throws Problem not-found */
export async function readCommercialPeriod(reader: Reader, name: string): Promise<Revised> {
  const [row] = await reader.query<{ period: Revised }>(
    `select ${period} as period from orderflow.commercial_period where name = $1`,
    [name],
  );
  if (!row) throw new Problem('not-found', `There is no commercial period ${name}.`);
  return row.period;
}
