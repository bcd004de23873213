import { missedAfterMs, nextDue } from '../engine/index.ts';
import { openTimer, setDueDate, type OpenTimer } from '../persistence/timers.ts';
import { systemActor } from '../policies/actor.ts';
import { lockInstance, refuseSuspended, type LockedInstance } from './instance.ts';
import { logStep } from './log-step.ts';
import { perform } from './perform.ts';
import { timerOptions } from './period-timers.ts';
import { takeStep } from './step.ts';
import type { Deps, Unit } from './unit.ts';

/**
 * Fires a timer that is due by the database's clock. Answers false when there is nothing to fire: its token was taken away, it is due at another time by now,
 * somebody else was first, or its diagram wants no firing that late (property `catchUp` = `none`).
 * @throws Problem step-failed (an incident is recorded and the timer rests)
 */
export async function fireTimer(deps: Deps, timer: { readonly waitId: string; readonly dueAt: Date }): Promise<boolean> {
  const request = {
    name: 'fire a timer',
    actor: systemActor('timer'),
    key: `timer:${timer.waitId}:${timer.dueAt.toISOString()}`,
    payload: { waitId: timer.waitId },
  };
  try {
    const { body } = await perform(deps, request, async (unit) => {
      const { instance, due } = await lockDueTimer(unit, timer.waitId);
      refuseSuspended(instance);
      if (isMissed(due, unit.now)) {
        await leaveOut(unit, instance, due);
        return { status: 200, body: { fired: false } };
      }
      await takeStep(unit, instance, {
        command: { type: 'timer', slot: due.slot },
        trigger: 'timer',
        wait: { id: due.id, elementId: due.elementId },
      });
      return { status: 200, body: { fired: true } };
    });
    return body['fired'] === true;
  } catch (error) {
    if (error instanceof NotDue) return false;
    throw error;
  }
}

async function lockDueTimer(unit: Unit, waitId: string): Promise<{ instance: LockedInstance; due: OpenTimer }> {
  const found = await unit.tx.one<{ instanceId: string }>(
    'select instance_id as "instanceId" from orderflow.wait where id = $1',
    [waitId],
  );
  const instance = await lockInstance(unit.tx, found.instanceId);
  const due = await openTimer(unit.tx, waitId);
  if (!due || due.dueAt > (await unit.tx.now())) throw new NotDue();
  return { instance, due };
}

const isMissed = ({ interval, dueAt, properties }: OpenTimer, now: Date): boolean =>
  interval !== null && timerOptions(properties).catchUp === 'none' && now.getTime() - dueAt.getTime() > missedAfterMs;

/** A missed firing of a repeating timer that makes up for none: the timer waits for the next one, and the log says so. */
async function leaveOut(unit: Unit, instance: LockedInstance, due: OpenTimer): Promise<void> {
  const next = nextDue(due.interval ?? '', due.plannedAt ?? due.dueAt, unit.now, timerOptions(due.properties));
  await setDueDate(unit.tx, due, next, null);
  await logStep(unit, instance, {
    trigger: 'timer-missed',
    elementId: due.elementId,
    reason: `It was due at ${due.dueAt.toISOString()} and makes up for nothing; it is due again at ${next.toISOString()}.`,
  });
}

/** Rolls back, so that the key is free should the timer become due at this very instant again. */
class NotDue extends Error {}
