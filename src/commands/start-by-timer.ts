import { missedAfterMs, nextDue } from '../engine/index.ts';
import { noteFailedTimerStart } from '../persistence/failed-starts.ts';
import { lockTimerStart, moveTimerStart, type TimerStart } from '../persistence/start-events.ts';
import { systemActor } from '../policies/actor.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import { timerOptions } from './period-timers.ts';
import { startInstance } from './start-instance.ts';
import type { Deps } from './unit.ts';

/**
 * Starts the instance of a timer start event that is due, and says when the timer is due next, in one commit. A firing that was missed is made up for or left out
 * as the property `catchUp` says. Answers false when nothing was started. A start that fails is noted and tried again, later and later.
 */
export async function startByTimer(deps: Deps, start: TimerStart): Promise<boolean> {
  const { processId, elementId, definitionId } = start;
  const request = {
    name: 'start by a timer',
    actor: systemActor('timer'),
    key: `timer-start:${definitionId}:${elementId}:${start.dueAt.toISOString()}`,
    payload: { processId, elementId },
  };
  try {
    const { body } = await perform(deps, request, async (unit) => {
      const timer = await lockTimerStart(unit.tx, start);
      if (!timer) throw new NotDue();
      const started = isMissed(timer, unit.now) ? null : await startInstance(unit, firstStep(timer));
      await moveTimerStart(unit.tx, timer, following(timer, unit.now, started !== null));
      return { status: 200, body: { started: started !== null, ...(started && { processInstanceId: started.instanceId }) } };
    });
    return body['started'] === true;
  } catch (error) {
    if (error instanceof NotDue) return false;
    if (!(error instanceof Problem)) throw error;
    if (error.code !== 'suspended') await noteFailedTimerStart(deps.database, processId, elementId, error.message);
    return false;
  }
}

/** One firing, one instance: its business key says which. */
const firstStep = ({ processId, definitionId, elementId, dueAt }: TimerStart) => ({
  processId,
  definitionId,
  businessKey: `${elementId}@${dueAt.toISOString()}`,
  subject: null,
  variables: {},
  startEvent: elementId,
  trigger: 'timer',
});

/** Is this a firing that the diagram does not want any more, so late? */
const isMissed = ({ dueAt, properties }: TimerStart, now: Date): boolean =>
  timerOptions(properties).catchUp === 'none' && now.getTime() - dueAt.getTime() > missedAfterMs;

/** What was left out does not count as one of the times that it may fire. */
function following({ dueAt, repeatInterval, repeatLeft, properties }: TimerStart, now: Date, fired: boolean) {
  if (repeatInterval === null || repeatLeft === null || (fired && repeatLeft === 0))
    return { dueAt: null, repeatLeft: null, fired };
  return {
    dueAt: nextDue(repeatInterval, dueAt, now, timerOptions(properties)),
    repeatLeft: fired && repeatLeft > 0 ? repeatLeft - 1 : repeatLeft,
    fired,
  };
}

/** Rolls back: somebody was faster, or a deployment has replaced it. */
class NotDue extends Error {}
