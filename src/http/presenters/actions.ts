import type { Action } from '../../contract/action.ts';
import type { Wait } from '../../contract/wait.ts';
import { hasAnyRole, type Actor } from '../../policies/actor.ts';
import { permissions, type Permission } from '../../policies/roles.ts';
import type { JsonObject } from '../../support/json.ts';

export const may = (actor: Actor, permission: Permission): boolean => hasAnyRole(actor, permissions[permission]);

/** What an order waits for now. */
export const waitsOf = (order: JsonObject): readonly Wait[] => order['waits'] as unknown as readonly Wait[];

export const waitsForMessage = (order: JsonObject, name: string): boolean =>
  waitsOf(order).some((wait) => wait.kind === 'message' && wait.messageName === name);

export const waitsForForm = (order: JsonObject, ...formIds: readonly string[]): boolean =>
  waitsOf(order).some((wait) => wait.formId !== undefined && formIds.includes(wait.formId));

/** A body with what its reader may do now. */
export const withActions = (body: JsonObject, actions: readonly (Action | false)[]): JsonObject => ({
  ...body,
  _actions: actions.filter((action) => action !== false),
});

export const hrefOf = (noun: string, { id }: JsonObject): string => `/v1/${noun}/${id as string}`;

export const post = (name: string, href: string): Action => ({ name, method: 'POST', href });

interface TaskLike {
  readonly id: string;
  readonly candidateGroups?: readonly string[];
  readonly assignee?: string;
  readonly overrideRequestId?: string;
}

/**
 * What somebody may do with an open user task, by the rules of the commands behind it. A task that is bound to an override request is left to the
 * request, which knows who asked and who has decided already.
 */
export function taskActions(actor: Actor, task: TaskLike): Action[] {
  if (!hasAnyRole(actor, task.candidateGroups ?? [])) return [];
  if (task.overrideRequestId !== undefined) {
    return [{ name: 'decide-override', method: 'GET', href: `/v1/override-requests/${task.overrideRequestId}` }];
  }
  const mayTake =
    task.assignee === undefined ||
    task.assignee === actor.id ||
    task.assignee === actor.onBehalfOf ||
    hasAnyRole(actor, ['order_admin']);
  if (!mayTake) return [];
  const href = `/v1/user-tasks/${task.id}`;
  const claim: Action =
    task.assignee === undefined ? post('claim', `${href}/claim`) : { name: 'release', method: 'DELETE', href: `${href}/claim` };
  return [post('complete', `${href}/completion`), claim];
}

/** The actions on every open user task of an order. */
export const openTaskActions = (actor: Actor, order: JsonObject): Action[] =>
  waitsOf(order).flatMap((wait) => (wait.kind === 'user' ? taskActions(actor, wait) : []));
