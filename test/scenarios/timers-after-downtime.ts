import { expect } from 'chai';
import { Definitions } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { startInstance } from '../../src/commands/start-instance.ts';
import type { Database } from '../../src/persistence/database.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { createLogger } from '../../src/support/logger.ts';
import { bpmnNamed, caught, date, end, flow, start } from '../helpers/bpmn-builder.ts';
import { startScenarioService } from './service.ts';
import { createStage } from './stage.ts';

const process = 'waits-for-its-time';
const diagram = bpmnNamed(
  process,
  start('w_start'),
  caught('w_time', date('=dueAt')),
  end('w_end'),
  flow('w_start', 'w_time', 'w_end'),
);
const variables = JSON.stringify({
  type: 'object',
  additionalProperties: false,
  properties: { dueAt: { type: ['string', 'null'], default: null } },
});

/** Instances that are made at the same time. */
const atOnce = 8;
/**
 * Timers that one process fires at once. A hand that is held up, by a lock or a busy machine, is overtaken by what the others fire meanwhile: by some
 * tens, where no order at all would be hundreds.
 */
const firedAtOnce = 8;
const overtakenBy = 8 * firedAtOnce;

/** So many timers become due while no service runs; then one starts. Answers what was seen. */
export async function fireAfterDowntime(count: number): Promise<string[]> {
  const service = await startScenarioService({ prepare: (database) => writeTimers(database, count) });
  try {
    const { database } = service;
    const left = async (): Promise<number> =>
      (
        await database.query<{ left: number }>(
          `select count(*) as left from orderflow.wait where kind = 'timer' and status = 'open' and element_id = 'w_time'`,
        )
      )[0]?.left ?? 0;
    for (let before = count; before > 0;) {
      const now = await left();
      if (now > 0)
        await createStage(service).until('more timers have fired', async () => ((await left()) < now ? true : undefined));
      before = now;
    }
    const fired = await database.query<{ times: number; place: number; wanted: number }>(
      `select count(*) over (partition by w.id) as times, row_number() over (order by s.at, w.due_at) as place, row_number() over (order by w.due_at) as wanted
         from orderflow.step s join orderflow.wait w on w.id = s.wait_id where s.trigger = 'timer' and w.element_id = 'w_time'`,
    );
    expect(fired).to.have.length(count);
    expect(fired.filter(({ times }) => times !== 1)).to.deep.equal([]);
    const furthest = Math.max(...fired.map(({ place, wanted }) => Math.abs(place - wanted)));
    expect(furthest, 'places that a timer was early or late').to.be.at.most(overtakenBy);
    return [`${count} fired once, in due order`];
  } finally {
    await service.close();
  }
}

/** Instances whose timers are due in the past, a second apart. */
async function writeTimers(database: Database, count: number): Promise<void> {
  const resources = new Map([
    ...(await readResources(processesFolder)),
    [`${process}.bpmn`, diagram],
    [`${process}.variables.schema.json`, variables],
  ]);
  await deploy(database, resources, 'test');
  const deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
  const first = Date.now() - count * 1_000;
  let made = 0;
  const make = async (): Promise<void> => {
    for (let index = made++; index < count; index = made++) {
      const dueAt = new Date(first + index * 1_000).toISOString();
      await database.transaction(async (tx) => {
        const unit = { tx, deps, actor: systemActor('test'), commandId: null, traceparent: null, now: await tx.now(), steps: [] };
        await startInstance(unit, {
          processId: process,
          businessKey: `timer ${index}`,
          subject: null,
          variables: { dueAt },
          trigger: 'create',
        });
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, make));
}
