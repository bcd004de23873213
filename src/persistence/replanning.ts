import { addWorkingTime } from '../domain/calendar.ts';
import { readWorkingCalendar } from './calendars.ts';
import { emit } from './events.ts';
import { followingInstances } from './working-time.ts';
import type { Transaction } from './transaction.ts';

interface OpenDeadline {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly kind: string;
  readonly instanceId: string | null;
  readonly fromAt: Date;
  readonly workingHours: number;
  readonly dueAt: Date;
}

interface Move extends Pick<OpenDeadline, 'subjectType' | 'subjectId' | 'kind' | 'instanceId'> {
  readonly from: Date;
  readonly to: Date;
}

/** Deadlines that lie ahead of subjects that still wait for them. */
const openDeadlines = (tx: Transaction, calendarId: string): Promise<OpenDeadline[]> =>
  tx.query<OpenDeadline>(
    `select d.subject_type as "subjectType", d.subject_id as "subjectId", d.kind, d.process_instance_id as "instanceId", d.from_at as "fromAt",
            d.working_hours as "workingHours", d.due_at as "dueAt"
       from orderflow.deadline d
       left join orderflow.quotation q on d.subject_type = 'quotation' and q.id = d.subject_id
       left join orderflow.sale_order s on d.subject_type = 'sale_order' and s.id = d.subject_id
       left join orderflow.fulfilment f on d.subject_type = 'fulfilment' and f.id = d.subject_id
       left join orderflow.return_request r on d.subject_type = 'return_request' and r.id = d.subject_id
       left join orderflow.override_request o on d.subject_type = 'override_request' and o.id = d.subject_id
       left join orderflow.invoice i on d.subject_type = 'invoice' and i.id = d.subject_id
      where d.calendar_id = $1 and d.due_at > orderflow.now() and not d.set_by_hand
        and case d.subject_type when 'quotation' then q.closed_at is null when 'sale_order' then s.closed_at is null
                                when 'fulfilment' then f.closed_at is null when 'return_request' then r.closed_at is null when 'override_request' then o.status = 'PENDING'
                                else i.open_minor > 0 end
      order by d.subject_id, d.kind`,
    [calendarId],
  );

/** Locks the instances of open deadlines and of timers that follow the calendar, in the order of their ids, before anything else is locked. */
export async function lockDeadlineInstances(tx: Transaction, calendarId: string): Promise<void> {
  const ids = (await openDeadlines(tx, calendarId)).flatMap((deadline) => deadline.instanceId ?? []);
  await tx.query('select 1 from orderflow.process_instance where id = any($1) order by id for no key update', [
    [...new Set([...ids, ...(await followingInstances(tx, calendarId))])],
  ]);
}

/** Locks the calendar: from here on nobody plans by it until this transaction ends. Answers false when there is none. */
export const lockCalendar = async (tx: Transaction, id: string): Promise<boolean> =>
  (await tx.query('select 1 from orderflow.calendar where id = $1 for no key update', [id])).length > 0;

/**
 * Plans the open deadlines of a calendar again after it has changed: the deadline, the column of its subject and the open timer that was due at the old instant
 * move together. Answers how many have moved. The instances and the calendar are locked.
 */
export async function replanDeadlines(tx: Transaction, calendarId: string): Promise<number> {
  await lockDeadlineInstances(tx, calendarId); // those that were planned between the first look and the calendar's lock
  const calendar = await readWorkingCalendar(tx, calendarId);
  const moves = (await openDeadlines(tx, calendarId)).flatMap(({ fromAt, workingHours, dueAt, ...of }): Move[] => {
    const to = addWorkingTime(fromAt, workingHours, calendar);
    return to.getTime() === dueAt.getTime() ? [] : [{ ...of, from: dueAt, to }];
  });
  if (moves.length === 0) return 0;
  await writeMoves(tx, moves);
  return moves.length;
}

async function writeMoves(tx: Transaction, moves: readonly Move[]): Promise<void> {
  const rows = JSON.stringify(moves);
  for (const update of updates) await tx.execute(`with m as (${recordset}) ${update}`, [rows]);
  for (const { subjectType: type, subjectId: id, kind, from, to } of moves) {
    const data = { kind, from: from.toISOString(), to: to.toISOString() };
    await emit(tx, { type: 'workflow.deadline-moved', subject: { type, id }, data });
  }
}

/**
 * Takes the deadline along that an open timer of an instance was due by, with the column of its subject: somebody has set another date for the timer. It follows
 * the calendar no more. Without such a deadline nothing happens. The instance is locked; the timer's own row is the caller's.
 */
export async function moveDeadlineOf(tx: Transaction, instanceId: string, from: Date, to: Date): Promise<void> {
  const moves = await tx.query<Move>(
    `update orderflow.deadline set set_by_hand = true where process_instance_id = $1 and due_at = $2 and due_at <> $3
     returning subject_type as "subjectType", subject_id as "subjectId", kind, process_instance_id as "instanceId", $2::timestamptz as "from", $3::timestamptz as "to"`,
    [instanceId, from, to],
  );
  if (moves.length > 0) await writeMoves(tx, moves);
}

const recordset = `select * from jsonb_to_recordset($1::jsonb)
  as (kind text, "subjectId" uuid, "instanceId" uuid, "from" timestamptz, "to" timestamptz)`;

/** In the order of locks: orders, invoices, overrides. A timer that rests for an incident goes on resting. */
const updates = [
  `update orderflow.deadline d set due_at = m."to" from m where d.subject_id = m."subjectId" and d.kind = m.kind`,
  `update orderflow.wait w set due_at = m."to", next_at = case when w.next_at = 'infinity' then w.next_at else m."to" end
     from m where w.instance_id = m."instanceId" and w.kind = 'timer' and w.status = 'open' and w.due_at = m."from"`,
  `update orderflow.quotation q set valid_until = coalesce(v."to", q.valid_until), remind_at = coalesce(r."to", q.remind_at), revision = q.revision + 1
     from (select distinct "subjectId" from m where kind in ('quotation-validity', 'quotation-reminder')) each
     left join m v on v."subjectId" = each."subjectId" and v.kind = 'quotation-validity'
     left join m r on r."subjectId" = each."subjectId" and r.kind = 'quotation-reminder'
    where q.id = each."subjectId"`,
  `update orderflow.invoice i set due_at = m."to", revision = i.revision + 1 from m where i.id = m."subjectId" and m.kind = 'invoice-due'`,
  `update orderflow.override_request o set decide_by = m."to", revision = o.revision + 1
     from m where o.id = m."subjectId" and m.kind = 'override-decision' and o.status = 'PENDING'`,
];
