import type { ElementMapping, MigrationPlan } from '../../engine/migration/index.ts';
import { wake } from '../../persistence/messages.ts';
import {
  beginExecution,
  beginUndo,
  insertBatch,
  lockBatch,
  stopBatch,
  type BatchFilter,
  type LockedBatch,
} from '../../persistence/migration-batches.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { requireAnyRole, type Actor } from '../../policies/actor.ts';
import { permissions } from '../../policies/roles.ts';
import { readMigration } from '../../queries/migration.ts';
import { Problem } from '../../support/errors.ts';
import { newId } from '../../support/ids.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { revised } from '../answer.ts';
import type { Definition } from '../definitions.ts';
import { perform } from '../perform.ts';
import { refuseStale } from '../refuse-stale.ts';
import type { Deps, Performed, Request } from '../unit.ts';
import { mappingRefused, plansFor } from './judge.ts';

export interface NewMigration {
  readonly targetDefinitionId: string;
  readonly mapping?: ElementMapping;
  readonly dueDates?: 'keep' | 'anew';
  readonly filter?: BatchFilter;
  readonly reason: string;
}

/**
 * Plans a migration of all running instances that the filter finds: verdicts follow in the background. No instance is touched before `executeMigration`.
 * @throws Problem forbidden, not-found, validation-failed
 */
export const planMigrations = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: NewMigration): Promise<Performed> =>
  perform(
    deps,
    { ...request, name: 'plan a migration', payload: { ...input } as unknown as JsonObject },
    async ({ tx, actor }) => {
      may(actor);
      const target = await deps.definitions.byId(tx, input.targetDefinitionId);
      const { mapping = {}, dueDates = 'keep', filter = {}, reason } = input;
      const plans = plansFor({ target, mapping }, { shared: true });
      const id = newId();
      const { processId } = target.process;
      await insertBatch(tx, {
        id,
        processId,
        targetDefinitionId: target.id,
        mapping,
        dueDates,
        filter,
        reason,
        createdBy: actor.id,
      });
      await wake(tx, 'migrations');
      const versions = await versionsOf(tx, deps, id);
      refuseUnknown(mapping, versions);
      const elements = versions.map((from) => describePlan(from, plans(from)));
      return revised(201, { ...(await readMigration(tx, id)), elements }, `/v1/migrations/${id}`);
    },
  );

/** The versions that the instances of a batch are on. */
async function versionsOf(tx: Transaction, { definitions }: Deps, batchId: string): Promise<readonly Definition[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct d.id, d.version from orderflow.migration_item m join orderflow.process_definition d on d.id = m.from_definition_id
      where m.batch_id = $1 order by d.version`,
    [batchId],
  );
  const versions: Definition[] = [];
  for (const { id } of rows) versions.push(await definitions.byId(tx, id));
  return versions;
}

/** A mapping may serve several versions; what none of them has is a slip of the pen. @throws Problem validation-failed */
function refuseUnknown(mapping: ElementMapping, versions: readonly Definition[]): void {
  if (versions.length === 0) return;
  const names = versions.map(({ version }) => version).join(', ');
  const errors = Object.keys(mapping)
    .filter((id) => !versions.some(({ process }) => process.elements.has(id)))
    .map((from) => ({ from, message: `No version that instances come from (${names}) has an element ${from}.` }));
  if (errors.length > 0) throw mappingRefused(errors, 'The mapping does not fit');
}

/** What becomes of the elements of one version. */
function describePlan(from: Definition, { mapping, removed, added, suggestions }: MigrationPlan): JsonObject {
  const moved = Object.fromEntries(Object.entries(mapping).filter(([element, to]) => element !== to));
  return { version: from.version, moved, removed, added, suggestions: suggestions as unknown as Json };
}

/**
 * Migrates, in the background, every instance of a planned batch whose verdict is that it can be. Each is judged again on the state that it has then.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const executeMigration = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly migrationId: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'execute a migration', payload: { ...input } }, async ({ tx, actor }) => {
    may(actor);
    const batch = await lock(tx, input.migrationId, input.ifRevision);
    if (batch.status !== 'planned') throw wrongStatus(batch, 'planned', 'executed');
    await beginExecution(tx, batch.id, actor.id);
    await wake(tx, 'migrations');
    return revised(200, await readMigration(tx, batch.id));
  });

/**
 * Stops a batch: the instances that are left are not migrated any more. What was migrated stays, and can be taken back.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const stopMigration = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly migrationId: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'stop a migration', payload: { ...input } }, async ({ tx, actor }) => {
    may(actor);
    const batch = await lock(tx, input.migrationId, input.ifRevision);
    const { status } = batch;
    if (status !== 'planning' && status !== 'planned' && status !== 'executing')
      throw wrongStatus(batch, 'planned or being executed', 'stopped');
    await stopBatch(tx, batch.id, status === 'executing' ? 'executed' : 'cancelled');
    return revised(200, await readMigration(tx, batch.id));
  });

/**
 * Takes every instance of an executed batch back that has not moved since, in the background.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const undoMigrations = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly migrationId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'undo a migration', payload: { ...input } }, async ({ tx, actor }) => {
    may(actor);
    const batch = await lock(tx, input.migrationId, input.ifRevision);
    if (batch.status !== 'executed') throw wrongStatus(batch, 'executed', 'undone');
    await beginUndo(tx, batch.id, actor.id, input.reason);
    await wake(tx, 'migrations');
    return revised(200, await readMigration(tx, batch.id));
  });

const may = (actor: Actor): void => requireAnyRole(actor, permissions['migrate process instances'], 'migrate process instances');

async function lock(tx: Transaction, id: string, ifRevision: number | undefined): Promise<LockedBatch> {
  const batch = await lockBatch(tx, id);
  if (!batch) throw new Problem('not-found', `There is no migration ${id}.`);
  refuseStale('this migration', batch.revision, ifRevision);
  return batch;
}

const wrongStatus = ({ id, status }: LockedBatch, wanted: string, what: string): Problem =>
  new Problem('wrong-state', `The migration ${id} is ${status}; only one that is ${wanted} can be ${what}.`, {
    migrationStatus: status,
  });
