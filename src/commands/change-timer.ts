import { emit } from '../persistence/events.ts';
import { moveDeadlineOf } from '../persistence/replanning.ts';
import { wake } from '../persistence/messages.ts';
import { openTimer, setDueDate, type OpenTimer } from '../persistence/timers.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readTimer } from '../queries/timer.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { lockInstance } from './instance.ts';
import { logStep } from './log-step.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import { subjectOf } from './task-events.ts';
import type { Deps, Performed, Request } from './unit.ts';

/** Beyond it times have no ISO 8601 form of four digits any more. */
const endOfTime = Date.UTC(9000, 0);

/**
 * Sets when an open timer fires. A time that has passed means now. Of a repeating timer it moves this firing only: the next one is due on its grid. A timer of a
 * commercial period takes what is written of it along (how long a quotation is valid), and follows the calendar no more.
 * @throws Problem forbidden, not-found, wrong-state when it has fired or its token has gone, revision-mismatch, validation-failed
 */
export const changeTimer = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly timerId: string; readonly dueAt: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a timer', payload: { ...input } }, async (unit) => {
    const { tx, actor } = unit;
    requireAnyRole(actor, permissions['change a timer'], 'change a timer');
    const { timerId, reason } = input;
    const known = await readTimer(tx, timerId);
    const instance = await lockInstance(tx, known.processInstanceId);
    const timer = await mustBeOpen(tx, timerId);
    refuseStale('this timer', timer.revision, input.ifRevision);
    const now = await tx.now();
    const to = new Date(Math.max(Date.parse(input.dueAt), now.getTime()));
    if (to.getTime() > endOfTime) {
      const message = 'lies beyond the year 9000';
      throw new Problem('validation-failed', `dueAt ${message}.`, { errors: [{ pointer: '/dueAt', message }] });
    }
    await moveDeadlineOf(tx, instance.id, timer.dueAt, to);
    await setDueDate(tx, timer, to, timer.plannedAt ?? timer.dueAt);
    await logStep(unit, instance, { trigger: 'timer-changed', elementId: timer.elementId, reason });
    const data = {
      timerId,
      elementId: timer.elementId,
      processInstanceId: instance.id,
      from: timer.dueAt.toISOString(),
      to: to.toISOString(),
      reason,
    };
    await emit(tx, { type: 'workflow.timer-changed', subject: subjectOf(instance), data });
    await wake(tx, 'timers');
    return revised(200, await readTimer(tx, timerId));
  });

async function mustBeOpen(tx: Transaction, timerId: string): Promise<OpenTimer> {
  const timer = await openTimer(tx, timerId);
  if (timer) return timer;
  const { status, closedAt } = await readTimer(tx, timerId);
  const how = status === 'completed' ? 'fired' : 'was taken away with its token';
  throw new Problem('wrong-state', `The timer ${how} at ${closedAt}; its due date cannot be changed any more.`);
}
