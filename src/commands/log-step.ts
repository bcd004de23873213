import { appendStep, keepInstance } from '../persistence/steps.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { Moment } from '../persistence/waits.ts';
import { ImpossibleState } from '../support/errors.ts';
import { sha256 } from '../support/ids.ts';
import type { LockedInstance } from './instance.ts';
import type { Unit } from './unit.ts';

/** Something that was done to an instance without moving a token of it. */
export interface LoggedStep {
  /** `suspend`, `retries`, `timer-changed` ... */
  readonly trigger: string;
  readonly elementId?: string;
  readonly reason: string;
  /** Writes the instance's next revision with what else changes of it; the revision alone when left out. Answers false when the guard did not hold. */
  readonly write?: (tx: Transaction, moment: Moment, logHead: string) => Promise<boolean>;
}

/** Writes a step of its own into the log of a locked instance, chained like every other: who did it, when, and why. Answers the moment of the step. */
export async function logStep(
  unit: Unit,
  instance: LockedInstance,
  { trigger, elementId, reason, write = keepInstance }: LoggedStep,
): Promise<Moment> {
  const { tx, actor } = unit;
  const moment = { instanceId: instance.id, revision: instance.revision + 1, actor: actor.id, at: await tx.now() };
  const logHead = await appendStep(tx, {
    ...moment,
    trigger,
    elementId: elementId ?? null,
    waitId: null,
    onBehalfOf: actor.onBehalfOf ?? null,
    commandId: unit.commandId,
    opened: [],
    closed: [],
    trail: [],
    asked: [],
    stateHash: instance.state === null ? null : sha256(instance.state),
    traceparent: unit.traceparent,
    reason,
    prevHash: instance.logHead,
  });
  if (!(await write(tx, moment, logHead))) {
    throw new ImpossibleState(`instance ${instance.id} left revision ${instance.revision} under our lock`);
  }
  return moment;
}
