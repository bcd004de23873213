import { expect } from 'chai';
import { Definitions } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { perform } from '../../src/commands/perform.ts';
import { startInstance } from '../../src/commands/start-instance.ts';
import type { Deps } from '../../src/commands/unit.ts';
import { createTimers } from '../../src/jobs/timers.ts';
import type { Database } from '../../src/persistence/database.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { createLogger } from '../../src/support/logger.ts';
import { bpmnNamed, caught, date, end, flow, start } from '../helpers/bpmn-builder.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { until } from '../helpers/promises.ts';

const many = Number(process.env['TIMERS'] ?? 1000);
const variables = JSON.stringify({
  type: 'object',
  properties: { due: { type: 'string', default: '' } },
  additionalProperties: false,
});
const alarm = bpmnNamed(
  'alarm',
  start('a_start'),
  caught('a_wait', date('=due')),
  end('a_end'),
  flow('a_start', 'a_wait', 'a_end'),
);

describe('many timers', () => {
  let test: TestDatabase;
  let deps: Deps;
  /** How many commands ran at the same moment, at most. */
  let peak = 0;

  before(async () => {
    test = await openTestDatabase({ poolSize: 24 });
    let running = 0;
    const counting: Pick<Database, 'transaction'> = {
      async transaction(work, options) {
        peak = Math.max(peak, ++running);
        try {
          return await test.database.transaction(work, options);
        } finally {
          running--;
        }
      },
    };
    const database = Object.assign(Object.create(test.database) as Database, counting);
    deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
    await deploy(
      test.database,
      new Map([
        ['alarm.bpmn', alarm],
        ['alarm.variables.schema.json', variables],
      ]),
      'test',
    );
  });
  after(() => test.drop());

  it(`62 ${many} that fell due while nobody was there fire once each, in the order in which they were due, a few at a time`, async () => {
    const begin = Date.now() + 3600_000;
    // due one second apart, in an order that has nothing to do with that of their making
    const dues = Array.from({ length: many }, (_each, n) => new Date(begin + ((n * 379) % many) * 1000));
    for (let from = 0; from < many; from += 100) {
      const request = { name: 'set alarms', actor: systemActor('test'), key: `alarms:${from}`, payload: {} };
      await perform(deps, request, async (unit) => {
        for (const [n, due] of dues.slice(from, from + 100).entries()) {
          const instance = { processId: 'alarm', businessKey: `A-${from + n}`, subject: null, trigger: 'create' };
          await startInstance(unit, { ...instance, variables: { due: due.toISOString() } });
        }
        return { status: 200, body: {} };
      });
    }
    await test.database.query('update orderflow.clock set offset_ms = offset_ms + $1', [3600_000 + many * 1000 + 1000]);
    peak = 0;
    const begun = performance.now();

    const services = [1, 2].map(() => createTimers(deps, { leaseMs: 60_000, sweepMs: 60_000 }).start());
    const isOver = async (): Promise<boolean> => {
      const [row] = await test.database.query<{ open: number }>(
        `select count(*) as open from orderflow.wait where kind = 'timer' and status = 'open'`,
      );
      return row?.open === 0;
    };
    await until(isOver, 50_000);
    await Promise.all(services.map((service) => service.stop()));
    if (process.env['TIMERS']) console.log(`        ${Math.round((many * 1000) / (performance.now() - begun))} timers/s`);

    const fired = await test.database.query<{ rank: number; firings: number }>(
      `select row_number() over (order by w.due_at)::int as rank, count(s.*)::int as firings
         from orderflow.wait w left join orderflow.step s on s.wait_id = w.id and s.trigger = 'timer'
        where w.kind = 'timer' group by w.id order by min(s.at), w.due_at`,
    );
    expect(fired).to.have.length(many);
    expect(fired.filter((timer) => timer.firings !== 1)).to.deep.equal([]);
    // two services with eight hands each, which take the next batch when theirs is done: nobody is overtaken by more than what they hold
    const displacement = Math.max(...fired.map((timer, index) => Math.abs(timer.rank - (index + 1))));
    expect(displacement).to.be.at.most(400);
    expect(peak).to.be.at.most(16);
  });
});
