import { expect } from 'chai';
import { addHoliday, changeCalendar, createCalendar } from '../../src/commands/change-calendar.ts';
import { changeTimer } from '../../src/commands/change-timer.ts';
import { fireTimer } from '../../src/commands/fire-timer.ts';
import { suspendInstance } from '../../src/commands/suspend-instance.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { by } from '../helpers/world.ts';
import { openLab, type Lab } from './lab.ts';

const hour = 3600_000;
const variables = { key: { type: 'string', default: '' }, wait: { type: 'string', default: 'P1D' } };

/** Waits for a message; a boundary event that does not interrupt looks again and again. */
const watched = (definition: string, properties: Readonly<Record<string, string>> = {}): string =>
  b.bpmnNamed(
    'watched',
    b.message('begin', '=key'),
    b.message('stop', '=key'),
    b.start('w_start', b.onMessage('begin')),
    b.receive('w_wait', 'stop', b.properties({ sla: 'P30D' })),
    b.boundary('w_tick', 'w_wait', definition, false, b.properties(properties)),
    b.end('w_ticked'),
    b.end('w_end'),
    b.flow('w_start', 'w_wait', 'w_end'),
    b.flow('w_tick', 'w_ticked'),
  );
/** Waits for a time, then ends. */
const alarm = (definition: string, properties: Readonly<Record<string, string>> = {}): string =>
  b.bpmnNamed(
    'alarm',
    b.message('begin', '=key'),
    b.start('a_start', b.onMessage('begin')),
    b.caught('a_wait', definition, b.properties(properties)),
    b.end('a_end'),
    b.flow('a_start', 'a_wait', 'a_end'),
  );

describe('timers of instances', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
    await lab.goTo('2027-03-01T00:30:00Z'); // a Monday
  });
  afterEach(() => lab.close());

  const begin = (wait?: string) =>
    lab.publish({ name: 'begin', correlationKey: 'K', variables: { key: 'K', ...(wait !== undefined && { wait }) } });
  const ticks = async (): Promise<number> =>
    (await lab.triggers((await lab.instance('watched')).id)).filter((trigger) => trigger === 'timer').length;
  const open = async () => {
    const [timer] = await lab.openTimers();
    if (!timer) throw new Error('no timer is open');
    return { ...timer, due: timer.dueAt.toISOString().slice(0, 16) };
  };
  const change = (dueAt: string, more: object = {}) =>
    open().then(({ id }) => changeTimer(lab.deps, by('operator'), { timerId: id, dueAt, reason: 'a test', ...more }));

  for (const [catchUp, expected] of [
    ['one', 1],
    ['all', 5],
    ['none', 0],
  ] as const) {
    it(`after five hours without anybody a repeating boundary timer with catchUp ${catchUp} fires ${expected} times and goes on on its grid`, async () => {
      await lab.deploy({ watched: watched(b.cycle('R/PT1H'), { catchUp }) }, variables);
      await begin();
      const first = await open();
      await lab.pass(5 * hour + hour / 3);
      await lab.fire(3);
      expect(await ticks()).to.equal(expected);
      const next = await open();
      expect(next.dueAt.getTime() - first.dueAt.getTime()).to.equal(5 * hour);
      const triggers = await lab.triggers((await lab.instance('watched')).id);
      expect(triggers.filter((trigger) => trigger === 'timer-missed')).to.have.length(catchUp === 'none' ? 1 : 0);
    });
  }

  it('a repeating boundary timer that fires late goes on on its grid', async () => {
    await lab.deploy({ watched: watched(b.cycle('R/PT1H')) }, variables);
    await begin();
    const first = await open();
    await lab.pass(hour + 20 * 60_000);
    await lab.fire();
    expect((await open()).dueAt.getTime() - first.dueAt.getTime()).to.equal(hour);
  });

  it('an event sub-process that a cycle starts keeps its grid and makes up for what was missed as it says', async () => {
    const inEvent = b.bpmnNamed(
      'watched',
      b.message('begin', '=key'),
      b.message('stop', '=key'),
      b.start('w_start', b.onMessage('begin')),
      b.receive('w_wait', 'stop', b.properties({ sla: 'P30D' })),
      b.end('w_end'),
      b.flow('w_start', 'w_wait', 'w_end'),
      b.eventSub(
        'w_event',
        b.element('startEvent', { id: 'w_tick', isInterrupting: false }, b.cycle('R/PT1H'), b.properties({ catchUp: 'all' })),
        b.end('w_ticked'),
        b.flow('w_tick', 'w_ticked'),
      ),
    );
    await lab.deploy({ watched: inEvent }, variables);
    await begin();
    const first = await open();
    await lab.pass(4 * hour + 20 * 60_000);
    await lab.fire(2);
    expect(await ticks()).to.equal(4);
    expect((await open()).dueAt.getTime() - first.dueAt.getTime()).to.equal(4 * hour);
  });

  it('a repetition with a number fires as often, whatever was missed', async () => {
    await lab.deploy({ watched: watched(b.cycle('R3/PT1H')) }, variables);
    await begin();
    for (let n = 0; n < 5; n++) {
      await lab.pass(2.5 * hour);
      await lab.fire();
    }
    expect(await ticks()).to.equal(3);
    expect(await lab.openTimers()).to.deep.equal([]);
  });

  it('a repeating timer by cron in a time zone keeps its hour when clocks are changed', async () => {
    await lab.goTo('2027-03-26T12:00:00Z');
    await lab.deploy({ watched: watched(b.cycle('0 0 9 * * *'), { timeZone: 'Europe/Berlin' }) }, variables);
    await begin();
    const dues: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { due, dueAt } = await open();
      dues.push(due);
      await lab.goTo(new Date(dueAt.getTime() + 10).toISOString());
      await lab.fire(2);
    }
    expect(dues).to.deep.equal(['2027-03-27T08:00', '2027-03-28T07:00', '2027-03-29T07:00']);
    expect(await ticks()).to.equal(3);
  });

  it('a token that comes to the same element again begins a new grid', async () => {
    const again = b.bpmnNamed(
      'watched',
      b.message('begin', '=key'),
      b.message('again', '=key'),
      b.start('w_start', b.onMessage('begin')),
      b.xor('w_join'),
      b.receive('w_wait', 'again', b.properties({ sla: 'P30D' })),
      b.boundary('w_tick', 'w_wait', b.cycle('R/PT1H'), false),
      b.end('w_ticked'),
      b.flow('w_start', 'w_join', 'w_wait', 'w_join'),
      b.flow('w_tick', 'w_ticked'),
    );
    await lab.deploy({ watched: again }, variables);
    await begin();
    await lab.pass(hour / 2);
    await lab.publish({ name: 'again', correlationKey: 'K' });
    const now = await lab.now();
    expect((await open()).dueAt.getTime() - now.getTime()).to.be.within(hour - 5_000, hour);
  });

  it('a timer that was tried too early fires when it is due', async () => {
    await lab.deploy({ alarm: alarm(b.duration('PT1H')) }, variables);
    await begin();
    const { id: waitId, dueAt } = await open();
    expect(await fireTimer(lab.deps, { waitId, dueAt })).to.equal(false);
    await lab.pass(hour + 1);
    await lab.fire();
    expect(await lab.stands('alarm')).to.deep.equal(['K completed']);
  });

  it('another due date: earlier fires earlier, with who and why in the log; later fires later, although somebody had claimed it', async () => {
    await lab.deploy({ alarm: alarm(b.duration('PT10H')) }, variables);
    await begin();
    const { id, dueAt } = await open();
    const { body, headers } = await change('2027-03-01T02:00:00+01:00');
    expect(body).to.include({ id, dueAt: '2027-03-01T01:00:00.000Z', plannedAt: dueAt.toISOString(), revision: 2 });
    expect(headers?.['ETag']).to.equal('"2"');
    await lab.pass(hour);
    expect((await change('2027-03-01T03:00:00Z')).body['dueAt']).to.equal('2027-03-01T03:00:00.000Z');
    await lab.fire();
    expect(await lab.stands('alarm')).to.deep.equal(['K running']);
    await lab.goTo('2027-03-01T03:00:00.1Z');
    await lab.fire(2);
    expect(await lab.stands('alarm')).to.deep.equal(['K completed']);
    const log = await lab.database.query<{ trigger: string; actor: string; reason: string }>(
      `select trigger, actor, reason from orderflow.step where trigger = 'timer-changed' order by revision`,
    );
    expect(log).to.deep.equal(
      Array.from({ length: 2 }, () => ({ trigger: 'timer-changed', actor: 'operator', reason: 'a test' })),
    );
    const events = await lab.database.query(`select 1 from orderflow.event where type = 'workflow.timer-changed'`);
    expect(events).to.have.length(2);
  });

  it('there and back to the very instant it had fires it then, although it was tried in between', async () => {
    await lab.deploy({ alarm: alarm(b.duration('PT1H')) }, variables);
    await begin();
    const { id: waitId, dueAt } = await open();
    await change('2027-03-01T09:00:00Z');
    await lab.goTo(new Date(dueAt.getTime() - 100).toISOString());
    expect(await fireTimer(lab.deps, { waitId, dueAt })).to.equal(false);
    await change(dueAt.toISOString());
    await lab.pass(1000);
    await lab.fire();
    expect(await lab.stands('alarm')).to.deep.equal(['K completed']);
  });

  it('a date that has passed means now; of a repeating timer only this firing moves', async () => {
    await lab.deploy({ watched: watched(b.cycle('R/PT1H')) }, variables);
    await begin();
    const first = await open();
    await change('2020-01-01T00:00:00Z');
    await lab.fire(2);
    expect(await ticks()).to.equal(1);
    expect((await open()).dueAt.getTime() - first.dueAt.getTime()).to.equal(hour);
    await change(new Date(first.dueAt.getTime() + 90 * 60_000).toISOString());
    await lab.pass(2.6 * hour);
    await lab.fire();
    expect(await ticks()).to.equal(2);
    expect((await open()).dueAt.getTime() - first.dueAt.getTime()).to.equal(2 * hour);
  });

  it('a dry run changes nothing; who may not, has seen another revision, or comes too late is refused', async () => {
    await lab.deploy({ alarm: alarm(b.duration('PT1H')) }, variables);
    await begin();
    const before = await open();
    const preview = await changeTimer(
      lab.deps,
      { ...by('operator'), dryRun: true },
      { timerId: before.id, dueAt: '2028-01-01T00:00:00Z', reason: 'a test' },
    );
    expect(preview.body['result']).to.include({ dueAt: '2028-01-01T00:00:00.000Z' });
    expect(await open()).to.deep.equal(before);
    const asked = { timerId: before.id, dueAt: '2028-01-01T00:00:00Z', reason: 'a test' };
    expect((await problemOf(changeTimer(lab.deps, by('buyer'), asked))).code).to.equal('forbidden');
    expect((await problemOf(changeTimer(lab.deps, by('operator'), { ...asked, ifRevision: 7 }))).code).to.equal(
      'revision-mismatch',
    );
    expect(
      (await problemOf(changeTimer(lab.deps, by('operator'), { ...asked, timerId: (await lab.instance('alarm')).id }))).code,
    ).to.equal('not-found');
    await lab.pass(hour + 1);
    await lab.fire();
    const late = await problemOf(changeTimer(lab.deps, by('operator'), asked));
    expect(late.code).to.equal('wrong-state');
    expect(late.message).to.include('The timer fired at');
  });

  it('the timer of an instance that rests can be changed too; it fires when that goes on', async () => {
    await lab.deploy({ alarm: alarm(b.duration('PT1H')) }, variables);
    await begin();
    await suspendInstance(lab.deps, by('operator'), { instanceId: (await lab.instance('alarm')).id, reason: 'a test' });
    await change('2027-03-01T00:00:00Z');
    await lab.fire();
    expect(await lab.stands('alarm')).to.deep.equal(['K running']);
    const [row] = await lab.database.query<{ rests: boolean }>(
      `select suspended_at is not null as rests from orderflow.process_instance`,
    );
    expect(row?.rests).to.equal(true);
  });

  it('with the property calendar a duration is working time of that calendar, in its time zone, and moves with it', async () => {
    await createCalendar(lab.deps, by('analyst'), {
      id: 'berlin',
      name: 'Branch Berlin',
      weekendDays: [6, 7],
      timeZone: 'Europe/Berlin',
    });
    await lab.deploy({ alarm: alarm(b.duration('=wait'), { calendar: 'berlin' }) }, variables);
    await lab.goTo('2027-03-05T22:30:00Z'); // Friday, 23:30 in Berlin
    await begin('PT90M');
    expect((await open()).due).to.equal('2027-03-08T00:00'); // half an hour on Friday, one on Monday from midnight in Berlin on
    const { body } = await addHoliday(lab.deps, by('analyst'), { calendarId: 'berlin', date: '2027-03-08', name: 'a holiday' });
    expect(body['movedTimers']).to.equal(1);
    expect((await open()).due).to.equal('2027-03-09T00:00');
    await change('2027-03-07T12:00:00Z');
    await changeCalendar(lab.deps, by('analyst'), { calendarId: 'berlin', name: 'Branch Berlin', weekendDays: [] });
    expect((await open()).due, 'what somebody has set stays').to.equal('2027-03-07T12:00');
    await lab.goTo('2027-03-07T12:00:00.1Z');
    await lab.fire();
    expect(await lab.stands('alarm')).to.deep.equal(['K completed']);
  });

  it('three working days over a weekend on which clocks are changed end at the same time of the day', async () => {
    await createCalendar(lab.deps, by('analyst'), {
      id: 'berlin',
      name: 'Branch Berlin',
      weekendDays: [6, 7],
      timeZone: 'Europe/Berlin',
    });
    await lab.deploy({ alarm: alarm(b.duration('P3D'), { calendar: 'berlin' }) }, variables);
    await lab.goTo('2027-03-26T08:00:00Z'); // Friday, 9:00 in Berlin
    await begin();
    expect((await open()).due).to.equal('2027-03-31T07:00'); // Wednesday, 9:00 in Berlin
  });

  it('a calendar that is not there, and months of working time, are problems that say so, and leave nothing behind', async () => {
    await lab.deploy({ alarm: alarm(b.duration('=wait'), { calendar: 'company' }) }, variables);
    const months = await problemOf(begin('P1M'));
    expect([months.code, months.message]).to.satisfy(
      ([code, text]: string[]) => code === 'step-failed' && text?.includes('no length in working time'),
    );
    const unknown = await problemOf(lab.deploy({ alarm: alarm(b.duration('P1D'), { calendar: 'campany' }) }, variables));
    expect(unknown.message).to.include('There is no calendar campany. Did you mean company?');
    await createCalendar(lab.deps, by('analyst'), { id: 'brief', name: 'Soon gone', weekendDays: [] });
    await lab.deploy({ alarm: alarm(b.duration('P1D'), { calendar: 'brief' }) }, variables);
    await lab.database.query(`delete from orderflow.calendar where id = 'brief'`);
    expect((await problemOf(begin())).message).to.include('there is no calendar brief');
    expect(await lab.instances('alarm')).to.deep.equal([]);
    expect((await problemOf(lab.deploy({ alarm: alarm(b.duration('P1M'), { calendar: 'company' }) }, variables))).code).to.equal(
      'definition-refused',
    );
  });
});
