import { visibleVariables } from '../engine/index.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { recordDecisions } from '../persistence/decisions.ts';
import { createOracle } from '../rules/index.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { Json, JsonObject } from '../support/json.ts';
import type { Definition } from './definitions.ts';
import { lockInstance, refuseSuspended, type LockedInstance, type Subject } from './instance.ts';
import type { Unit } from './unit.ts';

/** A job: work that an element of a diagram waits for (external task). */
export interface Job {
  /** Id of the wait. */
  readonly id: string;
  readonly type: string;
  /** Stable over every delivery; external effects carry it as their idempotency key. */
  readonly key: string;
  readonly instanceId: string;
  readonly elementId: string;
  readonly slot: string;
  readonly retries: number;
  readonly properties: Readonly<Record<string, string>>;
  /** The instance's variables, with the job's input mappings on top. */
  readonly variables: JsonObject;
  readonly businessKey: string;
  /** The order that the instance moves; null when it moves none. */
  readonly subject: Subject | null;
}

/** A job of an order's instance, as all jobs are that the service does itself. */
export interface OrderJob extends Job {
  readonly subject: Subject;
}

/** @throws Problem wrong-state */
export function orderJob(job: Job): OrderJob {
  const { subject } = job;
  if (subject) return { ...job, subject };
  throw new Problem(
    'wrong-state',
    `${job.type} works on orders, and ${job.businessKey} is none. Give ${job.elementId} a job type of your own, and a worker that does it.`,
  );
}

/** What a job answers: variables for the process, or a BPMN error that an error boundary event catches. */
export type JobResult =
  | { readonly variables: JsonObject }
  | { readonly error: { readonly code: string; readonly message: string }; readonly variables?: JsonObject };

/** What a handler works with, inside the transaction that also completes its job. */
export interface JobWork {
  readonly unit: Unit;
  readonly tx: Transaction;
  readonly job: OrderJob;
  readonly now: Date;
  /** Evaluates the decision named by the element's property `decision` and records it with the step. */
  readonly decide: (inputs: JsonObject) => Promise<{ readonly value: Json; readonly recordId: string }>;
}

/** An effect in our own database: commits together with the completion of its job, or not at all. */
export type JobEffect = (work: JobWork) => Promise<JobResult>;

/** A job whose instance this transaction has locked. */
export interface LockedJob {
  readonly job: Job;
  readonly instance: LockedInstance;
  readonly definition: Definition;
}

interface JobRow {
  readonly type: string;
  readonly instanceId: string;
  readonly elementId: string;
  readonly slot: string;
  readonly retries: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly input: JsonObject | null;
  readonly status: string;
}

/** The key under which a job does what it does outside, at every attempt. */
export const jobKey = (instanceId: string, jobId: string): string => `${instanceId}:${jobId}`;

/** What a job sees: the variables that its element sees, with its input mappings on top. */
export const jobVariables = (
  { variables, locals }: Pick<LockedInstance, 'variables' | 'locals'>,
  { slot, input }: Pick<JobRow, 'slot' | 'input'>,
): JsonObject => ({ ...visibleVariables(variables, locals, slot), ...input });

/** Locks the job's instance and reads the job. @throws Problem not-found, suspended, task-not-open when it has a result or was taken away */
export async function lockJob(unit: Unit, jobId: string): Promise<LockedJob> {
  const { tx, deps } = unit;
  const select = `select job_type as type, instance_id as "instanceId", element_id as "elementId", slot, retries, properties, input, status
                    from orderflow.wait where id = $1 and kind = 'job'`;
  const found = await tx.maybeOne<JobRow>(select, [jobId]);
  if (!found) throw new Problem('not-found', `There is no job ${jobId}.`);
  const instance = await lockInstance(tx, found.instanceId);
  refuseSuspended(instance);
  const { status, input, ...row } = await tx.one<JobRow>(select, [jobId]);
  if (status !== 'open')
    throw new Problem('task-not-open', `Job ${jobId} (${row.type}) is ${status}; drop the work.`, { jobStatus: status });
  const definition = await deps.definitions.byId(tx, instance.processDefinitionId);
  const job: Job = {
    ...row,
    id: jobId,
    key: jobKey(row.instanceId, jobId),
    variables: jobVariables(instance, { slot: row.slot, input }),
    businessKey: instance.businessKey,
    subject: instance.subject,
  };
  return { job, instance, definition };
}

/** Evaluates a decision for a job; the record belongs to the step that the job's completion is about to take. */
export async function decideFor(unit: Unit, { job, instance, definition }: LockedJob, now: Date, inputs: JsonObject) {
  const decisionId = job.properties['decision'];
  if (decisionId === undefined)
    throw new ImpossibleState(`${job.elementId} has no property decision, but its job ${job.type} asks one`);
  const answer = createOracle({ decisions: definition.decisions, now }).decide(decisionId, inputs, job.elementId);
  const recordId = newId();
  const moment = { instanceId: instance.id, revision: instance.revision + 1, actor: unit.actor.id, at: now };
  await recordDecisions(unit.tx, moment, definition.deploymentId, [
    {
      id: recordId,
      elementId: job.elementId,
      decisionId,
      inputs: answer.inputs,
      outcome: answer.value,
      matchedRules: answer.matchedRules,
    },
  ]);
  return { value: answer.value, recordId };
}
