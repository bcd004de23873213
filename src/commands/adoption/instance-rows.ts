import type { Wait } from '../../engine/types.ts';
import { withFlags } from '../../persistence/flags.ts';
import { initialVariables } from '../../rules/index.ts';
import { newId, sha256 } from '../../support/ids.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Subject } from '../instance.ts';
import { newWait } from '../step.ts';
import { migrationActor, type Batch, type Draft } from './batch.ts';
import type { Placed } from './case.ts';
import { planDeadline } from './deadline-rows.ts';
import { fastForward } from './fast-forward.ts';
import type { Phase } from './status-map.ts';

/** How much of the past is written down, ms. */
const historyMs = 90 * 86_400_000;
/** A credit decision that nobody has made by then is made by the workers, in the same order, ms. */
const redecideAfterMs = 10 * 60_000;

export interface Adopted extends Placed {
  readonly subject: Subject;
  readonly number: string;
  readonly status: string;
}

/** What the order's own row gets: where it stands, and that it was adopted. */
export interface StateColumns {
  readonly workflow_state: string;
  readonly workflow_context: JsonObject;
  readonly transition_count: number;
  readonly process_instance_id: string | null;
  readonly legacy_status: string;
  readonly adopted_at: Date;
}

/** The log of an order that was over before it came here: its states, and no instance. */
export function closedState(batch: Batch, draft: Draft, order: Adopted, phase: Phase): StateColumns {
  const transitions = writeTransitions(batch, draft, order, phase, null);
  return columns(batch, order, {}, transitions, null);
}

/**
 * The instance of an order that goes on: where it stands, what it waits for, and one step and one transition that say that it was adopted. No outbox row, no event and no
 * message comes of it; only a credit decision that is still to be made is a job.
 */
export async function runningState(
  batch: Batch,
  draft: Draft,
  order: Adopted,
  start: { readonly instanceId: string; readonly phase: Phase; readonly variables: JsonObject; readonly facts: JsonObject },
): Promise<StateColumns> {
  const { now, commandId } = batch;
  const { phase, instanceId: id } = start;
  const definition = batch.definitions[phase];
  const { state, variables, open, entered } = await fastForward(definition, {
    target: order.target.state,
    variables: { ...withFlags(initialVariables(definition.variables), batch.flags), ...start.variables },
    facts: start.facts,
    answers: batch.map.answers[phase],
    ...(order.target.state === 'CREDIT_CHECK' && { job: 'credit.decide' }),
    now,
  });
  const stateHash = sha256(state);
  const waits = open.map((wait) => newWait({ ...inPeriod(batch, draft, order, id, wait), id: newId() }, variables));
  draft.rows.add('engine_state', { process_definition_id: definition.id, hash: stateHash, state });
  draft.rows.add('process_instance', {
    id,
    process_definition_id: definition.id,
    process_id: definition.process.processId,
    business_key: order.number,
    subject_type: order.subject.type,
    subject_id: order.subject.id,
    status: 'running',
    revision: 1,
    state_hash: stateHash,
    variables,
    flags: batch.flags,
    log_head: null, // that of the step, once it has one
    started_by: migrationActor,
    started_at: now,
  });
  for (const { due_at, ...wait } of waits) {
    const row = {
      ...wait,
      due_at,
      next_at: due_at,
      instance_id: id,
      status: 'open',
      revision: 1,
      opened_at: now,
      opened_revision: 1,
    };
    draft.rows.add('wait', row);
    if (wait.kind === 'job') writeJob(batch, draft, order, { waitId: wait.id, instanceId: id, type: wait.job_type ?? '' });
  }
  draft.rows.add('step', {
    instance_id: id,
    revision: 1,
    trigger: 'backfill',
    element_id: null,
    wait_id: null,
    actor: migrationActor,
    on_behalf_of: null,
    command_id: commandId,
    opened: waits.map((wait) => wait.id),
    closed: [],
    trail: entered,
    asked: [],
    state_hash: stateHash,
    traceparent: null,
    at: now,
    prev_hash: null,
    hash: null,
  });
  const elementId = entered.at(-1)?.elementId ?? '';
  const transitions = writeTransitions(batch, draft, order, phase, { id, elementId });
  return columns(batch, order, variables, transitions, id);
}

/** A timer whose element names a commercial period is due in working time (commands/period-timers.ts). */
function inPeriod(batch: Batch, draft: Draft, { subject }: Adopted, instanceId: string, wait: Wait): Wait {
  const kind = wait.properties['period'];
  if (!wait.timer || kind === undefined || !batch.periods.has(kind)) return wait;
  return { ...wait, timer: { ...wait.timer, dueAt: planDeadline(batch, draft, { subject, kind, instanceId }).toISOString() } };
}

/** Credit is decided again, right after the batch and in the order in which the orders were confirmed (redecide.ts). */
function writeJob(
  { now }: Batch,
  draft: Draft,
  { number }: Adopted,
  job: { readonly waitId: string; readonly instanceId: string; readonly type: string },
): void {
  draft.rows.add('outbox', {
    id: job.waitId,
    wait_id: job.waitId,
    instance_id: job.instanceId,
    job_type: job.type,
    deliveries: 0,
    failures: 0,
    created_at: now,
    next_at: new Date(now.getTime() + redecideAfterMs),
  });
  draft.redecide.push({ waitId: job.waitId, saleNumber: number });
}

const columns = (
  { now }: Batch,
  { target, status }: Adopted,
  context: JsonObject,
  transitions: number,
  instanceId: string | null,
): StateColumns => ({
  workflow_state: target.state,
  workflow_context: context,
  transition_count: transitions,
  process_instance_id: instanceId,
  legacy_status: status,
  adopted_at: now,
});

/** The states of the last 90 days as the old system tells them, and one transition into the state that the order has here. Answers how many there are. */
function writeTransitions(
  { map, now }: Batch,
  draft: Draft,
  { subject, target, status, events }: Adopted,
  phase: Phase,
  instance: { readonly id: string; readonly elementId: string } | null,
): number {
  const recent = events
    .filter(({ at }) => at.getTime() >= now.getTime() - historyMs && at <= now)
    .map((event) => ({ ...event, state: map.past(phase, event.status) }));
  const past = recent.filter((event, index) => event.state !== recent[index - 1]?.state);
  const since = past.at(-1)?.state === target.state ? past.pop()?.at : undefined;
  const common = { entity_type: subject.type, entity_id: subject.id, on_behalf_of: null };
  const nowhere = { element_id: null, instance_id: null, instance_revision: null };
  past.forEach((event, index) => {
    draft.rows.add('transition', {
      ...common,
      sequence: index + 1,
      from_state: past[index - 1]?.state ?? null,
      to_state: event.state,
      trigger: 'backfill-history',
      ...nowhere,
      actor: event.actor,
      reason: `${event.status} in the old system`,
      at: event.at,
    });
  });
  draft.rows.add('transition', {
    ...common,
    sequence: past.length + 1,
    from_state: past.at(-1)?.state ?? null,
    to_state: target.state,
    trigger: 'backfill',
    ...(instance ? { element_id: instance.elementId, instance_id: instance.id, instance_revision: 1 } : nowhere),
    actor: migrationActor,
    reason: `${status} in the old system${since ? ` since ${since.toISOString()}` : ''}`,
    at: now,
  });
  return past.length + 1;
}
