import { expect } from 'chai';
import { addHoliday, changeCalendar, changeCommercialPeriod, removeHoliday } from '../../src/commands/change-calendar.ts';
import { changeTimer } from '../../src/commands/change-timer.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { addWorkingTime, hourMs } from '../../src/domain/calendar.ts';
import { readWorkingCalendar } from '../../src/persistence/calendars.ts';
import { planDeadline } from '../../src/persistence/deadlines.ts';
import type { Problem } from '../../src/support/errors.ts';
import { aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { failure } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const dayMs = 24 * hourMs;

describe('commercial time', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const calendarId = 'company';
  const one = async <R>(sql: string, params: readonly unknown[]): Promise<R> => {
    const [row] = await world.database.query<R>(sql, params);
    if (!row) throw new Error(`no row: ${sql}`);
    return row;
  };
  const sent = async () => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    return quotation;
  };
  const validity = (id: string) =>
    one<{ validUntil: Date; remindAt: Date; sentAt: Date }>(
      'select valid_until as "validUntil", remind_at as "remindAt", sent_at as "sentAt" from orderflow.quotation where id = $1',
      [id],
    );
  const timers = async (instanceId: string): Promise<Record<string, Date>> => {
    const rows = await world.database.query<{ element: string; dueAt: Date; nextAt: Date }>(
      `select element_id as element, due_at as "dueAt", next_at as "nextAt" from orderflow.wait where instance_id = $1 and kind = 'timer' and status = 'open'`,
      [instanceId],
    );
    for (const { dueAt, nextAt } of rows) expect(dueAt).to.deep.equal(nextAt);
    return Object.fromEntries(rows.map(({ element, dueAt }) => [element, dueAt]));
  };
  /** The first working day after an instant that is not a weekend. */
  const workingDayAfter = async (at: Date): Promise<string> => {
    const calendar = await readWorkingCalendar(world.database, calendarId);
    return addWorkingTime(at, 24, calendar).toISOString().slice(0, 10);
  };

  it('a quotation is valid for 30 working days and its timers are due when its columns say', async () => {
    const quotation = await sent();
    const { sentAt, validUntil, remindAt } = await validity(quotation.id);
    const calendar = await readWorkingCalendar(world.database, calendarId);
    expect(validUntil).to.deep.equal(addWorkingTime(sentAt, 720, calendar));
    expect(remindAt).to.deep.equal(addWorkingTime(sentAt, 480, calendar));
    expect(await timers(quotation.processInstanceId)).to.deep.equal({ q_b_valid: validUntil, q_b_remind: remindAt });
  });

  it('a holiday moves what is open, all of it in one transaction: deadline, column, timer; and back when it is taken away', async () => {
    const [first, second] = [await sent(), await sent()];
    const before = await validity(first.id);
    const date = await workingDayAfter(before.sentAt);

    const { body } = await addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'the day of the company' });

    expect(body['movedDeadlines']).to.equal(4);
    const after = await validity(first.id);
    expect(after.validUntil.getTime() - before.validUntil.getTime()).to.be.at.least(dayMs);
    expect(after.remindAt.getTime() - before.remindAt.getTime()).to.be.at.least(dayMs);
    for (const quotation of [first, second]) {
      const { validUntil, remindAt } = await validity(quotation.id);
      expect(await timers(quotation.processInstanceId)).to.deep.equal({ q_b_valid: validUntil, q_b_remind: remindAt });
    }
    const moved = await world.database.query<{ kind: string; to: string }>(
      `select data->>'kind' as kind, data->>'to' as to from orderflow.event where type = 'workflow.deadline-moved' and subject_id = $1 order by sequence`,
      [first.id],
    );
    expect(moved).to.deep.equal([
      { kind: 'quotation-reminder', to: after.remindAt.toISOString() },
      { kind: 'quotation-validity', to: after.validUntil.toISOString() },
    ]);

    await removeHoliday(world.deps, by('analyst'), { calendarId, date });
    expect(await validity(first.id)).to.deep.equal(before);
  });

  it('a moved deadline holds: it does not expire at the old instant, and does at the new one', async () => {
    const quotation = await sent();
    const before = await validity(quotation.id);
    for (let n = 0; n < 3; n++) {
      const date = await workingDayAfter(new Date(before.sentAt.getTime() + n * dayMs));
      await addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'closed' });
    }
    const after = await validity(quotation.id);
    await world.pass(before.validUntil.getTime() - Date.now() + 1000);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    await world.pass(after.validUntil.getTime() - before.validUntil.getTime());
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('EXPIRED');
  });

  it('a deadline that a process still knows by its old instant is the new one when its timer is opened later', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'PREPAY', quantity: 2 });
    await world.drain();
    const { s_b_pay_due: planned } = await timers(sale.processInstanceId);
    const date = await workingDayAfter(new Date());
    await addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'closed' });
    const { s_b_pay_due: moved } = await timers(sale.processInstanceId);
    expect(moved!.getTime()).to.be.greaterThan(planned!.getTime());

    // a part arrives: the sale asks its ledger and waits again, with the instant that its variables know
    await recordCapture(world.deps, by('finance'), {
      saleOrderId: sale.id,
      amountMinor: 500,
      currency: 'EUR',
      reference: `a-${sale.number}`,
    });
    await world.drain();

    const again = await timers(sale.processInstanceId);
    expect(again['s_b_pay_due']).to.deep.equal(moved);
  });

  it('the timer of a period that somebody sets by hand takes column and deadline along, and follows the calendar no more', async () => {
    const quotation = await sent();
    const before = await validity(quotation.id);
    const { id: timerId } = await one<{ id: string }>(
      `select id from orderflow.wait where instance_id = $1 and element_id = 'q_b_valid' and status = 'open'`,
      [quotation.processInstanceId],
    );
    const dueAt = new Date(before.validUntil.getTime() + 10 * dayMs);

    await changeTimer(world.deps, by('operator'), { timerId, dueAt: dueAt.toISOString(), reason: 'the customer asked for it' });

    const after = await validity(quotation.id);
    expect(after).to.deep.equal({ ...before, validUntil: dueAt });
    expect(await timers(quotation.processInstanceId)).to.deep.equal({ q_b_valid: dueAt, q_b_remind: before.remindAt });
    const date = await workingDayAfter(before.sentAt);
    const { body } = await addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'the day of the company' });
    expect(body['movedDeadlines']).to.equal(1);
    expect((await validity(quotation.id)).validUntil).to.deep.equal(dueAt);
    await world.pass(dueAt.getTime() - before.sentAt.getTime() + 1000);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('EXPIRED');
  });

  it('what is over, and what has passed, stays as it was', async () => {
    const [withdrawn, late] = [await sent(), await sent()];
    await completeAt(world, 'buyer', withdrawn.processInstanceId, 'q_customer', { customer: { answer: 'DECLINE' } });
    await world.drain();
    await world.pass(60 * dayMs);
    const before = [await validity(withdrawn.id), await validity(late.id)];
    const date = await workingDayAfter(before[0]!.sentAt);
    const { body } = await addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'closed' });
    expect(body['movedDeadlines']).to.equal(0);
    expect([await validity(withdrawn.id), await validity(late.id)]).to.deep.equal(before);
  });

  it('another weekend moves them too; a period that analysts change counts for what is planned from then on', async () => {
    const quotation = await sent();
    const before = await validity(quotation.id);
    await changeCalendar(world.deps, by('analyst'), { calendarId, name: 'We never rest', weekendDays: [] });
    const always = await validity(quotation.id);
    expect(always.validUntil.getTime()).to.equal(before.sentAt.getTime() + 30 * dayMs);
    await changeCommercialPeriod(world.deps, by('analyst'), { name: 'quotation-validity', workingHours: 24 });
    expect(await validity(quotation.id)).to.deep.equal(always);
    const next = await validity((await sent()).id);
    expect(next.validUntil.getTime()).to.equal(next.sentAt.getTime() + dayMs);
  });

  it('who may not, and who has seen another calendar, changes nothing', async () => {
    const holiday = { calendarId, date: '2031-01-01', name: 'New Year' };
    const codeOf = async (promise: Promise<unknown>) => ((await failure(promise)) as Problem).code;
    expect(await codeOf(addHoliday(world.deps, by('sales'), holiday))).to.equal('forbidden');
    expect(await codeOf(addHoliday(world.deps, by('analyst'), { ...holiday, ifRevision: 7 }))).to.equal('revision-mismatch');
    expect(await codeOf(addHoliday(world.deps, by('analyst'), { ...holiday, calendarId: 'moon' }))).to.equal('not-found');
    expect(await codeOf(removeHoliday(world.deps, by('analyst'), { calendarId, date: '2031-01-01' }))).to.equal('not-found');
    expect(await world.database.query('select 1 from orderflow.calendar_holiday')).to.have.length(0);
  });

  it('a deadline that is planned while a holiday is added knows of it, whoever comes first', async () => {
    const quotation = await sent();
    const from = new Date();
    const date = await workingDayAfter(from);
    const plan = world.database.transaction(async (tx) => {
      const dueAt = await planDeadline(tx, {
        subject: { type: 'quotation', id: quotation.id },
        kind: 'quotation-validity',
        from,
        workingHours: 96,
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return dueAt;
    });
    await Promise.all([plan, addHoliday(world.deps, by('analyst'), { calendarId, date, name: 'closed' })]);
    const calendar = await readWorkingCalendar(world.database, calendarId);
    const { dueAt } = await one<{ dueAt: Date }>(
      `select due_at as "dueAt" from orderflow.deadline where subject_id = $1 and kind = 'quotation-validity'`,
      [quotation.id],
    );
    expect(dueAt).to.deep.equal(addWorkingTime(from, 96, calendar));
  });
});
