import { StepFailed, type Wait } from '../../engine/index.ts';
import type { KeptWait } from '../../engine/migration/index.ts';
import { emit } from '../../persistence/events.ts';
import {
  changeVersion,
  describeWaits,
  openWaitRows,
  recordMigration,
  type Before,
  type DescribedWait,
  type OpenWait,
} from '../../persistence/instance-migrations.ts';
import { wake } from '../../persistence/messages.ts';
import { appendStep, storeState } from '../../persistence/steps.ts';
import { closeWaits, openWaits, type ClosedRow, type Moment } from '../../persistence/waits.ts';
import { ImpossibleState, Problem } from '../../support/errors.ts';
import { newId, sha256 } from '../../support/ids.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import type { Definition } from '../definitions.ts';
import type { LockedInstance } from '../instance.ts';
import { planPeriodTimers } from '../period-timers.ts';
import { newWait } from '../step.ts';
import { subjectOf, tellTasks } from '../task-events.ts';
import type { OpenedWait, StepOutcome, Unit } from '../unit.ts';
import type { Judgement, MigrationWish } from './judge.ts';

/** Why, and as part of what. */
export interface MigrationCause {
  readonly reason: string;
  readonly batchId: string | null;
}

/**
 * Takes a locked instance to another version, in the unit's transaction: state, variables, waits, one step in its log, and the record that takes it back. No token
 * moves, no job is done, no timer fires.
 */
export async function applyMigration(
  unit: Unit,
  instance: LockedInstance,
  { target, mapping }: MigrationWish,
  { migrated, variables, from }: Extract<Judgement, { verdict: 'migrates' }>,
  { reason, batchId }: MigrationCause,
): Promise<StepOutcome> {
  const { tx, actor } = unit;
  const at = await tx.now();
  const moment: Moment = { instanceId: instance.id, revision: instance.revision + 1, actor: actor.id, at };
  const rows = new Map((await openWaitRows(tx, instance.id)).map((row) => [row.slot, row]));
  const expected = [...migrated.kept.map(({ slot }) => slot), ...migrated.closed];
  if (expected.length !== rows.size || expected.some((slot) => !rows.has(slot)))
    throw new ImpossibleState(
      `instance ${instance.id}: its state waits at ${expected.join(', ')}, its rows at ${[...rows.keys()].join(', ')}`,
    );

  const closed = await closeWaits(
    tx,
    moment,
    migrated.closed.map((slot) => ({ slot, how: 'cancelled' })),
  );
  const before = migrated.kept.map(({ slot }) => rows.get(slot) as OpenWait);
  await describeWaits(
    tx,
    instance.id,
    migrated.kept.map((wait, index) => describe(before[index] as OpenWait, wait)),
  );
  const opened = await planTimers(unit, instance, migrated.opened, at);
  await openWaits(
    tx,
    moment,
    opened.map((wait) => newWait(wait, variables)),
    unit.traceparent,
  );

  const stateHash = sha256(migrated.state);
  await storeState(tx, target.id, stateHash, migrated.state);
  await writeVersion(unit, instance, moment, {
    definition: { from, to: target },
    trigger: 'migrate',
    reason,
    moved: migrated.moved,
    asked: migrated.asked as unknown as Json,
    opened: opened.map(({ id }) => id),
    closed: closed.map(({ id }) => id),
    stateHash,
    variables,
    locals: migrated.locals,
  });
  const record: Before = {
    stateHash: sha256(instance.state ?? ''),
    variables: instance.variables,
    locals: instance.locals,
    kept: before.map(({ opened_at: _openedAt, ...row }) => row),
    closed: closed.map(({ id }) => id),
  };
  await recordMigration(tx, moment, {
    fromDefinitionId: from.id,
    toDefinitionId: target.id,
    batchId,
    mapping,
    before: record,
    undoes: null,
  });
  return concludeVersion(unit, instance, moment, closed, opened);
}

/** @throws Problem migration-refused when a timer follows a calendar that is not there */
async function planTimers({ tx }: Unit, instance: LockedInstance, opened: readonly Wait[], at: Date): Promise<OpenedWait[]> {
  const rows = opened.map((wait): OpenedWait => ({ ...wait, id: newId() }));
  try {
    return await planPeriodTimers(tx, instance, rows, at);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const obstacles = [{ rule: 'expression-failed', elementId: error.elementId, message: `${error.message}.` }];
    throw new Problem('migration-refused', `${instance.businessKey}: ${error.message}.`, { instanceId: instance.id, obstacles });
  }
}

/** What the step of a change of version says, and what the instance is afterwards. */
export interface NewVersion {
  readonly definition: { readonly from: Definition; readonly to: Definition };
  readonly trigger: 'migrate' | 'undo-migration';
  readonly reason: string;
  /** Tokens that lie under another id from now on. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly asked: Json;
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly stateHash: string;
  readonly variables: JsonObject;
  readonly locals: JsonObject;
}

/** Writes the step, the instance's row and the event. The trail says which version became which, so the hash chain covers it. */
export async function writeVersion(unit: Unit, instance: LockedInstance, moment: Moment, next: NewVersion): Promise<void> {
  const { tx, actor } = unit;
  const { from, to } = next.definition;
  const trail: Json = [
    { event: 'migrate', elementId: instance.processId, elementType: 'bpmn:Process', from: versionOf(from), to: versionOf(to) },
    ...next.moved.map((token) => ({
      event: 'migrate',
      elementId: token.to,
      elementType: to.process.elements.get(token.to)?.type ?? '',
      from: token.from,
    })),
  ];
  const logHead = await appendStep(tx, {
    ...moment,
    trigger: next.trigger,
    elementId: null,
    waitId: null,
    onBehalfOf: actor.onBehalfOf ?? null,
    commandId: unit.commandId,
    opened: next.opened,
    closed: next.closed,
    trail,
    asked: next.asked,
    stateHash: next.stateHash,
    traceparent: unit.traceparent,
    reason: next.reason,
    prevHash: instance.logHead,
  });
  const { stateHash, variables, locals } = next;
  if (!(await changeVersion(tx, moment, { definitionId: to.id, stateHash, variables, locals, logHead }))) {
    throw new ImpossibleState(`instance ${instance.id} left revision ${instance.revision} under our lock`);
  }
  const data = {
    processInstanceId: instance.id,
    processId: instance.processId,
    reason: next.reason,
    fromVersion: from.version,
    toVersion: to.version,
  };
  await emit(tx, { type: 'workflow.migrated', subject: subjectOf(instance), data });
}

const versionOf = ({ id, version }: Definition): JsonObject => ({ processDefinitionId: id, version });

/** The row of a wait that goes on, with what the new version says of it. */
function describe({ opened_at: _openedAt, ...row }: OpenWait, { to }: KeptWait): DescribedWait {
  return {
    ...row,
    slot: to.slot,
    element_id: to.elementId,
    element_name: to.elementName,
    properties: to.properties,
    ...(to.candidateGroups && { candidate_groups: to.candidateGroups }),
    ...(to.formId !== undefined && { form_id: to.formId }),
    ...(to.message && { message_name: to.message.name, correlation_key: to.message.correlationKey }),
    ...(to.signal && { signal_name: to.signal.name }),
    ...(to.dueAt !== undefined && { due_at: to.dueAt }),
    ...(to.interval !== undefined && { repeat_interval: to.interval }),
  };
}

/** Tells of the tasks that have come and gone, and wakes who works on what begins now. Answers the step, for the preview of a dry run. */
export async function concludeVersion(
  unit: Unit,
  instance: LockedInstance,
  { instanceId, revision }: Moment,
  closed: readonly ClosedRow[],
  opened: readonly OpenedWait[],
): Promise<StepOutcome> {
  await tellTasks(unit.tx, instance, opened, closed);
  await wake(unit.tx, 'jobs', 'timers', 'messages');
  const outcome: StepOutcome = {
    instanceId,
    revision,
    status: 'running',
    path: [],
    closed: closed.map(({ slot }) => slot),
    opened,
  };
  unit.steps.push(outcome);
  return outcome;
}
