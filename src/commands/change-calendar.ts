import { wake } from '../persistence/messages.ts';
import { lockCalendar, lockDeadlineInstances, replanDeadlines } from '../persistence/replanning.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { replanTimers } from '../persistence/working-time.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readCalendar, readCommercialPeriod } from '../queries/calendar.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { isTimeZone } from '../support/time-zone.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import type { Deps, Performed, Request } from './unit.ts';

type Asked = Omit<Request, 'name' | 'payload'>;

const sorted = (days: readonly number[]): number[] => days.toSorted((a, b) => a - b);

/** Makes a calendar that timers can name (property `calendar`). @throws Problem forbidden, reference-reused */
export const createCalendar = (
  deps: Deps,
  request: Asked,
  input: { readonly id: string; readonly name: string; readonly weekendDays: readonly number[]; readonly timeZone?: string },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'create a calendar', payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['change the calendar'], 'change the calendar');
    const { id, name, weekendDays, timeZone = 'UTC' } = input;
    refuseUnknownZone(timeZone);
    const made = await tx.execute(
      'insert into orderflow.calendar (id, name, weekend_days, time_zone) values ($1, $2, $3, $4) on conflict (id) do nothing',
      [id, name, sorted(weekendDays), timeZone],
    );
    if (made === 0) throw new Problem('reference-reused', `There is a calendar ${id}. Change it with PUT /v1/calendars/${id}.`);
    return revised(201, await readCalendar(tx, id), `/v1/calendars/${id}`);
  });

/** Replaces a calendar's name and weekend; open deadlines move with it. @throws Problem forbidden, not-found, revision-mismatch */
export const changeCalendar = (
  deps: Deps,
  request: Asked,
  input: {
    readonly calendarId: string;
    readonly name: string;
    readonly weekendDays: readonly number[];
    readonly timeZone?: string;
    readonly ifRevision?: number;
  },
): Promise<Performed> =>
  change(deps, request, 'change a calendar', input, async (tx) => {
    refuseUnknownZone(input.timeZone ?? 'UTC');
    await tx.execute(
      `update orderflow.calendar set name = $2, weekend_days = $3, time_zone = coalesce($4, time_zone), revision = revision + 1
        where id = $1`,
      [input.calendarId, input.name, sorted(input.weekendDays), input.timeZone ?? null],
    );
  });

/** Adds a day without work; a day that is there gets the new name. @throws Problem forbidden, not-found, revision-mismatch */
export const addHoliday = (
  deps: Deps,
  request: Asked,
  input: { readonly calendarId: string; readonly date: string; readonly name: string; readonly ifRevision?: number },
): Promise<Performed> =>
  change(deps, request, 'add a holiday', input, async (tx) => {
    await tx.execute(
      `insert into orderflow.calendar_holiday (calendar_id, date, name) values ($1, $2, $3)
       on conflict (calendar_id, date) do update set name = excluded.name`,
      [input.calendarId, input.date, input.name],
    );
    await tx.execute('update orderflow.calendar set revision = revision + 1 where id = $1', [input.calendarId]);
  });

/** Takes a holiday away. @throws Problem forbidden, not-found, revision-mismatch */
export const removeHoliday = (
  deps: Deps,
  request: Asked,
  input: { readonly calendarId: string; readonly date: string; readonly ifRevision?: number },
): Promise<Performed> =>
  change(deps, request, 'remove a holiday', input, async (tx) => {
    const removed = await tx.execute('delete from orderflow.calendar_holiday where calendar_id = $1 and date = $2', [
      input.calendarId,
      input.date,
    ]);
    if (removed === 0) throw new Problem('not-found', `${input.date} is no holiday of ${input.calendarId}.`);
    await tx.execute('update orderflow.calendar set revision = revision + 1 where id = $1', [input.calendarId]);
  });

/** @throws Problem validation-failed */
function refuseUnknownZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return;
  const message = `${timeZone} is no time zone, as Europe/Berlin or UTC is one`;
  throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/timeZone', message }] });
}

/** Instances first, then the calendar: whoever plans holds an instance and waits for the calendar. */
const change = (
  deps: Deps,
  request: Asked,
  name: string,
  input: JsonObject & { readonly calendarId: string; readonly ifRevision?: number },
  work: (tx: Transaction) => Promise<void>,
): Promise<Performed> =>
  perform(deps, { ...request, name, payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['change the calendar'], 'change the calendar');
    const { calendarId, ifRevision } = input;
    await lockDeadlineInstances(tx, calendarId);
    if (!(await lockCalendar(tx, calendarId))) throw new Problem('not-found', `There is no calendar ${calendarId}.`);
    const { revision } = await readCalendar(tx, calendarId);
    refuseStale('the calendar', revision, ifRevision);
    await work(tx);
    const movedDeadlines = await replanDeadlines(tx, calendarId);
    const movedTimers = await replanTimers(tx, calendarId);
    if (movedDeadlines + movedTimers > 0) await wake(tx, 'timers');
    return revised(200, { ...(await readCalendar(tx, calendarId)), movedDeadlines, movedTimers });
  });

/** Changes a period; what was planned by it stays as it is. @throws Problem forbidden, not-found, revision-mismatch */
export const changeCommercialPeriod = (
  deps: Deps,
  request: Asked,
  input: { readonly name: string; readonly workingHours: number; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a commercial period', payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['change the calendar'], 'change the calendar');
    const { name, workingHours, ifRevision } = input;
    await readCommercialPeriod(tx, name);
    const changed = await tx.execute(
      `update orderflow.commercial_period set working_hours = $2, revision = revision + 1
        where name = $1 and ($3::int is null or revision = $3)`,
      [name, workingHours, ifRevision ?? null],
    );
    const period = await readCommercialPeriod(tx, name);
    if (changed === 0) {
      const detail = `You have seen revision ${ifRevision} of ${name}; it is at ${period.revision}. Read it again.`;
      throw new Problem('revision-mismatch', detail, { revision: period.revision });
    }
    return revised(200, period);
  });
