import {
  describeWaits,
  lastMigration,
  openWaitRows,
  recordMigration,
  waitsAgain,
} from '../../persistence/instance-migrations.ts';
import { closeWaits, openWaits, type NewWait } from '../../persistence/waits.ts';
import { ImpossibleState, Problem } from '../../support/errors.ts';
import { newId } from '../../support/ids.ts';
import type { LockedInstance } from '../instance.ts';
import type { OpenedWait, StepOutcome, Unit } from '../unit.ts';
import { concludeVersion, writeVersion, type MigrationCause } from './apply.ts';

/** Why a migration cannot be taken back. */
export class MovedOn extends Problem {
  constructor(instance: LockedInstance, why: string) {
    super('wrong-state', `The migration of ${instance.businessKey} cannot be taken back: ${why}.`, { instanceId: instance.id });
  }
}

/**
 * Takes the last change of version of a locked instance back, as long as nothing has happened to it since: state, variables and waits are what they were. What was
 * taken away then waits again under a new id, since a wait that has ended stays so. @throws MovedOn
 */
export async function undoMigration(
  unit: Unit,
  instance: LockedInstance,
  { reason, batchId }: MigrationCause,
): Promise<StepOutcome> {
  const { tx, deps, actor } = unit;
  const last = await lastMigration(tx, instance.id);
  if (!last) throw new MovedOn(instance, 'it was never migrated');
  if (last.undoes !== null || last.before === null) throw new MovedOn(instance, 'that has been done already');
  if (batchId !== null && last.batchId !== batchId) throw new MovedOn(instance, 'it has been migrated again since');
  if (instance.status !== 'running') throw new MovedOn(instance, `it is ${instance.status}`);
  const since = instance.revision - last.revision;
  if (since > 0)
    throw new MovedOn(
      instance,
      `it has taken ${since} more ${since === 1 ? 'step' : 'steps'} since. Move it by hand, or migrate it to the old version`,
    );

  const { before } = last;
  const moment = { instanceId: instance.id, revision: instance.revision + 1, actor: actor.id, at: await tx.now() };
  const goOn = new Set(before.kept.map(({ id }) => id));
  const ending = (await openWaitRows(tx, instance.id)).filter(({ id }) => !goOn.has(id));
  const closed = await closeWaits(
    tx,
    moment,
    ending.map(({ slot }) => ({ slot, how: 'cancelled' })),
  );
  if (closed.length !== ending.length) throw new ImpossibleState(`instance ${instance.id}: a wait closed under our lock`);
  await describeWaits(tx, instance.id, before.kept);
  const again = await waitsAgain(tx, new Map(before.closed.map((id) => [id, newId()])));
  await openWaits(tx, moment, again, unit.traceparent);

  const [from, to] = [
    await deps.definitions.byId(tx, last.toDefinitionId),
    await deps.definitions.byId(tx, last.fromDefinitionId),
  ];
  await writeVersion(unit, instance, moment, {
    definition: { from, to },
    trigger: 'undo-migration',
    reason,
    moved: [],
    asked: [],
    opened: again.map(({ id }) => id),
    closed: closed.map(({ id }) => id),
    stateHash: before.stateHash,
    variables: before.variables,
    locals: before.locals,
  });
  await recordMigration(tx, moment, {
    fromDefinitionId: from.id,
    toDefinitionId: to.id,
    batchId,
    mapping: {},
    before: null,
    undoes: last.revision,
  });
  const opened = again.map(asOpened);
  return concludeVersion(unit, instance, moment, closed, opened);
}

/** For those who are told of tasks, and for the preview of a dry run. */
const asOpened = (wait: NewWait): OpenedWait => ({
  id: wait.id,
  slot: wait.slot,
  kind: wait.kind as OpenedWait['kind'],
  elementId: wait.element_id,
  ...(wait.element_name !== null && { elementName: wait.element_name }),
  properties: wait.properties,
  ...(wait.kind === 'user' && {
    user: { candidateGroups: wait.candidate_groups, ...(wait.form_id !== null && { formId: wait.form_id }) },
  }),
});
