import { noteFailedMessageStart } from '../persistence/failed-starts.ts';
import { finishMessageStart, lockMessageStarts, type MessageStart, type ReadyStart } from '../persistence/start-events.ts';
import { systemActor } from '../policies/actor.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import { startInstance } from './start-instance.ts';
import type { Deps, StepOutcome, Unit } from './unit.ts';

/**
 * Starts an instance by a message, and consumes the message in the same commit. Its business key is the correlation key, so that no second one with that key runs
 * beside it; a message without a key starts one each time, whose business key is the message's id.
 * @throws Problem business-key-active, suspended; StepFailure
 */
export async function startByMessage(unit: Unit, messageId: string, ready: ReadyStart): Promise<StepOutcome> {
  const { processId, definitionId, elementId, name, correlationKey, variables } = ready;
  const started = await startInstance(unit, {
    processId,
    definitionId,
    businessKey: correlationKey === '' ? messageId : correlationKey,
    subject: null,
    variables,
    startEvent: elementId,
    trigger: `message:${name}`,
  });
  await finishMessageStart(unit.tx, { messageId, processId }, started.instanceId);
  return started;
}

/**
 * Starts what a message that was left earlier starts, as a command of its own. Answers false when that cannot be now: an instance with its key runs, an earlier
 * message comes first, or somebody was faster. A start that fails is noted and tried again, later and later, as long as the message lives.
 */
export async function startByLeftMessage(deps: Deps, { messageId, processId }: MessageStart): Promise<boolean> {
  const request = {
    name: 'start by a message',
    actor: systemActor('message'),
    key: `message-start:${messageId}:${processId}`,
    payload: { messageId, processId },
  };
  try {
    const { body } = await perform(deps, request, async (unit) => {
      const [ready] = await lockMessageStarts(unit.tx, messageId, processId);
      if (!ready) throw new NotNow();
      const { instanceId } = await startByMessage(unit, messageId, ready);
      return { status: 201, body: { started: true, processInstanceId: instanceId } };
    });
    return body['started'] === true;
  } catch (error) {
    if (error instanceof NotNow) return false;
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'business-key-active' || error.code === 'suspended') return false;
    await noteFailedMessageStart(deps.database, messageId, processId, error.message);
    return false;
  }
}

/** Rolls back, so that the key is free for the day when it can be. */
class NotNow extends Error {}
