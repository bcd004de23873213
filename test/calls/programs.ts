import { randomUUID } from 'node:crypto';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import type { Resources } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import type { Deps } from '../../src/commands/unit.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { bpmnNamed, element, end, flow, start, type Attributes } from '../helpers/bpmn-builder.ts';
import { by, type World } from '../helpers/world.ts';

/** Diagrams with the variables that they declare, as files of one deployment. */
export const files = (
  diagrams: Readonly<Record<string, { readonly parts: readonly string[]; readonly variables?: readonly string[] }>>,
): Resources =>
  new Map(
    Object.entries(diagrams).flatMap(([id, { parts, variables = [] }]): [string, string][] => {
      const properties = Object.fromEntries(variables.map((name) => [name, {}]));
      return [
        [`${id}.bpmn`, bpmnNamed(id, ...parts)],
        [`${id}.variables.schema.json`, JSON.stringify({ type: 'object', properties })],
      ];
    }),
  );

/** A call activity; attributes are those of zeebe:calledElement. */
export const callActivity = (id: string, called: Attributes, ...inside: readonly string[]): string =>
  element('callActivity', { id }, zeebe('calledElement', called), ...inside);

const zeebe = (name: string, values: Attributes): string =>
  `<zeebe:${name}${Object.entries(values)
    .map(([key, value]) => ` ${key}="${String(value).replaceAll('"', '&quot;')}"`)
    .join('')}/>`;

/** Marks the version of a process, as the first part of it. */
export const versionTag = (value: string): string =>
  `<bpmn:extensionElements>${zeebe('versionTag', { value })}</bpmn:extensionElements>`;

/** A task that the operator completes. */
export const look = (id: string, ...inside: readonly string[]): string =>
  element('userTask', { id }, zeebe('assignmentDefinition', { candidateGroups: 'operator' }), ...inside);

/** One activity between start and end, whose ids begin with its own. */
export const around = (activity: string, id: string): string[] => [
  start(`${id}_s`),
  activity,
  end(`${id}_e`),
  flow(`${id}_s`, id, `${id}_e`),
];

export const deployed = async (world: World, resources: Resources): Promise<void> =>
  void (await deploy(world.database, resources, 'analyst'));

/** Starts an instance that nobody called; answers its id. */
export async function run(
  { deps }: { readonly deps: Deps },
  processId: string,
  {
    businessKey = `K-${randomUUID().slice(0, 8)}`,
    variables = {},
    key,
  }: { businessKey?: string; variables?: JsonObject; key?: string } = {},
): Promise<string> {
  const { body } = await startProcess(deps, by('operator', key), { processId, businessKey, variables });
  return (body as { id: string }).id;
}

export interface Instance {
  readonly id: string;
  readonly processId: string;
  readonly version: number;
  readonly businessKey: string;
  readonly status: string;
  readonly variables: JsonObject;
  readonly parentId: string | null;
  readonly depth: number;
  readonly correlationId: string;
}

const columns = `i.id, i.process_id as "processId", d.version, i.business_key as "businessKey", i.status, i.variables, i.parent_instance_id as "parentId",
  i.call_depth as depth, i.correlation_id as "correlationId"`;

export async function instance({ database }: World, id: string): Promise<Instance> {
  const [row] = await database.query<Instance>(
    `select ${columns} from orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id where i.id = $1`,
    [id],
  );
  if (!row) throw new Error(`no instance ${id}`);
  return row;
}

/** What an instance has called, in the order in which that was started. */
export const childrenOf = ({ database }: World, id: string): Promise<Instance[]> =>
  database.query<Instance>(
    `select ${columns} from orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id
      where i.parent_instance_id = $1 order by i.started_at, i.id`,
    [id],
  );

/** The one instance that was called. */
export async function childOf(world: World, id: string): Promise<Instance> {
  const children = await childrenOf(world, id);
  if (children.length !== 1 || !children[0]) throw new Error(`${children.length} children`);
  return children[0];
}

/** The operator completes the open task at an element. */
export async function complete(world: World, instanceId: string, elementId: string, variables: JsonObject = {}): Promise<void> {
  const [task] = await world.database.query<{ id: string }>(
    `select id from orderflow.wait where instance_id = $1 and element_id = $2 and status = 'open'`,
    [instanceId, elementId],
  );
  if (!task) throw new Error(`nothing waits at ${elementId}`);
  await completeUserTask(world.deps, by('operator'), { taskId: task.id, variables });
}

/** Where an instance waits. */
export const openAt = async ({ database }: World, id: string): Promise<string[]> =>
  (
    await database.query<{ slot: string }>(
      `select slot from orderflow.wait where instance_id = $1 and status = 'open' order by slot`,
      [id],
    )
  ).map(({ slot }) => slot);

export interface OpenIncident {
  readonly id: string;
  readonly kind: string;
  readonly message: string;
}

/** The open incident of an instance. */
export async function incidentOf({ database }: World, instanceId: string): Promise<OpenIncident> {
  const rows = await database.query<OpenIncident>(
    'select id, kind, message from orderflow.incident where instance_id = $1 and resolved_at is null',
    [instanceId],
  );
  if (rows.length !== 1 || !rows[0]) throw new Error(`${rows.length} open incidents`);
  return rows[0];
}
