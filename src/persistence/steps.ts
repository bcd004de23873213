import type { Json, JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

/** Stores a canonical engine state once per definition; equal places share the row. */
export async function storeState(tx: Transaction, definitionId: string, hash: string, state: string): Promise<void> {
  await tx.execute(
    'insert into orderflow.engine_state (process_definition_id, hash, state) values ($1, $2, $3) on conflict do nothing',
    [definitionId, hash, state],
  );
}

export interface StepRow extends Moment {
  /** What happened: `complete`, `timer`, `message:payment.captured` ... */
  readonly trigger: string;
  readonly elementId: string | null;
  readonly waitId: string | null;
  readonly onBehalfOf: string | null;
  readonly commandId: string | null;
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly trail: Json;
  readonly asked: Json;
  readonly stateHash: string | null;
  readonly traceparent: string | null;
  /** Why somebody did it; part of the hash when there is one. */
  readonly reason?: string | null;
  readonly prevHash: string | null;
}

/** Appends the step and answers its hash, which covers the hash of the step before. */
export async function appendStep(tx: Transaction, row: StepRow): Promise<string> {
  const { hash } = await tx.one<{ hash: string }>(
    `insert into orderflow.step (instance_id, revision, trigger, element_id, wait_id, actor, on_behalf_of, command_id, opened, closed, trail, asked,
       state_hash, traceparent, at, prev_hash, reason, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
       orderflow.step_digest($16, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15, $17))
     returning hash`,
    [
      row.instanceId,
      row.revision,
      row.trigger,
      row.elementId,
      row.waitId,
      row.actor,
      row.onBehalfOf,
      row.commandId,
      row.opened,
      row.closed,
      JSON.stringify(row.trail),
      JSON.stringify(row.asked),
      row.stateHash,
      row.traceparent,
      row.at,
      row.prevHash,
      row.reason ?? null,
    ],
  );
  return hash;
}

/** Moves the instance to its next revision; answers false when somebody else did (the lock makes that impossible, the guard proves it). */
export async function moveInstance(
  tx: Transaction,
  moment: Moment,
  next: {
    readonly status: string;
    readonly stateHash: string | null;
    readonly variables: JsonObject;
    readonly locals: Readonly<Record<string, JsonObject>>;
    readonly logHead: string;
  },
): Promise<boolean> {
  const moved = await tx.execute(
    `update orderflow.process_instance
        set revision = $2, status = $3, state_hash = $4, variables = $5, locals = $8, log_head = $6,
            ended_at = case when $3 = 'running' then null else $7::timestamptz end,
            suspended_at = case when $3 = 'running' then suspended_at end, suspended_by = case when $3 = 'running' then suspended_by end,
            suspension_reason = case when $3 = 'running' then suspension_reason end
      where id = $1 and revision = $2 - 1 and status = 'running'`,
    [
      moment.instanceId,
      moment.revision,
      next.status,
      next.stateHash,
      JSON.stringify(next.variables),
      next.logHead,
      moment.at,
      JSON.stringify(next.locals),
    ],
  );
  return moved === 1;
}

/** Moves the instance to its next revision without a step of its engine: it rests for a reason, or goes on (null). Answers false as `moveInstance` does. */
export async function restInstance(tx: Transaction, moment: Moment, reason: string | null, logHead: string): Promise<boolean> {
  const moved = await tx.execute(
    `update orderflow.process_instance
        set revision = $2, log_head = $3, suspended_at = case when $4::text is not null then $5::timestamptz end,
            suspended_by = case when $4 is not null then $6 end, suspension_reason = $4
      where id = $1 and revision = $2 - 1 and status = 'running'`,
    [moment.instanceId, moment.revision, logHead, reason, moment.at, moment.actor],
  );
  return moved === 1;
}

/** Moves the instance to its next revision when nothing of it moves: what was done is about one of its jobs. Answers false as `moveInstance` does. */
export async function keepInstance(tx: Transaction, moment: Moment, logHead: string): Promise<boolean> {
  const kept = await tx.execute(
    `update orderflow.process_instance set revision = $2, log_head = $3 where id = $1 and revision = $2 - 1 and status = 'running'`,
    [moment.instanceId, moment.revision, logHead],
  );
  return kept === 1;
}
