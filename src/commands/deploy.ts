import type { FileFinding } from '../contract/finding.ts';
import type { Database } from '../persistence/database.ts';
import type { Reader } from '../persistence/reader.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { Problem } from '../support/errors.ts';
import { newId, sha256 } from '../support/ids.ts';
import { canonicalJson } from '../support/json.ts';
import type { Resources } from './bundle-files.ts';
import { unknownCalendars } from './calendar-findings.ts';
import { callsOfNothing } from './call-findings.ts';
import type { FoundIn, LintBundle, LintedBundle, LintedProcess } from './declarations.ts';
import { lintBundle, toldOutside } from './lint-bundle.ts';
import { perform } from './perform.ts';
import { openStartEvents } from './start-events.ts';
import type { Deps, Performed, Request } from './unit.ts';

export type Deployed = {
  readonly deploymentId: string;
  /** False when all of it is in force already: nothing was written. */
  readonly isNew: boolean;
  readonly processes: readonly { readonly id: string; readonly processId: string; readonly version: number }[];
  readonly decisions: readonly { readonly id: string; readonly decisionId: string; readonly version: number }[];
  /** Warnings about what was deployed. */
  readonly findings: readonly FileFinding[];
};

/**
 * Deploys diagrams, decisions and schemas as one version, all or nothing, for callers that are trusted with their files: the service at its
 * start and the command line. Instances that run stay on theirs.
 * @throws Problem definition-refused with `errors`, each naming file, element, rule and what to change
 */
export async function deploy(database: Database, resources: Resources, actor: string): Promise<Deployed> {
  const hash = hashOf(resources);
  // what was accepted before need not be read again: every start of a process comes along here
  const known = await inForce(database, hash);
  if (known) return { ...known, findings: [] };
  const linted = await lintBundle(resources);
  refuseErrors(linted);
  return database.transaction((tx) => write(tx, hash, resources, linted, actor));
}

/**
 * Deploys what came with this build, once: what analysts have deployed since then stays in force when the service starts again. Another build, also
 * an older one, brings its own again.
 */
export async function deployShipped(database: Database, resources: Resources): Promise<void> {
  const [last] = await database.query<{ hash: string }>(
    `select content_hash as hash from orderflow.deployment where deployed_by = 'system' or content_hash = $1
      order by deployed_at desc, id desc limit 1`,
    [hashOf(resources)],
  );
  if (last?.hash !== hashOf(resources)) await deploy(database, resources, 'system');
}

/** The command: deploys files that somebody sent. They are judged before the transaction begins. @throws Problem definition-refused */
export async function deployFiles(
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  { resources, lint }: { readonly resources: Resources; readonly lint: LintBundle },
): Promise<Performed> {
  requireAnyRole(request.actor, permissions.deploy, 'deploy');
  const linted = await lint(resources);
  refuseErrors(linted);
  const hash = hashOf(resources);
  return perform(deps, { ...request, name: 'deploy', payload: { hash } }, async ({ tx, actor }) => {
    const deployed = await write(tx, hash, resources, linted, actor.id);
    return {
      status: deployed.isNew ? 201 : 200,
      body: { ...deployed },
      headers: { Location: `/v1/deployments/${deployed.deploymentId}` },
    };
  });
}

/** Of the files by their names without folders, which many clients do not send; by their whole names where two have the same one. */
function hashOf(resources: Resources): string {
  const bare = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const names = [...resources.keys()].map(bare);
  const isShared = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  const contents = [...resources].map(([name, content]) => [isShared(bare(name)) ? name : bare(name), sha256(content)]);
  return sha256(canonicalJson(Object.fromEntries(contents)));
}

async function write(
  tx: Transaction,
  hash: string,
  resources: Resources,
  { processes, decisions, findings }: LintedBundle,
  actor: string,
): Promise<Deployed> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('orderflow.deployment'))`);
  const known = await inForce(tx, hash);
  if (known) return { ...known, findings };
  refuse(await findingsOfRows(tx, processes));
  const deploymentId = newId();
  await tx.execute('insert into orderflow.deployment (id, content_hash, deployed_by) values ($1, $2, $3)', [
    deploymentId,
    hash,
    actor,
  ]);
  for (const [name, content] of resources) {
    await tx.execute('insert into orderflow.deployment_resource (deployment_id, name, content) values ($1, $2, $3)', [
      deploymentId,
      name,
      content,
    ]);
  }
  for (const { resourceName, process } of processes) {
    await tx.execute(
      `insert into orderflow.process_definition (id, deployment_id, process_id, version, resource_name, version_tag)
       select $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5 from orderflow.process_definition where process_id = $3`,
      [newId(), deploymentId, process.processId, resourceName, process.versionTag ?? null],
    );
  }
  for (const { resourceName, decisionId, name } of decisions) {
    await tx.execute(
      `insert into orderflow.decision_definition (id, deployment_id, decision_id, name, version, resource_name)
       select $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5 from orderflow.decision_definition where decision_id = $3`,
      [newId(), deploymentId, decisionId, name, resourceName],
    );
  }
  const versions = await versionsOf(tx, deploymentId);
  refuse(await openStartEvents(tx, processes, versions.processes));
  return { deploymentId, isNew: true, ...versions, findings };
}

/** The deployment with this very content, if the newest version of everything in it comes from there. */
async function inForce(reader: Reader, hash: string): Promise<Omit<Deployed, 'findings'> | undefined> {
  const [found] = await reader.query<{ id: string }>(
    `select d.id from orderflow.deployment d where d.content_hash = $1
        and not exists (select from orderflow.process_definition mine
          join orderflow.process_definition newer on newer.process_id = mine.process_id and newer.version > mine.version
          where mine.deployment_id = d.id)
        and not exists (select from orderflow.decision_definition mine
          join orderflow.decision_definition newer on newer.decision_id = mine.decision_id and newer.version > mine.version
          where mine.deployment_id = d.id)
      order by d.deployed_at desc, d.id desc limit 1`,
    [hash],
  );
  return found && { deploymentId: found.id, isNew: false, ...(await versionsOf(reader, found.id)) };
}

async function versionsOf(reader: Reader, deploymentId: string): Promise<Pick<Deployed, 'processes' | 'decisions'>> {
  const processes = await reader.query<Deployed['processes'][number]>(
    'select id, process_id as "processId", version from orderflow.process_definition where deployment_id = $1 order by process_id',
    [deploymentId],
  );
  const decisions = await reader.query<Deployed['decisions'][number]>(
    'select id, decision_id as "decisionId", version from orderflow.decision_definition where deployment_id = $1 order by decision_id',
    [deploymentId],
  );
  return { processes, decisions };
}

function refuseErrors({ findings }: Pick<LintedBundle, 'findings'>): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return;
  throw new Problem(
    'definition-refused',
    `${errors.length} ${errors.length === 1 ? 'thing is' : 'things are'} wrong, the first in ${first.file}` +
      `${first.elementId ? ` at ${first.elementId}` : ''}: ${first.message} Nothing was deployed.`,
    { errors, warnings: findings.filter(({ severity }) => severity === 'warning') },
  );
}

/** What only the database shows: calls of processes that are nowhere, calendars that do not exist. */
export const findingsOfRows = async (reader: Reader, processes: readonly LintedProcess[]): Promise<readonly FoundIn[]> => [
  ...(await callsOfNothing(reader, processes)),
  ...(await unknownCalendars(reader, processes)),
];

/** Refuses a deployment for what only the database shows, such as a calendar that does not exist. @throws Problem definition-refused */
export function refuse(findings: readonly FoundIn[]): void {
  refuseErrors({ findings: findings.map(toldOutside) });
}
