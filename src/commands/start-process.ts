import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readInstance } from '../queries/process-instance.ts';
import { compileSchema, initialVariables, type SchemaCheck } from '../rules/index.ts';
import { Problem } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { revised } from './answer.ts';
import type { Definition } from './definitions.ts';
import { ordersProcesses } from './orders-processes.ts';
import { perform } from './perform.ts';
import { startInstance } from './start-instance.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface StartProcess {
  readonly processId: string;
  /** The latest when left out. */
  readonly version?: number;
  readonly businessKey: string;
  readonly variables: JsonObject;
}

/**
 * Starts an instance of a deployed process that moves no order.
 * @throws Problem forbidden, not-found, business-key-active, validation-failed for variables that the process does not declare, suspended, step-failed
 */
export const startProcess = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: StartProcess): Promise<Performed> =>
  perform(deps, { ...request, name: 'start a process instance', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['start a process instance'], 'start a process instance');
    const { processId, businessKey, variables } = input;
    const instead = ordersProcesses.get(processId);
    if (instead !== undefined) {
      throw new Problem('forbidden', `${processId} is the process of an order and starts with it. Instead there is ${instead}.`, {
        instead,
      });
    }
    const definition = await wanted(unit, input);
    refuseUndeclared(definition, variables);
    const { instanceId } = await startInstance(unit, {
      processId,
      businessKey,
      subject: null,
      variables,
      trigger: 'create',
      definitionId: definition.id,
    });
    return revised(201, await readInstance(unit.tx, instanceId), `/v1/process-instances/${instanceId}`);
  });

/** @throws Problem not-found, naming the versions that there are */
async function wanted({ tx, deps }: Unit, { processId, version }: StartProcess): Promise<Definition> {
  if (version === undefined) return deps.definitions.latest(tx, processId);
  const versions = await tx.query<{ id: string; version: number }>(
    'select id, version from orderflow.process_definition where process_id = $1 order by version',
    [processId],
  );
  const found = versions.find((each) => each.version === version);
  if (found) return deps.definitions.byId(tx, found.id);
  const known = versions.length === 0 ? 'none is deployed' : `there are ${versions.map((each) => each.version).join(', ')}`;
  throw new Problem('not-found', `There is no version ${version} of the process ${processId}; ${known}.`);
}

/** A version never changes, and neither does what its variables have to be. */
const checks = new WeakMap<Definition, SchemaCheck>();

/** Holds what an instance is started with against the schema of its process's variables. @throws Problem validation-failed */
function refuseUndeclared(definition: Definition, variables: JsonObject): void {
  const schema = definition.variables;
  const { properties } = schema;
  let check = checks.get(definition);
  if (!check) checks.set(definition, (check = compileSchema(schema)));
  const unknown = isJsonObject(properties)
    ? Object.keys(variables)
        .filter((name) => !Object.hasOwn(properties, name))
        .map((name) => ({
          pointer: `/${name}`,
          message: `is not declared; there are ${Object.keys(properties).join(', ') || 'none'}`,
        }))
    : [];
  // what was left out begins as its default or null, and is its jobs' and tasks' business
  const given = check({ ...initialVariables(schema), ...variables }).filter(({ pointer }) =>
    Object.hasOwn(variables, pointer.split('/')[1] ?? ''),
  );
  const errors = [...unknown, ...given].map(({ pointer, message }) => ({ pointer: `/variables${pointer}`, message }));
  if (errors.length === 0) return;
  throw new Problem('validation-failed', `The variables do not fit those of the process ${definition.process.processId}.`, {
    errors,
  });
}
