import { addWorkingTime } from '../domain/calendar.ts';
import { ImpossibleState } from '../support/errors.ts';
import { companyCalendar, readWorkingCalendar } from './calendars.ts';
import type { Transaction } from './transaction.ts';

/** What `commercial_period` has the hours of. */
export const periods = ['quotation-validity', 'quotation-reminder', 'payment-due', 'backorder-review'] as const;
export const isPeriod = (name: string): name is (typeof periods)[number] => (periods as readonly string[]).includes(name);

/** What can be due; the hours of an override come from a decision table, those of an invoice from the customer's terms. */
export type DeadlineKind = (typeof periods)[number] | 'override-decision' | 'invoice-due';

/** Whose instance has the timers of a deadline's subject. */
const instanceOf: Readonly<Record<DeadlineSubject['type'], string>> = {
  quotation: '(select process_instance_id from orderflow.quotation where id = $1)',
  sale_order: '(select process_instance_id from orderflow.sale_order where id = $1)',
  fulfilment: '(select process_instance_id from orderflow.fulfilment where id = $1)',
  return_request: '(select process_instance_id from orderflow.return_request where id = $1)',
  override_request: `(select coalesce(q.process_instance_id, s.process_instance_id, f.process_instance_id)
      from orderflow.override_request o
      left join orderflow.quotation q on q.id = o.subject_id
      left join orderflow.sale_order s on s.id = o.subject_id
      left join orderflow.fulfilment f on f.id = o.subject_id where o.id = $1)`,
  invoice: 'null::uuid',
};

export interface DeadlineSubject {
  readonly type: 'quotation' | 'sale_order' | 'fulfilment' | 'return_request' | 'override_request' | 'invoice';
  readonly id: string;
}

/**
 * Says when something is due: so many hours of working time from an instant, or as many as the commercial period of this kind has. It stays planned: when the
 * calendar changes it is due at another instant (commands/change-calendar). The subject's row, if it has to be asked for its instance, is there already.
 */
export async function planDeadline(
  tx: Transaction,
  deadline: {
    readonly subject: DeadlineSubject;
    readonly kind: DeadlineKind;
    readonly from: Date;
    readonly workingHours?: number;
  },
): Promise<Date> {
  const { subject, kind, from } = deadline;
  const workingHours = deadline.workingHours ?? (await periodHours(tx, kind));
  // whoever changes the calendar now is waited for, and whoever comes after that finds this deadline
  await tx.query('select 1 from orderflow.calendar where id = $1 for share', [companyCalendar]);
  const dueAt = addWorkingTime(from, workingHours, await readWorkingCalendar(tx, companyCalendar));
  await tx.execute(
    `insert into orderflow.deadline (subject_type, subject_id, kind, calendar_id, process_instance_id, from_at, working_hours, planned_at, due_at)
     values ($2, $1, $3, $4, ${instanceOf[subject.type]}, $5, $6, $7, $7)
     on conflict (subject_id, kind) do update
       set process_instance_id = excluded.process_instance_id, from_at = excluded.from_at, working_hours = excluded.working_hours,
           planned_at = excluded.planned_at, due_at = excluded.due_at`,
    [subject.id, subject.type, kind, companyCalendar, from, workingHours, dueAt],
  );
  return dueAt;
}

/** The hours of working time that analysts have written down for a period. */
export async function periodHours(tx: Transaction, name: string): Promise<number> {
  const period = await tx.maybeOne<{ hours: number }>(
    'select working_hours as hours from orderflow.commercial_period where name = $1',
    [name],
  );
  if (!period) throw new ImpossibleState(`there is no commercial period ${name}`);
  return period.hours;
}
