import { DefinitionRefused } from '../engine/index.ts';
import type { Finding } from '../contract/finding.ts';
import { roles } from '../policies/roles.ts';
import type { Database } from '../persistence/database.ts';
import { isPeriod, periods } from '../persistence/deadlines.ts';
import type { Reader } from '../persistence/reader.ts';
import { DecisionRefused, tableFindings, undeclaredNames } from '../rules/index.ts';
import { messageOf, Problem } from '../support/errors.ts';
import { newId, sha256 } from '../support/ids.ts';
import { canonicalJson } from '../support/json.ts';
import { compileBundle, type Bundle, type Resources } from './definitions.ts';

export interface Deployed {
  readonly deploymentId: string;
  /** False when the newest deployment has the same content: nothing was written. */
  readonly isNew: boolean;
  readonly processes: readonly { readonly processId: string; readonly version: number }[];
}

/**
 * Deploys diagrams, decisions and schemas as one version, all or nothing. Instances that run stay on theirs.
 * @throws Problem definition-refused with `findings`, each naming file, element, rule and what to change
 */
export async function deploy(database: Database, resources: Resources, actor: string): Promise<Deployed> {
  const contentHash = sha256(canonicalJson(Object.fromEntries([...resources].map(([name, content]) => [name, sha256(content)]))));
  // what was accepted before need not be compiled again: every start of a process comes along here
  const known = await newestIfSame(database, contentHash);
  if (known) return known;
  const bundle = await compileOrRefuse(resources);
  const findings = crossCheck(bundle);
  if (findings.length > 0) refuse(findings);

  return database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('orderflow.deployment'))`);
    const meanwhile = await newestIfSame(tx, contentHash);
    if (meanwhile) return meanwhile;
    const deploymentId = newId();
    await tx.execute('insert into orderflow.deployment (id, content_hash, deployed_by) values ($1, $2, $3)', [
      deploymentId,
      contentHash,
      actor,
    ]);
    for (const [name, content] of resources) {
      await tx.execute('insert into orderflow.deployment_resource (deployment_id, name, content) values ($1, $2, $3)', [
        deploymentId,
        name,
        content,
      ]);
    }
    const processes = [];
    for (const { resourceName, process } of bundle.processes) {
      const { version } = await tx.one<{ version: number }>(
        `insert into orderflow.process_definition (id, deployment_id, process_id, version, resource_name)
         select $1, $2, $3, coalesce(max(version), 0) + 1, $4 from orderflow.process_definition where process_id = $3
         returning version`,
        [newId(), deploymentId, process.processId, resourceName],
      );
      processes.push({ processId: process.processId, version });
    }
    return { deploymentId, isNew: true, processes };
  });
}

/** The newest deployment, if it has this very content. */
async function newestIfSame(reader: Reader, contentHash: string): Promise<Deployed | undefined> {
  const [newest] = await reader.query<{ id: string; hash: string }>(
    'select id, content_hash as hash from orderflow.deployment order by deployed_at desc, id desc limit 1',
  );
  if (newest?.hash !== contentHash) return undefined;
  const processes = await reader.query<{ processId: string; version: number }>(
    'select process_id as "processId", version from orderflow.process_definition where deployment_id = $1 order by process_id',
    [newest.id],
  );
  return { deploymentId: newest.id, isNew: false, processes };
}

async function compileOrRefuse(resources: Resources): Promise<Bundle> {
  // one file after the other, so that every file's findings are told at once and each finding names its file
  const findings: DeploymentFinding[] = [];
  for (const [name, content] of resources) {
    try {
      const { decisions } = await compileBundle(new Map([[name, content]]));
      findings.push(...decisions.flatMap(tableFindings).map((finding) => ({ file: name, ...finding })));
    } catch (error) {
      if (error instanceof DefinitionRefused || error instanceof DecisionRefused) {
        findings.push(...error.findings.map((finding) => ({ file: name, ...finding })));
      } else {
        findings.push({ file: name, elementId: null, rule: 'readable', message: messageOf(error) });
      }
    }
  }
  if (findings.length > 0) refuse(findings);
  return compileBundle(resources);
}

export interface DeploymentFinding extends Finding {
  readonly file: string;
}

/** What only the files together can show: references between diagrams, decisions, forms, jobs and variables. */
function crossCheck(bundle: Bundle): DeploymentFinding[] {
  const findings: DeploymentFinding[] = [];
  const decisionIds = new Set(bundle.decisions.flatMap((model) => model.decisionIds));
  for (const { resourceName: file, process } of bundle.processes) {
    const find = (elementId: string, rule: string, message: string) => findings.push({ file, elementId, rule, message });
    const schema = bundle.variables.get(process.processId);
    if (!schema) {
      find(process.processId, 'variables-declared', `There is no ${process.processId}.variables.schema.json beside the diagram.`);
    } else {
      for (const { elementId, expression, locals, seesResult } of process.expressions) {
        const element = process.elements.get(elementId);
        const results = [bundle.jobs.get(element?.jobType ?? ''), bundle.forms.get(element?.formId ?? '')];
        const names = [...locals, ...(seesResult ? results.flatMap((declared) => declared?.outputNames ?? []) : [])];
        for (const { name, nearest } of undeclaredNames(expression, schema, names)) {
          const hint = nearest ? ` Did you mean ${nearest}?` : '';
          find(elementId, 'variables-declared', `The expression "${expression}" uses ${name}, which is not declared.${hint}`);
        }
      }
    }
    for (const element of process.elements.values()) {
      const { id, jobType, formId, decisionId = element.properties['decision'], calledProcessId } = element;
      if (jobType !== undefined && !bundle.jobs.has(jobType)) {
        find(id, 'job-type-known', `No ${jobType}.job.schema.json declares the job type ${jobType}.`);
      }
      if (formId !== undefined && !bundle.forms.has(formId)) find(id, 'form-found', `There is no form ${formId}.`);
      if (decisionId !== undefined && !decisionIds.has(decisionId))
        find(id, 'decision-found', `There is no decision ${decisionId}.`);
      const { period } = element.properties;
      if (period !== undefined && !isPeriod(period)) {
        find(id, 'period-known', `There is no commercial period ${period}; there are ${periods.join(', ')}.`);
      }
      if (calledProcessId !== undefined) {
        // the engine stops at it, but nobody starts the called process yet: it would wait for ever
        find(
          id,
          'call-activity',
          `Call activities are not run yet; hand over to ${calledProcessId} by a job, as phase.onSaleCleared does.`,
        );
      }
      for (const group of element.candidateGroups ?? []) {
        if (!(roles as readonly string[]).includes(group)) find(id, 'role-known', `There is no role ${group}.`);
      }
    }
  }
  return findings;
}

function refuse(findings: readonly DeploymentFinding[]): never {
  const [first] = findings;
  throw new Problem(
    'definition-refused',
    `${findings.length} ${findings.length === 1 ? 'thing is' : 'things are'} wrong, the first in ${first?.file}` +
      `${first?.elementId ? ` at ${first.elementId}` : ''}: ${first?.message} Nothing was deployed.`,
    { findings },
  );
}
