import { randomUUID } from 'node:crypto';
import { takeJobStep } from '../../src/commands/complete-job.ts';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import type { Resources } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { lockJob } from '../../src/commands/job.ts';
import { planMigrations, type NewMigration } from '../../src/commands/migration/batches.ts';
import { workOnMigrations } from '../../src/commands/migration/work.ts';
import { perform } from '../../src/commands/perform.ts';
import { publishMessage } from '../../src/commands/publish-message.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { registerJobHandlers } from '../../src/persistence/leases.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { readMigration, searchMigrationItems } from '../../src/queries/migration.ts';
import type { JsonObject } from '../../src/support/json.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { openTask } from '../helpers/builders.ts';
import { by, type World } from '../helpers/world.ts';

const clerk = (id: string, ...inside: readonly string[]): string =>
  b.element('userTask', { id }, '<zeebe:assignmentDefinition candidateGroups="warehouse"/>', ...inside);
const check = b.element('serviceTask', { id: 'check' }, '<zeebe:taskDefinition type="claim.check"/>');

interface Differences {
  /** What the task `review` is called. */
  readonly review: string;
  readonly hasDecide: boolean;
  readonly hasRemind: boolean;
  /** A task that is new before `archive`. */
  readonly hasAudit: boolean;
}

/** A claim: registered, then reviewed and checked side by side, decided, confirmed by a message, filed. */
const claim = ({ review, hasDecide, hasRemind, hasAudit }: Differences): string => {
  const afterJoin = hasDecide ? ['decide'] : [];
  const beforeArchive = hasAudit ? ['audit'] : [];
  return b.bpmnNamed(
    'claim',
    b.message('claim.confirmed', '=claimNumber'),
    b.start('start'),
    clerk('register'),
    b.and('fork'),
    clerk(review),
    b.boundary('late', review, b.duration('P1D')),
    clerk('chase'),
    ...(hasRemind
      ? [b.boundary('remind', review, b.cycle('R2/PT6H'), false), b.end('reminded'), b.flow('remind', 'reminded')]
      : []),
    check,
    b.and('join'),
    ...afterJoin.map((id) => clerk(id)),
    b.receive('confirm', 'claim.confirmed'),
    b.boundary('silent', 'confirm', b.duration('P7D')),
    ...beforeArchive.map((id) => clerk(id)),
    clerk('archive'),
    b.end('end'),
    b.end('given-up'),
    b.flow('start', 'register', 'fork', review, 'join'),
    b.flow('fork', 'check', 'join'),
    b.flow('late', 'chase', 'given-up'),
    b.flow('join', ...afterJoin, 'confirm', ...beforeArchive, 'archive', 'end'),
    b.flow('silent', 'given-up'),
  );
};

const first: Differences = { review: 'review', hasDecide: true, hasRemind: false, hasAudit: false };
/** `review` was renamed to `assess`, `decide` is gone, `audit` and the reminder came. */
const second: Differences = { review: 'assess', hasDecide: false, hasRemind: true, hasAudit: true };

const bundle = (differences: Differences, variables: Readonly<Record<string, JsonObject>>): Resources =>
  new Map([
    ['claim.bpmn', claim(differences)],
    [
      'claim.variables.schema.json',
      JSON.stringify({ type: 'object', properties: { claimNumber: { type: ['string', 'null'], default: null }, ...variables } }),
    ],
    [
      'jobs/claim.check.job.schema.json',
      JSON.stringify({ type: 'claim.check', input: { type: 'object' }, output: { type: 'object', properties: {} } }),
    ],
  ]);

/** Deploys a version of the claim; answers its definition id. */
export async function deployClaim({ database }: World, version: 1 | 2): Promise<string> {
  const resources =
    version === 1 ? bundle(first, {}) : bundle(second, { auditedBy: { type: ['string', 'null'], default: 'nobody yet' } });
  await registerJobHandlers(database, ['claim.check']); // it is done here, in the name of the service
  await deploy(database, resources, 'analyst');
  const [row] = await database.query<{ id: string }>(
    `select id from orderflow.process_definition where process_id = 'claim' order by version desc limit 1`,
  );
  return row?.id ?? '';
}

/** Where a claim can stand in its first version. */
export const places = ['register', 'review and check', 'review', 'check', 'decide', 'confirm', 'archive'] as const;
export type Place = (typeof places)[number];

/** A claim of the latest version that stands at a place; answers the id of its instance. */
export async function aClaim(world: World, place: Place): Promise<string> {
  const claimNumber = `C-${randomUUID().slice(0, 8)}`;
  const { body } = await startProcess(world.deps, by('operator'), {
    processId: 'claim',
    businessKey: claimNumber,
    variables: { claimNumber },
  });
  const id = body['id'] as string;
  if (place === 'register') return id;
  await complete(world, id, 'register');
  if (place === 'review and check') return id;
  if (place !== 'check') await doCheck(world, id);
  if (place === 'review') return id;
  await complete(world, id, 'review');
  if (place === 'check' || place === 'decide') return id;
  await complete(world, id, 'decide');
  if (place === 'confirm') return id;
  await confirm(world, claimNumber);
  return id;
}

export const complete = async (world: World, instanceId: string, elementId: string): Promise<void> => {
  await completeUserTask(world.deps, by('warehouse'), { taskId: await openTask(world, instanceId, elementId), variables: {} });
};

export const confirm = async ({ deps }: World, claimNumber: string): Promise<void> => {
  await publishMessage(deps, by('operator'), {
    name: 'claim.confirmed',
    correlationKey: claimNumber,
    variables: {},
    timeToLiveMs: 0,
  });
};

/** Somebody has done the check of one claim. */
export async function doCheck({ deps, database }: World, instanceId: string): Promise<void> {
  const [job] = await database.query<{ id: string }>(
    `select id from orderflow.wait where instance_id = $1 and kind = 'job' and status = 'open'`,
    [instanceId],
  );
  const jobId = job?.id ?? '';
  const request = { name: 'complete a job', actor: systemActor('worker:claim.check'), key: `job:${jobId}`, payload: { jobId } };
  await perform(deps, request, async (unit) => takeJobStep(unit, await lockJob(unit, jobId), { variables: {} }));
}

export interface Row {
  readonly processInstanceId: string;
  readonly businessKey: string;
  readonly verdict: string;
  readonly outcome: string | null;
  readonly undoOutcome: string | null;
  readonly sentence: string;
}

/** Plans a migration and waits for its verdicts; answers its id. */
export async function planned(world: World, wish: NewMigration): Promise<string> {
  const { body } = await planMigrations(world.deps, by('operator'), wish);
  await work(world);
  return body['id'] as string;
}

/** Does what is to be done with migrations until nothing is left. */
export async function work({ deps }: World): Promise<void> {
  while (await workOnMigrations(deps, 30_000));
}

export const migrationOf = ({ database }: World, id: string): Promise<JsonObject> => database.read((tx) => readMigration(tx, id));

export const rowsOf = async ({ database }: World, id: string): Promise<readonly Row[]> =>
  (await database.read((tx) => searchMigrationItems(tx, id, { page: { limit: 500 } }))).items as unknown as Row[];

/** Everything that is stored of an instance, as text: what nobody has touched is the same bytes. */
export async function everythingOf({ database }: World, instanceIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; all: string }>(
    `select i.id, jsonb_build_array(to_jsonb(i),
              (select jsonb_agg(to_jsonb(w) order by w.id) from orderflow.wait w where w.instance_id = i.id),
              (select jsonb_agg(to_jsonb(s) order by s.revision) from orderflow.step s where s.instance_id = i.id),
              (select jsonb_agg(to_jsonb(o) order by o.id) from orderflow.outbox o where o.instance_id = i.id))::text as all
       from orderflow.process_instance i where i.id = any($1)`,
    [instanceIds],
  );
  return new Map(rows.map(({ id, all }) => [id, all]));
}

/** What an instance waits for: `element@slot` with its kind. */
export async function waitsOf({ database }: World, instanceId: string): Promise<string[]> {
  const rows = await database.query<{ wait: string }>(
    `select kind || ' ' || element_id as wait from orderflow.wait where instance_id = $1 and status = 'open' order by slot`,
    [instanceId],
  );
  return rows.map(({ wait }) => wait);
}
