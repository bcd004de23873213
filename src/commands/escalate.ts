import { escalationGiven, lockEscalation } from '../persistence/call-escalations.ts';
import { resolveCallIncident } from '../persistence/calls.ts';
import { systemActor } from '../policies/actor.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { takeStep } from './step.ts';
import type { Deps } from './unit.ts';

export interface DueEscalation {
  readonly id: string;
  readonly callerId: string;
  readonly traceparent?: string | null;
}

/**
 * Gives a caller an escalation that nothing in the process it called has caught, once. The call goes on, unless an interrupting event takes it away. Answers false
 * when it was given before, or nobody waits for it any more.
 * @throws Problem step-failed, suspended
 */
export async function escalate(deps: Deps, { id, callerId, traceparent }: DueEscalation): Promise<boolean> {
  const request = {
    name: 'escalate to a caller',
    actor: systemActor('call'),
    key: `escalation:${id}`,
    payload: { id },
    ...(typeof traceparent === 'string' && { traceparent }),
  };
  const { body } = await perform(deps, request, async (unit) => {
    const caller = await lockInstance(unit.tx, callerId);
    const escalation = await lockEscalation(unit.tx, id);
    if (!escalation) return { status: 200, body: { given: false } };
    const { code, slot, elementId, waitId } = escalation;
    await escalationGiven(unit.tx, id, unit.now);
    const { revision } = await takeStep(unit, caller, {
      command: { type: 'escalation', slot, code, variables: {} },
      trigger: `escalation:${code}`,
      elementId,
    });
    await resolveCallIncident(unit.tx, waitId, unit.actor.id);
    return { status: 200, body: { given: true, processInstanceId: caller.id, revision } };
  });
  return body['given'] === true;
}
