import { advanceAgain, NothingWaits, StepFailed } from '../engine/index.ts';
import type { Advance, EngineCommand, Wait } from '../engine/types.ts';
import { recordDecisions } from '../persistence/decisions.ts';
import { leaveMessage, wake, type WakeTopic } from '../persistence/messages.ts';
import { appendStep, moveInstance, storeState } from '../persistence/steps.ts';
import { recordTransitions } from '../persistence/transitions.ts';
import { closeWaits, openWaits, type Moment, type NewWait } from '../persistence/waits.ts';
import { createOracle, EvaluationFailed } from '../rules/index.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { newId, sha256 } from '../support/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { broadcastThrown } from './broadcast-signal.ts';
import type { Definition } from './definitions.ts';
import { followCalls } from './follow-calls.ts';
import { StepFailure } from './incidents.ts';
import { refuseSuspended, type LockedInstance } from './instance.ts';
import { refuseOrderMessages } from './own-messages.ts';
import { planPeriodTimers } from './period-timers.ts';
import { refuseTooLarge } from './step-limits.ts';
import { tellTasks } from './task-events.ts';
import { refuseUncaught } from './uncaught-error.ts';
import type { OpenedWait, StepOutcome, Unit } from './unit.ts';

/** What happens to an instance, and what the logs say of it. */
export interface StepRequest {
  readonly command: EngineCommand;
  /** For the logs: `complete`, `timer`, `message:payment.captured` ... */
  readonly trigger: string;
  /** The wait that this ends, for the log and its one-completion-per-wait check. */
  readonly wait?: { readonly id: string; readonly elementId: string };
  readonly reason?: string;
  /** Where it happens, when it ends no wait. */
  readonly elementId?: string;
  /** A repair: an instance that rests takes it too, and rests on. */
  readonly whileSuspended?: boolean;
}

/** How long a message thrown by a diagram waits for a receiver, ms. */
const thrownMessageTtl = 7 * 24 * 3600_000;

/**
 * Takes one step of a locked instance and writes all of it in the unit's transaction: instance, waits, step row, transitions, decision records,
 * outbox and thrown messages. Nothing of it is visible, and no job starts, before that transaction commits.
 * @throws StepFailure when the diagram cannot take the step; Problem task-not-open when nothing waits at the slot
 */
export async function takeStep(unit: Unit, instance: LockedInstance, request: StepRequest): Promise<StepOutcome> {
  const { tx, deps, actor } = unit;
  if (request.whileSuspended !== true) refuseSuspended(instance);
  const definition = await deps.definitions.byId(tx, instance.processDefinitionId);
  const at = await tx.now();
  const advanced = await tryAdvance(instance, definition, request, at);
  await refuseUncaught(unit, instance, request, advanced);
  refuseOrderMessages(instance, request, advanced);
  const moment: Moment = { instanceId: instance.id, revision: instance.revision + 1, actor: actor.id, at };

  const opened = await planPeriodTimers(
    tx,
    instance,
    advanced.opened.map((wait): OpenedWait => ({ ...wait, id: newId() })),
    at,
    request.command.type === 'timer' ? request.command.slot : undefined,
  ).catch((error: unknown) => {
    throw error instanceof StepFailed ? new StepFailure(instance, request, error) : error;
  });
  const closed = await closeWaits(tx, moment, advanced.closed);
  if (closed.length !== advanced.closed.length) {
    throw new ImpossibleState(`instance ${instance.id}: ${advanced.closed.length} waits end, but ${closed.length} rows are open`);
  }
  await openWaits(
    tx,
    moment,
    opened.map((wait) => newWait(wait, advanced.variables)),
    unit.traceparent,
  );

  const stateHash = advanced.state === null ? null : sha256(advanced.state);
  if (advanced.state !== null && stateHash !== null)
    await storeState(tx, instance.processDefinitionId, stateHash, advanced.state);
  const logHead = await appendStep(tx, {
    ...moment,
    trigger: request.trigger,
    elementId: request.wait?.elementId ?? request.elementId ?? null,
    waitId: request.wait?.id ?? null,
    onBehalfOf: actor.onBehalfOf ?? null,
    commandId: unit.commandId,
    opened: opened.map((wait) => wait.id),
    closed: closed.map((row) => row.id),
    trail: advanced.trail as unknown as Json,
    asked: advanced.asked as unknown as Json,
    stateHash,
    traceparent: unit.traceparent,
    reason: request.reason ?? null,
    prevHash: instance.logHead,
  });
  const { status, variables, locals } = advanced;
  if (!(await moveInstance(tx, moment, { status, stateHash, variables, locals, logHead }))) {
    throw new ImpossibleState(`instance ${instance.id} left revision ${instance.revision} under our lock`);
  }
  await recordDecisions(
    tx,
    moment,
    definition.deploymentId,
    advanced.asked
      .filter((asked) => asked.kind === 'decision')
      .map((asked) => ({
        id: newId(),
        elementId: asked.elementId,
        decisionId: asked.question,
        inputs: asked.inputs,
        outcome: asked.outcome,
        matchedRules: asked.matchedRules ?? [],
      })),
  );
  if (instance.subject) {
    const entered = advanced.trail.flatMap((entry) =>
      entry.event === 'enter' && entry.workflowState !== undefined
        ? [{ state: entry.workflowState, elementId: entry.elementId }]
        : [],
    );
    const { trigger, reason = null } = request;
    const ended = status !== 'running';
    await recordTransitions(
      tx,
      instance.subject,
      { ...moment, trigger, reason, ended, onBehalfOf: actor.onBehalfOf ?? null, definitionVersion: definition.version },
      entered,
      variables,
    );
  }
  await tellTasks(tx, instance, opened, closed);
  await followCalls(tx, instance, moment, {
    advanced,
    opened,
    closed,
    reason: request.reason ?? null,
    traceparent: unit.traceparent,
  });
  for (const [index, thrown] of advanced.thrown.entries()) {
    if (thrown.kind !== 'message') continue;
    await leaveMessage(tx, {
      name: thrown.name,
      correlationKey: thrown.correlationKey ?? instance.businessKey,
      variables: thrown.variables ?? {},
      source: `instance:${instance.id}`,
      messageId: `${moment.revision}:${index}:${thrown.elementId}`,
      timeToLiveMs: thrownMessageTtl,
    });
  }
  await broadcastThrown(unit, moment, advanced, opened);
  // the end of an instance is the turn of the next message that starts one with its key
  const isTurn = status !== 'running' && definition.process.starts.some(({ kind }) => kind === 'message');
  await wake(tx, ...new Set([...topicsOf(opened), ...(isTurn ? (['messages'] as const) : [])]));

  const outcome: StepOutcome = {
    instanceId: instance.id,
    revision: moment.revision,
    status,
    path: advanced.trail.filter((entry) => entry.event === 'enter').map((entry) => entry.elementId),
    closed: closed.map((row) => row.slot),
    opened,
  };
  unit.steps.push(outcome);
  return outcome;
}

async function tryAdvance(instance: LockedInstance, definition: Definition, request: StepRequest, now: Date): Promise<Advance> {
  const { state, variables, locals } = instance;
  try {
    const oracle = createOracle({ decisions: definition.decisions, now });
    const advanced = await advanceAgain(
      definition.process,
      state === null ? null : { state, variables, locals },
      request.command,
      oracle,
      now,
    );
    if (advanced.status === 'running' && advanced.open.length === 0) {
      throw new StepFailed(request.wait?.elementId ?? instance.processId, 'the instance would run on with nothing to wait for');
    }
    refuseTooLarge(advanced, request.wait?.elementId ?? instance.processId);
    return advanced;
  } catch (error) {
    if (error instanceof NothingWaits) {
      throw new Problem('task-not-open', `Nothing waits at ${error.slot} of ${instance.businessKey} any more.`, {
        instanceId: instance.id,
      });
    }
    if (error instanceof StepFailed || error instanceof EvaluationFailed) {
      throw new StepFailure(instance, request, error);
    }
    throw error;
  }
}

/** A user task with the property `overrideKind` is bound to the request that the job before it opened (variable `override`). */
export function newWait(wait: OpenedWait, variables: JsonObject): NewWait {
  const override = variables['override'];
  const bound =
    wait.kind === 'user' && wait.properties['overrideKind'] !== undefined && isJsonObject(override) ? override['id'] : null;
  return {
    id: wait.id,
    slot: wait.slot,
    kind: wait.kind,
    element_id: wait.elementId,
    element_name: wait.elementName ?? null,
    properties: wait.properties,
    input: wait.input ?? null,
    candidate_groups: wait.user?.candidateGroups ?? [],
    assignee: wait.user?.assignee ?? null,
    form_id: wait.user?.formId ?? null,
    override_request_id: typeof bound === 'string' ? bound : null,
    job_type: wait.job?.type ?? null,
    retries: wait.job?.retries ?? null,
    message_name: wait.message?.name ?? null,
    correlation_key: wait.message?.correlationKey ?? null,
    due_at: wait.timer?.dueAt ?? null,
    repeat_left: wait.timer?.repeat ?? null,
    repeat_interval: wait.timer?.interval ?? null,
    signal_name: wait.signal?.name ?? null,
    calendar_id: wait.workingTime?.calendarId ?? null,
    working_ms: wait.workingTime?.ms ?? null,
  };
}

function topicsOf(opened: readonly Wait[]): WakeTopic[] {
  const kinds = new Set(opened.map((wait) => wait.kind));
  const topics: WakeTopic[] = [];
  if (kinds.has('job')) topics.push('jobs');
  if (kinds.has('message')) topics.push('messages');
  if (kinds.has('timer')) topics.push('timers');
  return topics;
}
