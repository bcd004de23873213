import { visibleVariables } from '../engine/index.ts';
import type { Advance } from '../engine/types.ts';
import { leaveEscalations } from '../persistence/call-escalations.ts';
import { closeCalls, endCalled, openCalls, type CallOutcome, type NewCall } from '../persistence/calls.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { ClosedRow, Moment } from '../persistence/waits.ts';
import { ImpossibleState } from '../support/errors.ts';
import type { LockedInstance } from './instance.ts';
import type { OpenedWait } from './unit.ts';

/** What a step did, as far as calls are concerned. */
export interface FollowedStep {
  readonly advanced: Pick<Advance, 'status' | 'error' | 'variables' | 'locals' | 'thrown'>;
  readonly opened: readonly OpenedWait[];
  readonly closed: readonly ClosedRow[];
  readonly reason: string | null;
  readonly traceparent: string | null;
}

/**
 * Leaves the rows that follow from a step, in its own commit: calls that have begun, calls whose wait is gone, and for who called the instance what it
 * has escalated and how it ended. The other instance is neither locked nor read: each row becomes its own command.
 */
export async function followCalls(tx: Transaction, instance: LockedInstance, moment: Moment, step: FollowedStep): Promise<void> {
  const { advanced, opened, closed } = step;
  const calls = opened.flatMap((wait) => (wait.call ? [newCall(wait, wait.call, advanced)] : []));
  await openCalls(tx, moment, instance.businessKey, calls, step.traceparent);
  const gone = closed.filter((row) => row.kind === 'call').map((row) => row.id);
  await closeCalls(tx, gone, moment.at);
  if (instance.parentWaitId === null) return;
  const escalated = advanced.thrown.filter(({ kind }) => kind === 'escalation').map(({ name }) => name);
  await leaveEscalations(tx, moment, instance.parentWaitId, escalated, step.traceparent);
  const outcome = outcomeOf(step, moment.actor);
  if (outcome) await endCalled(tx, instance.id, outcome, moment.at);
}

function newCall(
  wait: OpenedWait,
  { processId, binding, versionTag, allVariables }: NonNullable<OpenedWait['call']>,
  { variables, locals }: FollowedStep['advanced'],
): NewCall {
  return {
    wait_id: wait.id,
    process_id: processId,
    binding,
    version_tag: versionTag ?? null,
    all_variables: allVariables,
    variables: { ...(allVariables && visibleVariables(variables, locals, wait.slot)), ...wait.input },
  };
}

function outcomeOf({ advanced: { status, error }, reason }: FollowedStep, by: string): CallOutcome | undefined {
  if (status === 'running') return undefined;
  if (status === 'completed') return { status };
  if (status === 'cancelled') return { status, by, reason };
  if (!error) throw new ImpossibleState('an instance has failed without an error');
  return { status, code: error.code, message: error.message };
}
