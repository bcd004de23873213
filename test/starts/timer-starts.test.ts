import { expect } from 'chai';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { openLab, type Lab } from './lab.ts';

const hour = 3600_000;

/** Started by a timer; ends at once. */
const timed = (definition: string, properties: Readonly<Record<string, string>> = {}, ...more: readonly string[]): string =>
  b.bpmnNamed(
    'timed',
    b.start('t_start', definition, b.properties(properties)),
    b.end('t_end'),
    b.flow('t_start', 't_end'),
    ...more,
  );

describe('timer start events', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
    await lab.goTo('2027-03-01T00:30:00Z');
  });
  afterEach(() => lab.close());

  const started = async (): Promise<readonly string[]> =>
    (await lab.instances('timed')).map(({ businessKey }) => businessKey.slice(8, 24));
  const due = async () => {
    const rows = await lab.database.query<{ dueAt: Date | null; left: number | null; firings: number }>(
      `select due_at as "dueAt", repeat_left as left, firings from orderflow.start_event where process_id = 'timed'`,
    );
    return rows.map(({ dueAt, left, firings }) => [dueAt?.toISOString().slice(0, 16) ?? null, left, firings]);
  };

  it('a cron starts an instance at each of its times, once, although three services look', async () => {
    await lab.deploy({ timed: timed(b.cycle('0 0 9 * * MON-FRI'), { timeZone: 'Europe/Berlin' }) });
    expect(await due()).to.deep.equal([['2027-03-01T08:00', -1, 0]]);
    await lab.fire(3);
    expect(await started()).to.deep.equal([]);
    for (const at of ['2027-03-01T08:00:00.1Z', '2027-03-02T08:00:00.1Z']) {
      await lab.goTo(at);
      await lab.fire(3);
    }
    expect(await started()).to.deep.equal(['2027-03-01T08:00', '2027-03-02T08:00']);
    expect(await due()).to.deep.equal([['2027-03-03T08:00', -1, 2]]);
  });

  it('a date starts one instance and never again, not even when it is deployed again; one that has passed starts at once', async () => {
    await lab.deploy({ timed: timed(b.date('2027-03-01T12:00:00Z')) });
    await lab.goTo('2027-03-01T12:00:00.1Z');
    await lab.fire(2);
    await lab.deploy({ timed: timed(b.date('2027-03-01T12:00:00Z'), { note: 'another version' }) });
    await lab.fire(2);
    expect(await started()).to.deep.equal(['2027-03-01T12:00']);
    await lab.deploy({ timed: timed(b.date('2020-01-01T00:00:00Z')) });
    await lab.fire(2);
    expect(await started()).to.deep.equal(['2027-03-01T12:00', '2020-01-01T00:00']);
    expect(await due()).to.deep.equal([[null, null, 1]]);
  });

  it('a repetition with a number starts as many', async () => {
    await lab.deploy({ timed: timed(b.cycle('R3/2027-03-01T01:00:00Z/PT1H')) });
    for (let n = 0; n < 6; n++) {
      await lab.pass(hour);
      await lab.fire();
    }
    expect(await started()).to.deep.equal(['2027-03-01T01:00', '2027-03-01T02:00', '2027-03-01T03:00']);
  });

  it('a new version replaces the timer; one that says the same goes on where it stood, of the new version', async () => {
    await lab.deploy({ timed: timed(b.cycle('R/PT1H')) });
    const [[first]] = (await due()) as [[string]];
    await lab.pass(hour / 2);
    await lab.deploy({ timed: timed(b.cycle('R/PT1H'), {}, '<bpmn:textAnnotation id="note"/>') });
    expect((await due())[0]?.[0]).to.equal(first);
    await lab.pass(hour / 2 + 1000);
    await lab.fire();
    expect((await lab.instances('timed')).map(({ version }) => version)).to.deep.equal([2]);
    await lab.deploy({ timed: timed(b.cycle('R/PT2H')) });
    await lab.pass(hour);
    await lab.fire();
    expect(await lab.instances('timed')).to.have.length(1);
    await lab.deploy({ timed: b.bpmnNamed('timed', b.start('s'), b.end('e'), b.flow('s', 'e')) });
    await lab.pass(10 * hour);
    await lab.fire();
    expect(await lab.instances('timed')).to.have.length(1);
  });

  for (const [catchUp, expected] of [
    [undefined, ['2027-03-01T01:00', '2027-03-01T06:00']],
    ['one', ['2027-03-01T01:00', '2027-03-01T06:00']],
    ['all', ['01', '02', '03', '04', '05', '06'].map((at) => `2027-03-01T${at}:00`)],
    ['none', ['2027-03-01T06:00']],
  ] as const) {
    it(`after five hours without anybody an hourly timer with catchUp ${catchUp ?? 'left out'} starts ${expected.length - 1} and goes on on its grid`, async () => {
      await lab.deploy({ timed: timed(b.cycle('0 0 * * * *'), catchUp === undefined ? {} : { catchUp }) });
      await lab.goTo('2027-03-01T05:20:00Z');
      await lab.fire(2);
      await lab.goTo('2027-03-01T06:00:00.2Z');
      await lab.fire(2);
      expect(await started()).to.deep.equal(expected);
    });
  }

  it('a month without anybody and catchUp all: a hundred at most', async () => {
    await lab.deploy({ timed: timed(b.cycle('0 0 * * * *'), { catchUp: 'all' }) });
    await lab.pass(30 * 24 * hour);
    await lab.fire(2);
    const { length } = await lab.instances('timed');
    expect(length).to.equal(101); // the one that was due, and the last hundred
  });

  it('a process that is suspended starts nothing; what it missed is made up for when it goes on', async () => {
    await lab.deploy({ timed: timed(b.cycle('0 0 * * * *')) });
    await lab.database.query(
      `insert into orderflow.suspension (id, kind, ref, reason, suspended_by, suspended_at) values (gen_random_uuid(), 'process', 'timed', 'a test', 'operator', orderflow.now())`,
    );
    await lab.pass(3 * hour);
    await lab.fire();
    expect(await started()).to.deep.equal([]);
    await lab.database.query(
      `update orderflow.suspension set resumed_at = orderflow.now(), resumed_by = 'operator', resume_reason = 'a test'`,
    );
    await lab.fire();
    expect(await started()).to.deep.equal(['2027-03-01T01:00']);
  });

  it('a start that fails is noted, tried again, and does not stop other timers', async () => {
    const failing = b.bpmnNamed(
      'failing',
      b.start('t_start', b.cycle('0 0 * * * *')),
      b.xor('g', 't_end'),
      b.end('t_end'),
      b.end('t_other'),
      b.flow('t_start', 'g', 't_end'),
      b.flowIf('g', 't_other', '=number(text) > 1'),
    );
    await lab.deploy({ failing, timed: timed(b.cycle('0 0 * * * *')) }, { text: { type: 'string', default: 'no number' } });
    await lab.pass(hour);
    await lab.fire(2);
    expect(await lab.instances('timed')).to.have.length(1);
    const [row] = await lab.database.query<{ failures: number; error: string; dueAt: Date; nextAt: Date }>(
      `select failures, last_error as error, due_at as "dueAt", next_at as "nextAt" from orderflow.start_event where process_id = 'failing'`,
    );
    expect(row?.failures).to.equal(1);
    expect(row?.error).to.include('cannot go on at g');
    expect(row?.nextAt.getTime()).to.be.greaterThan(row!.dueAt.getTime());
  });

  it('what cannot be planned is refused at deployment', async () => {
    for (const [definition, properties, message] of [
      [b.cycle('0 0 0 30 2 *'), {}, 'never matches'],
      [b.cycle('0 0 * * *'), {}, 'six fields'],
      [b.cycle('R/PT1H'), { timeZone: 'Berlin' }, 'no time zone Berlin'],
      [b.cycle('R/PT1H'), { catchUp: 'some' }, 'catchUp is one of one, all, none'],
      [b.date('2027-01-01T00:00:00Z'), { catchUp: 'all' }, 'this timer fires once'],
      [b.cycle('R/PT1H'), { calendar: 'company' }, 'measures a duration'],
    ] as const) {
      const problem = await problemOf(lab.deploy({ timed: timed(definition, properties) }));
      expect(problem.code).to.equal('definition-refused');
      expect(problem.message).to.include(message);
    }
  });
});
