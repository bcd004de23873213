import { visibleVariables } from '../engine/index.ts';
import type { Locals } from '../engine/types.ts';
import { callRuns, lockCall, resolveCallIncident, type LockedCall } from '../persistence/calls.ts';
import type { Flags } from '../persistence/flags.ts';
import type { JsonObject } from '../support/json.ts';
import { calledDefinition, CallRefused } from './called-definition.ts';
import { maxCallDepth } from './call-findings.ts';
import { performTurn, type CallTurn } from './call-turn.ts';
import { startInstance } from './start-instance.ts';
import type { Deps, Unit } from './unit.ts';

interface Caller {
  readonly id: string;
  readonly definitionId: string;
  readonly depth: number;
  readonly correlationId: string;
  readonly flags: Flags;
  readonly variables: JsonObject;
  readonly locals: Locals;
  /** The wait has an open incident: this is another try. */
  readonly retried: boolean;
}

/**
 * Starts the instance that a call activity waits for, once: child, its first step and the end of this turn commit together. The caller is read and not locked; its
 * wait stands as long as the turn does. Answers false when the turn is over.
 * @throws CallRefused, Problem step-failed (the child cannot take its first step), business-key-active, suspended
 */
export const startCalled = (deps: Deps, turn: CallTurn): Promise<boolean> =>
  performTurn(deps, 'start a called process', turn, async (unit) => {
    const call = await lockCall(unit.tx, turn.waitId, turn.turn);
    if (!call) return undefined;
    const caller = await readCaller(unit, call);
    if (caller.depth >= maxCallDepth) {
      throw new CallRefused(`${call.processId} would be called through ${caller.depth + 1} levels; ${maxCallDepth} are allowed.`);
    }
    const definitionId = await calledDefinition(unit.tx, caller.definitionId, call);
    if (unit.tx.cause) unit.tx.cause.correlationId = caller.correlationId;
    await callRuns(unit.tx, call.waitId);
    const { instanceId } = await startInstance(unit, {
      processId: call.processId,
      definitionId,
      businessKey: call.businessKey,
      subject: null,
      variables: variablesOf(call, caller),
      trigger: 'call',
      parent: { instanceId: caller.id, waitId: call.waitId, depth: caller.depth, flags: caller.flags },
    });
    await resolveCallIncident(unit.tx, call.waitId, unit.actor.id);
    return { processInstanceId: instanceId };
  });

const readCaller = ({ tx }: Unit, { callerId, waitId }: LockedCall): Promise<Caller> =>
  tx.one<Caller>(
    `select i.id, i.process_definition_id as "definitionId", i.call_depth as depth, coalesce(i.correlation_id, i.id) as "correlationId", i.flags,
            i.variables, i.locals, exists (select from orderflow.incident n where n.wait_id = $2 and n.resolved_at is null) as retried
       from orderflow.process_instance i where i.id = $1`,
    [callerId, waitId],
  );

/** What the caller saw when it came to the call; on another try what it sees now, since somebody may have mended that. */
function variablesOf({ slot, input, allVariables, variables }: LockedCall, caller: Caller): JsonObject {
  if (!caller.retried || !allVariables) return variables;
  return { ...visibleVariables(caller.variables, caller.locals, slot), ...input };
}
