import { finishBatches, readBatchRow, type LockedBatch } from '../../persistence/migration-batches.ts';
import { claimItems, lockItem, postponeItem, settleItem, type ClaimedItem } from '../../persistence/migration-items.ts';
import { systemActor, type Actor } from '../../policies/actor.ts';
import { ImpossibleState, messageOf, Problem } from '../../support/errors.ts';
import type { Json } from '../../support/json.ts';
import { shareOut } from '../../support/share-out.ts';
import { lockInstance } from '../instance.ts';
import { perform } from '../perform.ts';
import type { Deps } from '../unit.ts';
import { applyMigration } from './apply.ts';
import { judge, plansFor, type MigrationWish, type Plans } from './judge.ts';
import { MovedOn, undoMigration } from './undo.ts';

/** Instances that one process takes on at once; each is a transaction of its own. */
const bounds = { claimed: 40, atOnce: 4 };
/** Failures of ours after which an instance is left as it is. */
const maximumFailures = 5;

/** A batch with what all of its instances share. */
interface Work {
  readonly batch: LockedBatch;
  readonly wish: MigrationWish;
  readonly plans: Plans;
}

/**
 * One round: judges, migrates or takes back some instances of the batches that are under way, whoever asked for them. Any number of processes may do it at once, and
 * one that dies leaves no instance half way: what was committed is skipped, the rest is done after `leaseMs`. Answers true when there may be more to do now.
 */
export async function workOnMigrations(deps: Deps, leaseMs: number): Promise<boolean> {
  const items = await claimItems(deps.database, bounds.claimed, leaseMs);
  const batches = new Map<string, Promise<Work>>();
  const workOf = (id: string): Promise<Work> => {
    const work = batches.get(id) ?? open(deps, id);
    batches.set(id, work);
    return work;
  };
  await shareOut(items, bounds.atOnce, (item) => settle(deps, item, workOf));
  const finished = await finishBatches(deps.database);
  for (const batch of finished) deps.logger.info({ migrationId: batch.id }, `a migration is ${batch.status}`);
  return items.length > 0;
}

async function open({ database, definitions }: Deps, id: string): Promise<Work> {
  const batch = await readBatchRow(database, id);
  if (!batch) throw new ImpossibleState(`there is no migration ${id}`);
  const target = await definitions.byId(database, batch.targetDefinitionId);
  const wish = { target, mapping: batch.mapping, dueDates: batch.dueDates };
  return { batch, wish, plans: plansFor(wish, { shared: true }) };
}

/** Does what is to be done with one instance. One that is busy, or breaks something of ours, keeps nobody else. */
async function settle(deps: Deps, item: ClaimedItem, workOf: (id: string) => Promise<Work>): Promise<void> {
  try {
    const work = await workOf(item.batchId);
    if (item.todo === 'plan') await plan(deps, item, work);
    else if (item.todo === 'execute') await execute(deps, item, work);
    else await takeBack(deps, item, work);
  } catch (error) {
    const failures = await postponeItem(deps.database, item, messageOf(error));
    deps.logger.warn({ err: error, ...item, failures }, 'an instance could not be migrated');
    if (failures < maximumFailures) return;
    const sentence = `Left as it is after ${failures} failures: ${messageOf(error)}`;
    if (item.todo === 'plan') await settleItem(deps.database, item, { verdict: 'refused', sentence });
    else await settleItem(deps.database, item, { [item.todo === 'undo' ? 'undoOutcome' : 'outcome']: 'failed', sentence });
  }
}

const plan = (deps: Deps, item: ClaimedItem, { wish, plans }: Work): Promise<void> =>
  deps.database.transaction(async (tx) => {
    const instance = await lockInstance(tx, item.instanceId);
    if (!(await lockItem(tx, item))) return;
    const { verdict, sentence, obstacles } = await judge(tx, deps, instance, wish, plans);
    await settleItem(tx, item, { verdict, sentence, obstacles: obstacles as unknown as Json });
  });

/** The service acts for whoever asked for it. */
const actorFor = (person: string | null): Actor => ({
  ...systemActor('migration'),
  ...(person !== null && { onBehalfOf: person }),
});

async function execute(deps: Deps, item: ClaimedItem, { batch, wish, plans }: Work): Promise<void> {
  const { batchId, instanceId } = item;
  const request = {
    name: 'migrate a process instance',
    actor: actorFor(batch.executedBy),
    key: `migration:${batchId}:${instanceId}`,
    payload: { batchId, instanceId },
  };
  try {
    await perform(deps, request, async (unit) => {
      const { tx } = unit;
      const instance = await lockInstance(tx, instanceId);
      if (!(await lockItem(tx, item))) return { status: 200, body: { outcome: 'done' } };
      const judged = await judge(tx, deps, instance, wish, plans);
      const { verdict, sentence, obstacles } = judged;
      if (judged.verdict !== 'migrates') {
        await settleItem(tx, item, { outcome: verdict, sentence, obstacles: obstacles as unknown as Json });
        return { status: 200, body: { outcome: verdict } };
      }
      const { revision } = await applyMigration(unit, instance, wish, judged, { reason: batch.reason, batchId });
      await settleItem(tx, item, { outcome: 'migrated', sentence, obstacles: [], migratedRevision: revision });
      return { status: 200, body: { outcome: 'migrated', revision } };
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'migration-refused') throw error;
    const obstacles = (error.extensions['obstacles'] ?? []) as Json;
    await settleItem(deps.database, item, { outcome: 'refused', sentence: error.message, obstacles });
  }
}

async function takeBack(deps: Deps, item: ClaimedItem, { batch }: Work): Promise<void> {
  const { batchId, instanceId } = item;
  const request = {
    name: 'undo the migration of a process instance',
    actor: actorFor(batch.undoneBy),
    key: `undo-migration:${batchId}:${instanceId}`,
    payload: { batchId, instanceId },
  };
  try {
    await perform(deps, request, async (unit) => {
      const instance = await lockInstance(unit.tx, instanceId);
      if (!(await lockItem(unit.tx, item))) return { status: 200, body: { outcome: 'done' } };
      const { revision } = await undoMigration(unit, instance, { reason: batch.undoReason ?? batch.reason, batchId });
      await settleItem(unit.tx, item, { undoOutcome: 'undone', sentence: 'Taken back: it is as it was before.' });
      return { status: 200, body: { outcome: 'undone', revision } };
    });
  } catch (error) {
    if (!(error instanceof MovedOn)) throw error;
    await settleItem(deps.database, item, { undoOutcome: 'moved-on', sentence: error.message });
  }
}
