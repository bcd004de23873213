import type { ElementMapping } from '../../engine/migration/index.ts';
import { requireAnyRole } from '../../policies/actor.ts';
import { permissions } from '../../policies/roles.ts';
import { readInstance } from '../../queries/process-instance.ts';
import { Problem } from '../../support/errors.ts';
import type { Json } from '../../support/json.ts';
import { revised } from '../answer.ts';
import type { Definition } from '../definitions.ts';
import { lockInstance, type LockedInstance } from '../instance.ts';
import { perform } from '../perform.ts';
import { refuseStale } from '../refuse-stale.ts';
import type { Deps, Performed, Request, Unit } from '../unit.ts';
import { applyMigration } from './apply.ts';
import { judge, plansFor } from './judge.ts';
import { undoMigration } from './undo.ts';

export interface InstanceMigrationWish {
  readonly instanceId: string;
  readonly targetDefinitionId: string;
  readonly mapping?: ElementMapping;
  readonly dueDates?: 'keep' | 'anew';
  readonly reason: string;
  readonly ifRevision?: number;
}

/**
 * Takes one running instance to another version of its process. An instance that is suspended may go, and stays suspended.
 * @throws Problem forbidden, not-found, validation-failed, wrong-state, revision-mismatch, migration-refused with every obstacle
 */
export const migrateInstance = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: InstanceMigrationWish,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'migrate a process instance', payload: { ...input } }, async (unit) => {
    const { tx } = unit;
    const instance = await lockFor(unit, input);
    const target = await deps.definitions.byId(tx, input.targetDefinitionId);
    refuseOtherProcess(target, instance.processId);
    const wish = { target, mapping: input.mapping ?? {}, dueDates: input.dueDates ?? 'keep' };
    const judged = await judge(tx, deps, instance, wish, plansFor(wish));
    if (judged.verdict === 'refused') {
      throw new Problem('migration-refused', `${instance.businessKey}: ${judged.sentence}`, {
        instanceId: instance.id,
        obstacles: judged.obstacles as unknown as Json,
      });
    }
    if (judged.verdict !== 'migrates') throw new Problem('wrong-state', `${instance.businessKey}: ${judged.sentence}`);
    await applyMigration(unit, instance, wish, judged, { reason: input.reason, batchId: null });
    return revised(200, {
      ...(await readInstance(tx, instance.id)),
      migration: { verdict: judged.verdict, sentence: judged.sentence },
    });
  });

/** Takes the last migration of an instance back that has not moved since. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const undoInstanceMigration = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly instanceId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'undo the migration of a process instance', payload: { ...input } }, async (unit) => {
    const instance = await lockFor(unit, input);
    await undoMigration(unit, instance, { reason: input.reason, batchId: null });
    return revised(200, await readInstance(unit.tx, instance.id));
  });

async function lockFor(
  { tx, actor }: Unit,
  { instanceId, ifRevision }: { readonly instanceId: string; readonly ifRevision?: number },
): Promise<LockedInstance> {
  requireAnyRole(actor, permissions['migrate process instances'], 'migrate process instances');
  const instance = await lockInstance(tx, instanceId);
  refuseStale('this instance', instance.revision, ifRevision);
  return instance;
}

/** @throws Problem validation-failed */
function refuseOtherProcess(target: Definition, processId: string): void {
  if (target.process.processId === processId) return;
  const message = `The definition ${target.id} is a version of ${target.process.processId}, not of ${processId}. Choose a version of ${processId} (GET /v1/process-definitions).`;
  throw new Problem('validation-failed', message, { errors: [{ pointer: '/targetDefinitionId', message }] });
}
