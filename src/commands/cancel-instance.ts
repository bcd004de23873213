import { emit } from '../persistence/events.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import { takeStep } from './step.ts';
import { subjectOf } from './task-events.ts';
import type { Deps, Performed, Request } from './unit.ts';

/**
 * Ends an instance where it stands: its tokens, tasks, jobs and timers are taken away, and what it has called is cancelled by commands of its own. An order is
 * cancelled by its own command instead, which gives back what it holds. An instance that was called is missed by its caller: that becomes an incident there.
 * One that rests is cancelled, too. @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const cancelInstance = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly instanceId: string; readonly reason: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'cancel a process instance', payload: { ...input } }, async (unit) => {
    const { tx, actor } = unit;
    requireAnyRole(actor, permissions['cancel a process instance'], 'cancel a process instance');
    const instance = await lockInstance(tx, input.instanceId);
    const { businessKey, status, revision, subject, processId } = instance;
    if (status !== 'running') throw new Problem('wrong-state', `${businessKey} is ${status}; there is nothing to cancel.`);
    if (subject) {
      const advice = 'it holds goods, credit and money. Cancel the order itself';
      throw new Problem('wrong-state', `${businessKey} is an order: ${advice}.`, {
        subjectType: subject.type,
        subjectId: subject.id,
      });
    }
    refuseStale('this instance', revision, input.ifRevision);
    const { reason } = input;
    await takeStep(unit, instance, { command: { type: 'cancel' }, trigger: 'cancel', reason, whileSuspended: true });
    const data = { processInstanceId: instance.id, processId, reason };
    await emit(tx, { type: 'workflow.cancelled', subject: subjectOf(instance), data });
    return revised(200, await readInstance(tx, instance.id));
  });
