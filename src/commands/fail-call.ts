import { holdEscalations, lockEscalation } from '../persistence/call-escalations.ts';
import { holdCall, lockCall } from '../persistence/calls.ts';
import { raiseIncident } from '../persistence/incidents.ts';
import type { CallTurn } from './call-turn.ts';
import type { DueEscalation } from './escalate.ts';
import { lockInstance } from './instance.ts';
import type { Deps } from './unit.ts';

/**
 * Makes an incident of a turn that cannot be taken, and lets it rest until somebody has it tried again: on the caller's wait, or, when the child cannot be
 * cancelled, on the child. Does nothing when the turn is over. What is written is no step: nobody leaves where they stand.
 */
export const failCall = (deps: Deps, { waitId, turn }: CallTurn, message: string): Promise<void> =>
  deps.database.transaction(async (tx) => {
    tx.cause = { actor: 'call', commandId: null, traceparent: null, correlationId: null };
    const found = await tx.one<{ callerId: string; childId: string | null; todo: string | null }>(
      `select c.instance_id as "callerId", c.todo, i.id as "childId" from orderflow.call c
         left join orderflow.process_instance i on i.parent_wait_id = c.wait_id and i.status = 'running' where c.wait_id = $1`,
      [waitId],
    );
    const child = found.todo === 'cancel' ? found.childId : null;
    await lockInstance(tx, child ?? found.callerId);
    const call = await lockCall(tx, waitId, turn);
    if (!call) return;
    await holdCall(tx, waitId);
    const { elementId, processId, binding, versionTag, callerId } = call;
    const details = { processId, binding, ...(versionTag !== null && { versionTag }), todo: found.todo };
    const where = child === null ? { instanceId: callerId, waitId, elementId } : { instanceId: child };
    await raiseIncident(tx, { ...where, kind: 'call-failed', message, details });
  });

/** The same of an escalation that its caller cannot take: the escalations of that call rest, and with them its answer. */
export const failEscalation = (deps: Deps, { id, callerId }: DueEscalation, message: string): Promise<void> =>
  deps.database.transaction(async (tx) => {
    tx.cause = { actor: 'call', commandId: null, traceparent: null, correlationId: null };
    await lockInstance(tx, callerId);
    const escalation = await lockEscalation(tx, id);
    if (!escalation) return;
    const { waitId, elementId, code } = escalation;
    await holdEscalations(tx, waitId);
    await raiseIncident(tx, {
      instanceId: callerId,
      waitId,
      elementId,
      kind: 'call-failed',
      message,
      details: { escalation: code },
    });
  });
