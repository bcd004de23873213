import type { Actor } from '../policies/actor.ts';
import type { EngineCommand } from '../engine/types.ts';
import { tellIncidents } from '../persistence/incident-events.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { messageOf, Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
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
 * Records an incident for a step that was rolled back, in a transaction of its own, and answers the problem for the caller. One open incident a
 * wait: a second failure updates the first one's text.
 */
export async function recordStepIncident(deps: Deps, actor: Actor, failure: StepFailure): Promise<Problem> {
  const { instance, request, elementId } = failure;
  const incidentId = instance.revision === 0 ? null : newId();
  let recorded = incidentId;
  // an instance that failed to start was never there: its caller is told, and there is nothing to repair
  if (incidentId !== null) {
    const row = await deps.database.transaction(async (tx) => {
      tx.cause = { actor: actor.id, commandId: null, traceparent: null, correlationId: null };
      if (request.wait) await holdBack(tx, request.wait.id);
      const open = await tx.one<{ id: string; isNew: boolean }>(
        `insert into orderflow.incident (id, instance_id, wait_id, kind, element_id, message, details, opened_at)
         values ($1, $2, $3, 'step-failed', $4, $5, $6, orderflow.now())
         on conflict (wait_id) where resolved_at is null do update set message = excluded.message, details = excluded.details
         returning id, xmax = 0 as "isNew"`,
        [
          incidentId,
          instance.id,
          request.wait?.id ?? null,
          elementId,
          failure.message,
          JSON.stringify({ command: request.command, trigger: request.trigger, actor: actor.id }),
        ],
      );
      if (open.isNew) await tellIncidents(tx, 'raised', [open.id]);
      return open;
    });
    recorded = row.id;
  }
  deps.logger.warn({ instanceId: instance.id, elementId, incidentId: recorded, err: failure.cause }, 'step failed');
  return new Problem(
    'step-failed',
    `${instance.businessKey} cannot go on${elementId ? ` at ${elementId}` : ''}: ${failure.message} Nothing was changed; ` +
      'mend the cause and do the same again.',
    { instanceId: instance.id, ...(elementId && { elementId }), ...(recorded && { incidentId: recorded }) },
    { cause: failure },
  );
}

/** Takes a job or timer out of the queues until its incident is dealt with (`retryIncident`). */
export async function holdBack(tx: Transaction, waitId: string): Promise<void> {
  await tx.execute(
    `update orderflow.outbox set next_at = 'infinity' where wait_id = $1 and done_at is null and cancelled_at is null`,
    [waitId],
  );
  await tx.execute(`update orderflow.wait set next_at = 'infinity' where id = $1 and kind = 'timer' and status = 'open'`, [
    waitId,
  ]);
}
