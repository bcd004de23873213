import { lockCall } from '../persistence/calls.ts';
import { resolveIncidents } from '../persistence/incidents.ts';
import { performTurn, type CallTurn } from './call-turn.ts';
import { lockInstance } from './instance.ts';
import { takeStep } from './step.ts';
import type { Deps } from './unit.ts';

/**
 * Cancels the instance that a call has started, because nobody waits for it any more; what that one has called is cancelled by rows of its own. Answers false when
 * the turn is over: it has ended by itself.
 * @throws Problem step-failed (an incident is recorded), suspended
 */
export const cancelCalled = (deps: Deps, turn: CallTurn): Promise<boolean> =>
  performTurn(deps, 'cancel a called process', turn, async (unit) => {
    const { tx } = unit;
    const [found] = await tx.query<{ id: string }>(
      `select id from orderflow.process_instance where parent_wait_id = $1 and status = 'running'`,
      [turn.waitId],
    );
    if (!found) return undefined;
    const child = await lockInstance(tx, found.id);
    if (!(await lockCall(tx, turn.waitId, turn.turn))) return undefined;
    const { revision } = await takeStep(unit, child, {
      command: { type: 'cancel' },
      trigger: 'cancel',
      reason: 'its caller no longer waits for it',
    });
    const stopped = await tx.query<{ id: string }>(
      `select id from orderflow.incident where instance_id = $1 and wait_id is null and kind = 'call-failed' and resolved_at is null`,
      [child.id],
    );
    const ids = stopped.map((incident) => incident.id);
    await resolveIncidents(tx, { ids }, unit.actor.id);
    return { processInstanceId: child.id, revision };
  });
