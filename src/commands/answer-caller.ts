import { callAgain, lockCall, type CallOutcome, type LockedCall } from '../persistence/calls.ts';
import { raiseIncident } from '../persistence/incidents.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { ImpossibleState } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { performTurn, type CallTurn } from './call-turn.ts';
import { lockInstance } from './instance.ts';
import { takeStep, type StepRequest } from './step.ts';
import type { Deps, Unit } from './unit.ts';

/**
 * Tells a caller how the instance that it called has ended, once: completed with its variables, failed with its BPMN error. One that was cancelled by itself has no
 * result: that is an incident of the caller's wait, and trying again calls it anew. Answers false when the turn is over.
 * @throws Problem step-failed (an incident is recorded and the turn rests), suspended
 */
export const answerCaller = (deps: Deps, turn: CallTurn): Promise<boolean> =>
  performTurn(deps, 'answer a caller', turn, async (unit) => {
    const { tx } = unit;
    const found = await tx.one<{ callerId: string }>('select instance_id as "callerId" from orderflow.call where wait_id = $1', [
      turn.waitId,
    ]);
    const caller = await lockInstance(tx, found.callerId);
    const call = await lockCall(tx, turn.waitId, turn.turn);
    if (!call) return undefined;
    if (!call.outcome) throw new ImpossibleState(`call ${call.waitId} has nothing to answer`);
    if (call.outcome.status === 'cancelled') {
      await missResult(unit, call, call.outcome);
      return { processInstanceId: caller.id, incident: true };
    }
    const { revision } = await takeStep(unit, caller, {
      ...(await answerOf(tx, call, call.outcome)),
      wait: { id: call.waitId, elementId: call.elementId },
    });
    return { processInstanceId: caller.id, revision };
  });

async function answerOf(
  tx: Transaction,
  { waitId, slot }: LockedCall,
  outcome: Exclude<CallOutcome, { readonly status: 'cancelled' }>,
): Promise<Pick<StepRequest, 'command' | 'trigger'>> {
  if (outcome.status === 'failed') {
    const { code, message } = outcome;
    return { command: { type: 'error', slot, code, message, variables: {} }, trigger: `error:${code}` };
  }
  const { variables } = await tx.one<{ variables: JsonObject }>(
    `select variables from orderflow.process_instance where parent_wait_id = $1 and status = 'completed'`,
    [waitId],
  );
  return { command: { type: 'complete', slot, variables }, trigger: 'call:completed' };
}

async function missResult(
  { tx }: Unit,
  { waitId, callerId, elementId, businessKey, processId }: LockedCall,
  { by, reason }: Extract<CallOutcome, { readonly status: 'cancelled' }>,
): Promise<void> {
  await callAgain(tx, waitId);
  await raiseIncident(tx, {
    instanceId: callerId,
    waitId,
    kind: 'call-failed',
    elementId,
    message:
      `${businessKey} (${processId}) was cancelled by ${by}${reason === null ? '' : `: ${reason}`}. ` +
      'Trying again calls it anew; otherwise move the token on, or cancel the caller.',
    details: { processId, cancelledBy: by, reason },
  });
}
