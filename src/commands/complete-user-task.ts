import { hasAnyRole, requireAnyRole } from '../policies/actor.ts';
import { readInstance } from '../queries/process-instance.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { revised } from './answer.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { takeStep } from './step.ts';
import { taskResult } from './task-results.ts';
import type { Deps, Performed, Request, StepOutcome, Unit } from './unit.ts';
import { lockTask, type Task } from './user-task.ts';

export interface CompleteUserTask {
  readonly taskId: string;
  /** The task's result, checked against its form. */
  readonly variables: JsonObject;
  /** The task's revision that the caller has seen (`If-Match`). */
  readonly ifRevision?: number;
}

/**
 * Completes a user task for a person who may.
 * @throws Problem not-found, task-not-open (naming who completed it), decide-the-override, forbidden, revision-mismatch, validation-failed, step-failed
 */
export const completeUserTask = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: CompleteUserTask,
): Promise<Performed> =>
  perform(
    deps,
    { ...request, name: 'complete a user task', payload: { taskId: input.taskId, variables: input.variables } },
    async (unit) => {
      const task = await lockTask(unit.tx, input.taskId, input.ifRevision);
      if (task.overrideRequestId !== null) {
        throw new Problem(
          'decide-the-override',
          `${task.elementName ?? task.elementId} is bound to an override request; approve or reject that, and the task completes itself.`,
          { overrideRequestId: task.overrideRequestId },
        );
      }
      mayComplete(unit, task);
      await completeTaskStep(unit, task, input.variables);
      return revised(200, await readInstance(unit.tx, task.instanceId));
    },
  );

/** @throws Problem forbidden, task-claimed */
function mayComplete({ actor }: Unit, task: Task): void {
  const what = `complete ${task.elementName ?? task.elementId}`;
  requireAnyRole(actor, task.candidateGroups, what);
  if (
    task.assignee !== null &&
    task.assignee !== actor.id &&
    task.assignee !== actor.onBehalfOf &&
    !hasAnyRole(actor, ['order_admin'])
  ) {
    throw new Problem('task-claimed', `${task.assignee} has claimed this task. Ask them, or an order_admin, to release it.`, {
      assignee: task.assignee,
    });
  }
}

/** Checks the result against the task's form and takes the step. @throws Problem validation-failed, step-failed */
export async function completeTaskStep(unit: Unit, task: Task, variables: JsonObject): Promise<StepOutcome> {
  const instance = await lockInstance(unit.tx, task.instanceId);
  const definition = await unit.deps.definitions.byId(unit.tx, instance.processDefinitionId);
  const errors = task.formId === null ? [] : (definition.forms.get(task.formId)?.output(variables) ?? []);
  if (errors.length > 0) {
    throw new Problem('validation-failed', `The result does not fit the form ${task.formId}.`, {
      errors: errors.map(({ pointer, message }) => ({ pointer: `/variables${pointer}`, message })),
    });
  }
  return takeStep(unit, instance, {
    command: { type: 'complete', slot: task.slot, variables: await taskResult(unit, instance, task.formId, variables) },
    trigger: 'complete',
    wait: { id: task.id, elementId: task.elementId },
  });
}
