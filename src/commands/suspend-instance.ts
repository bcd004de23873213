import { emit } from '../persistence/events.ts';
import { wake } from '../persistence/messages.ts';
import { restInstance } from '../persistence/steps.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { lockInstance, type LockedInstance } from './instance.ts';
import { logStep } from './log-step.ts';
import { perform } from './perform.ts';
import { refuseStale } from './refuse-stale.ts';
import { subjectOf } from './task-events.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

interface Rest {
  readonly instanceId: string;
  readonly reason: string;
  readonly ifRevision?: number;
}

/**
 * Lets an instance rest: it takes no step, its jobs are not rung, its timers and messages wait. What its order holds, it goes on holding; money that arrives is
 * recorded. @throws Problem forbidden, not-found, wrong-state, revision-mismatch
 */
export const suspendInstance = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Rest): Promise<Performed> =>
  perform(deps, { ...request, name: 'suspend a process instance', payload: { ...input } }, async (unit) => {
    const instance = await lockFor(unit, input);
    if (instance.ownSuspendedAt !== null) {
      throw new Problem(
        'wrong-state',
        `${instance.businessKey} is suspended since ${instance.ownSuspendedAt.toISOString()} already.`,
      );
    }
    return rest(unit, instance, input.reason, true);
  });

/** Lets it go on where it stands; what fell due meanwhile happens now. @throws Problem forbidden, not-found, wrong-state, revision-mismatch */
export const resumeInstance = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Rest): Promise<Performed> =>
  perform(deps, { ...request, name: 'resume a process instance', payload: { ...input } }, async (unit) => {
    const instance = await lockFor(unit, input);
    if (instance.ownSuspendedAt === null) throw new Problem('wrong-state', `${instance.businessKey} is not suspended.`);
    const answer = await rest(unit, instance, input.reason, false);
    await wake(unit.tx, 'jobs', 'work', 'timers', 'messages', 'calls');
    return answer;
  });

async function lockFor({ tx, actor }: Unit, { instanceId, ifRevision }: Rest): Promise<LockedInstance> {
  requireAnyRole(actor, permissions['suspend a process instance'], 'suspend a process instance');
  const instance = await lockInstance(tx, instanceId);
  const { businessKey, status, revision } = instance;
  if (status !== 'running')
    throw new Problem('wrong-state', `${businessKey} is ${status}; there is nothing to suspend or resume.`);
  refuseStale('this instance', revision, ifRevision);
  return instance;
}

/** A step of its own in the log, which moves no token: who let it rest or go on, when and why. */
async function rest(unit: Unit, instance: LockedInstance, reason: string, suspend: boolean) {
  await logStep(unit, instance, {
    trigger: suspend ? 'suspend' : 'resume',
    reason,
    write: (tx, moment, logHead) => restInstance(tx, moment, suspend ? reason : null, logHead),
  });
  const data = { processInstanceId: instance.id, processId: instance.processId, reason };
  await emit(unit.tx, { type: suspend ? 'workflow.suspended' : 'workflow.resumed', subject: subjectOf(instance), data });
  return revised(200, await readInstance(unit.tx, instance.id));
}
