import type { Actor } from '../policies/actor.ts';
import type { EngineCommand } from '../engine/types.ts';
import { holdCall } from '../persistence/calls.ts';
import { raiseIncident } from '../persistence/incidents.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { messageOf, Problem } from '../support/errors.ts';
import { sentence } from '../support/sentence.ts';
import type { LockedInstance } from './instance.ts';
import type { Deps } from './unit.ts';

/** A step that the diagram could not take: an expression that failed, no flow to take, an error that nobody catches. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly elementId: string | null;

  constructor(
    readonly instance: Pick<LockedInstance, 'id' | 'businessKey' | 'processId' | 'revision'>,
    readonly request: { readonly command: EngineCommand; readonly trigger: string; readonly wait?: { readonly id: string } },
    cause: Error & { readonly elementId?: string | null | undefined },
  ) {
    super(messageOf(cause), { cause });
    this.elementId = cause.elementId ?? null;
  }
}

/**
 * Records an incident for a step that was rolled back, in a transaction of its own, and answers the problem for the caller. A step that answers no wait
 * (a start, an operator's repair) leaves none: nothing was stopped by it, and its caller is told. Nor does a dry run.
 */
export async function recordStepIncident(deps: Deps, actor: Actor, failure: StepFailure, dryRun: boolean): Promise<Problem> {
  const { instance, request, elementId } = failure;
  const { wait } = request;
  let recorded: string | null = null;
  if (wait && instance.revision > 0 && !dryRun) {
    recorded = await deps.database.transaction(async (tx) => {
      tx.cause = { actor: actor.id, commandId: null, traceparent: null, correlationId: null };
      await holdBack(tx, wait.id);
      return raiseIncident(tx, {
        instanceId: instance.id,
        waitId: wait.id,
        kind: 'step-failed',
        elementId,
        message: failure.message,
        details: { command: request.command, trigger: request.trigger, actor: actor.id },
      });
    });
  }
  deps.logger.warn({ instanceId: instance.id, elementId, incidentId: recorded, err: failure.cause }, 'step failed');
  return new Problem(
    'step-failed',
    `${instance.businessKey} cannot go on${elementId ? ` at ${elementId}` : ''}: ${sentence(failure.message)} Nothing was changed; ` +
      'mend the cause and do the same again.',
    { instanceId: instance.id, ...(elementId && { elementId }), ...(recorded && { incidentId: recorded }) },
    { cause: failure },
  );
}

/** Takes a job, timer or call out of the queues until its incident is dealt with (`retryIncident`). */
export async function holdBack(tx: Transaction, waitId: string): Promise<void> {
  await tx.execute(
    `update orderflow.outbox set next_at = 'infinity' where wait_id = $1 and done_at is null and cancelled_at is null`,
    [waitId],
  );
  await tx.execute(`update orderflow.wait set next_at = 'infinity' where id = $1 and kind = 'timer' and status = 'open'`, [
    waitId,
  ]);
  await holdCall(tx, waitId);
}
