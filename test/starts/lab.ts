import { Definitions } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { publishMessage, type PublishMessage } from '../../src/commands/publish-message.ts';
import type { Deps, Performed } from '../../src/commands/unit.ts';
import { fireRound } from '../../src/jobs/timers.ts';
import { correlateRound } from '../../src/outbox/correlator.ts';
import type { Database } from '../../src/persistence/database.ts';
import { createLogger } from '../../src/support/logger.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { by } from '../helpers/world.ts';

/** The commands, the correlator and the timers on a database of their own, with the diagrams that a test deploys. */
export interface Lab {
  readonly deps: Deps;
  readonly database: Database;
  /** Deploys diagrams by process id, without variables unless a schema's properties are given. */
  deploy(diagrams: Readonly<Record<string, string>>, variables?: object): Promise<void>;
  publish(message: Partial<PublishMessage> & { readonly name: string }): Promise<Performed>;
  /** What correlators (so many at once) do until nothing is left for them. */
  correlate(atOnce?: number): Promise<void>;
  /** What timer services (so many at once) do until nothing is due. */
  fire(atOnce?: number): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Sets the clock to an instant that lies ahead. */
  goTo(at: string): Promise<void>;
  now(): Promise<Date>;
  /** Instances of a process, oldest first. */
  instances(processId: string): Promise<readonly Instance[]>;
  /** The oldest instance of a process, which has to be there. */
  instance(processId: string): Promise<Instance>;
  /** `status` of each instance of a process, oldest first, with its business key. */
  stands(processId: string): Promise<readonly string[]>;
  /** Triggers of the steps of an instance. */
  triggers(instanceId: string): Promise<readonly string[]>;
  openTimers(): Promise<readonly { readonly id: string; readonly elementId: string; readonly dueAt: Date }[]>;
  close(): Promise<void>;
}

export interface Instance {
  readonly id: string;
  readonly businessKey: string;
  readonly status: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly version: number;
}

export async function openLab(): Promise<Lab> {
  const test = await openTestDatabase({ poolSize: 24 });
  const { database } = test;
  const deps: Deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
  const settle = async (round: () => Promise<boolean>, atOnce: number): Promise<void> => {
    const hand = async (): Promise<void> => {
      while (await round());
    };
    await Promise.all(Array.from({ length: atOnce }, hand));
  };
  const lab: Lab = {
    deps,
    database,
    async deploy(diagrams, variables = {}) {
      const schema = JSON.stringify({ type: 'object', properties: variables });
      const files = Object.entries(diagrams).flatMap(([id, xml]) => [
        [`${id}.bpmn`, xml] as const,
        [`${id}.variables.schema.json`, schema] as const,
      ]);
      await deploy(database, new Map(files), 'test');
    },
    publish: (message) =>
      publishMessage(deps, by('operator'), { correlationKey: '', variables: {}, timeToLiveMs: 0, ...message }),
    correlate: (atOnce = 1) => settle(() => correlateRound(deps), atOnce),
    fire: (atOnce = 1) => settle(() => fireRound(deps, { leaseMs: 30_000 }), atOnce),
    pass: async (ms) => void (await database.query('update orderflow.clock set offset_ms = offset_ms + $1', [ms])),
    goTo: async (at) => {
      const [row] = await database.query<{ ms: number }>(
        `select ceil(extract(epoch from $1::timestamptz - orderflow.now()) * 1000)::float8 as ms`,
        [at],
      );
      await lab.pass(Number(row?.ms));
    },
    now: async () => {
      const [row] = await database.query<{ now: Date }>('select orderflow.now() as now');
      return row?.now ?? new Date(0);
    },
    instances: (processId) =>
      database.query<Instance>(
        `select i.id, i.business_key as "businessKey", i.status, i.variables, d.version
           from orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id
          where i.process_id = $1 order by i.started_at, i.id`,
        [processId],
      ),
    instance: async (processId) => {
      const [oldest] = await lab.instances(processId);
      if (!oldest) throw new Error(`there is no instance of ${processId}`);
      return oldest;
    },
    stands: async (processId) => (await lab.instances(processId)).map(({ businessKey, status }) => `${businessKey} ${status}`),
    triggers: async (instanceId) =>
      (
        await database.query<{ trigger: string }>('select trigger from orderflow.step where instance_id = $1 order by revision', [
          instanceId,
        ])
      ).map(({ trigger }) => trigger),
    openTimers: () =>
      database.query(
        `select id, element_id as "elementId", due_at as "dueAt" from orderflow.wait where kind = 'timer' and status = 'open' order by due_at`,
      ),
    close: () => test.drop(),
  };
  return lab;
}
