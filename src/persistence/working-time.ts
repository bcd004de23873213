import { addWorkingTime, hourMs } from '../domain/calendar.ts';
import { readWorkingCalendar } from './calendars.ts';
import type { Transaction } from './transaction.ts';

/** When so much working time of a calendar is over; undefined when there is no such calendar. Nobody changes the calendar until this transaction ends. */
export async function planWorkingTime(tx: Transaction, calendarId: string, from: Date, ms: number): Promise<Date | undefined> {
  const found = await tx.query('select 1 from orderflow.calendar where id = $1 for share', [calendarId]);
  if (found.length === 0) return undefined;
  return addWorkingTime(from, ms / hourMs, await readWorkingCalendar(tx, calendarId));
}

/** Open timers that follow a calendar and are not due yet. */
const following = `w.calendar_id = $1 and w.status = 'open' and w.planned_at is null and w.due_at > orderflow.now()`;

/** Instances whose timers follow a calendar. */
export const followingInstances = async (tx: Transaction, calendarId: string): Promise<readonly string[]> => {
  const rows = await tx.query<{ id: string }>(`select distinct w.instance_id as id from orderflow.wait w where ${following}`, [
    calendarId,
  ]);
  return rows.map(({ id }) => id);
};

/**
 * Plans the open timers of a calendar again after it has changed, and answers how many have moved. One whose due date was set by hand stays; one that rests for an
 * incident goes on resting. The instances and the calendar are locked.
 */
export async function replanTimers(tx: Transaction, calendarId: string): Promise<number> {
  const calendar = await readWorkingCalendar(tx, calendarId);
  const open = await tx.query<{ id: string; openedAt: Date; workingMs: number; dueAt: Date }>(
    `select w.id, w.opened_at as "openedAt", w.working_ms as "workingMs", w.due_at as "dueAt" from orderflow.wait w where ${following}`,
    [calendarId],
  );
  const moved = open
    .map(({ id, openedAt, workingMs, dueAt }) => ({ id, dueAt, to: addWorkingTime(openedAt, workingMs / hourMs, calendar) }))
    .filter(({ dueAt, to }) => to.getTime() !== dueAt.getTime());
  if (moved.length === 0) return 0;
  return tx.execute(
    `update orderflow.wait w set due_at = m."to", revision = w.revision + 1, next_at = case when w.next_at = 'infinity' then w.next_at else m."to" end
       from jsonb_to_recordset($1::jsonb) as m (id uuid, "to" timestamptz) where w.id = m.id`,
    [JSON.stringify(moved)],
  );
}
