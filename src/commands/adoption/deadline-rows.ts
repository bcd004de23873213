import { addWorkingTime } from '../../domain/calendar.ts';
import { companyCalendar } from '../../persistence/calendars.ts';
import type { Batch, Draft } from './batch.ts';

/**
 * Says when something is due that begins anew with the adoption, in working time; it moves with the calendar (persistence/deadlines.ts). The hours are those of the commercial
 * period of this kind, unless a decision table has given them.
 */
export function planDeadline(
  { now, calendar, periods }: Batch,
  draft: Draft,
  deadline: {
    readonly subject: { readonly type: string; readonly id: string };
    readonly kind: string;
    readonly instanceId: string;
    readonly workingHours?: number;
  },
): Date {
  const { subject, kind, instanceId } = deadline;
  const workingHours = deadline.workingHours ?? periods.get(kind) ?? 0;
  const dueAt = addWorkingTime(now, workingHours, calendar);
  draft.rows.add('deadline', {
    subject_type: subject.type,
    subject_id: subject.id,
    kind,
    calendar_id: companyCalendar,
    process_instance_id: instanceId,
    from_at: now,
    working_hours: workingHours,
    planned_at: dueAt,
    due_at: dueAt,
  });
  return dueAt;
}
