import { compile, type CompiledProcess } from '../engine/index.ts';
import type { Reader } from '../persistence/reader.ts';
import { parseDecisions, type DecisionModel } from '../rules/index.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import {
  kindOf,
  readForm,
  readJob,
  readVariables,
  type FormDeclaration,
  type JobDeclaration,
  type Resources,
} from './bundle-files.ts';

export type { FormDeclaration, JobDeclaration, Resources } from './bundle-files.ts';

/** What a deployment holds, compiled. */
export interface Bundle {
  readonly processes: readonly { readonly resourceName: string; readonly process: CompiledProcess }[];
  readonly decisions: readonly DecisionModel[];
  /** Forms of user tasks, by form id. */
  readonly forms: ReadonlyMap<string, FormDeclaration>;
  /** Declaration of a job type, by job type. */
  readonly jobs: ReadonlyMap<string, JobDeclaration>;
  /** JSON Schema of a process's variables, by process id. */
  readonly variables: ReadonlyMap<string, JsonObject>;
}

/** A version of a process with the decisions and schemas that were deployed with it. */
export interface Definition extends Omit<Bundle, 'processes' | 'variables'> {
  readonly id: string;
  readonly deploymentId: string;
  readonly version: number;
  readonly process: CompiledProcess;
  readonly variables: JsonObject;
}

/** Compiles files that were accepted when they were deployed, so their rules are not looked at again. @throws DefinitionRefused, DecisionRefused, SchemaRefused when they cannot be read */
export async function compileBundle(resources: Resources): Promise<Bundle> {
  const processes = [];
  const decisions = [];
  const forms = new Map<string, FormDeclaration>();
  const jobs = new Map<string, JobDeclaration>();
  const variables = new Map<string, JsonObject>();
  for (const [name, content] of resources) {
    const { kind, id = '' } = kindOf(name) ?? {};
    if (kind === 'diagram') {
      for (const process of await compile(content, { accepted: true })) processes.push({ resourceName: name, process });
    } else if (kind === 'decision') {
      decisions.push(await parseDecisions(content));
    } else if (kind === 'job') {
      const job = readJob(content);
      jobs.set(job.type, job);
    } else if (kind === 'variables') {
      variables.set(id, readVariables(content));
    } else if (kind === 'form') {
      forms.set(id, readForm(content));
    }
  }
  return { processes, decisions, forms, jobs, variables };
}

/**
 * Compiled definitions, kept because compiling costs a hundred times a step. Nothing here can go stale: a version never changes; which
 * version is the latest is asked anew each time.
 */
export class Definitions {
  readonly #byId = new Map<string, Definition>();
  readonly #bundles = new Map<string, Promise<Bundle>>();

  /** The version that an instance is pinned to. */
  async byId(reader: Reader, id: string): Promise<Definition> {
    const known = this.#byId.get(id);
    if (known) return known;
    const [row] = await reader.query<{ deploymentId: string; processId: string; version: number }>(
      'select deployment_id as "deploymentId", process_id as "processId", version from orderflow.process_definition where id = $1',
      [id],
    );
    if (!row) throw new Problem('not-found', `There is no process definition ${id}.`);
    const { processes, variables, ...rest } = await this.#bundle(reader, row.deploymentId);
    const process = processes.find((each) => each.process.processId === row.processId)?.process;
    if (!process) throw new ImpossibleState(`deployment ${row.deploymentId} has no process ${row.processId}`);
    const definition: Definition = {
      ...rest,
      id,
      deploymentId: row.deploymentId,
      version: row.version,
      process,
      variables: variables.get(row.processId) ?? {},
    };
    this.#byId.set(id, definition);
    return definition;
  }

  /** The version that new instances of a process start on. @throws Problem not-found */
  async latest(reader: Reader, processId: string): Promise<Definition> {
    const [row] = await reader.query<{ id: string }>(
      'select id from orderflow.process_definition where process_id = $1 order by version desc limit 1',
      [processId],
    );
    if (!row) throw new Problem('not-found', `No process ${processId} is deployed.`);
    return this.byId(reader, row.id);
  }

  #bundle(reader: Reader, deploymentId: string): Promise<Bundle> {
    let bundle = this.#bundles.get(deploymentId);
    if (!bundle) {
      bundle = readResources(reader, deploymentId).then(compileBundle);
      bundle.catch(() => this.#bundles.delete(deploymentId));
      this.#bundles.set(deploymentId, bundle);
    }
    return bundle;
  }
}

async function readResources(reader: Reader, deploymentId: string): Promise<Resources> {
  const rows = await reader.query<{ name: string; content: string }>(
    'select name, content from orderflow.deployment_resource where deployment_id = $1 order by name',
    [deploymentId],
  );
  return new Map(rows.map((row) => [row.name, row.content]));
}
