import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { OverrideRequest } from '../../src/contract/override-request.ts';
import { pageOf } from '../../src/contract/search.ts';
import { UserTask } from '../../src/contract/user-task.ts';
import type { Answer } from '../scenarios/client.ts';
import type { Dice, PropertyWorld } from './world.ts';

type Task = z.output<typeof UserTask>;
type Result = (world: PropertyWorld, task: Task, dice: Dice) => Promise<object> | object;

/** Who does the tasks of the diagrams, and what they may say. */
const people: Readonly<Record<string, { readonly by: string; readonly says: Result }>> = {
  q_draft: { by: 'sales', says: () => ({}) },
  q_customer: {
    by: 'buyer',
    says: (_world, _task, dice) => ({ customer: { answer: dice.pick(['ACCEPT', 'ACCEPT', 'ACCEPT', 'CHANGES', 'DECLINE']) } }),
  },
  s_method: { by: 'buyer', says: (_world, _task, dice) => ({ method: dice.pick(['TERMS', 'PREPAY', 'CARD', 'DEPOSIT']) }) },
  s_choice: {
    by: 'buyer',
    says: (_world, _task, dice) => ({ choice: { answer: dice.pick(['BACKORDER', 'REDUCE', 'CANCEL']) } }),
  },
  f_pick: { by: 'warehouse', says: picked },
  f_pack: { by: 'warehouse', says: () => ({}) },
  f_fix: { by: 'warehouse', says: () => ({}) },
  f_bo_decision: { by: 'buyer', says: (_world, _task, dice) => ({ backorder: { choice: dice.pick(['KEEP', 'CANCEL']) } }) },
  f_exception: {
    by: 'warehouse',
    says: (_world, _task, dice) => ({ exception: { resolution: dice.pick(['RETURN_TO_SENDER', 'LOST', 'DELIVER_AGAIN']) } }),
  },
  r_review: { by: 'warehouse', says: (_world, _task, dice) => ({ review: { accept: dice.chance(70) } }) },
  r_inspect: { by: 'warehouse', says: inspected },
  r_approve: { by: 'finance', says: () => ({}) },
  r_manual: { by: 'finance', says: () => ({ manualReference: randomUUID() }) },
};

/** Somebody finds all, some or nothing of a line. */
async function picked({ stage }: PropertyWorld, { subjectId = '' }: Task, dice: Dice): Promise<object> {
  if (dice.chance(65)) return {};
  const { lines } = await stage.fulfilment(subjectId);
  const { lineNo, quantity } = dice.pick(lines);
  return { lines: [{ lineNo, picked: dice.between(0, quantity) }] };
}

async function inspected({ stage }: PropertyWorld, { subjectId = '' }: Task, dice: Dice): Promise<object> {
  const { lines } = await stage.return(subjectId);
  return {
    lines: lines.map(({ lineNo, requested }) => {
      const accepted = dice.between(0, requested);
      return { lineNo, accepted, good: dice.between(0, accepted) };
    }),
  };
}

export async function completeSomeTask(world: PropertyWorld, dice: Dice): Promise<readonly Answer[]> {
  const tasks = await openTasks(world, dice.chance(50) ? 'asc' : 'desc');
  const mine = tasks.filter(({ elementId }) => people[elementId]);
  return mine.length === 0 ? [] : [await completeTask(world, dice.pick(mine), dice)];
}

/** Open user tasks, the oldest or the newest. */
export async function openTasks({ as }: PropertyWorld, order: 'asc' | 'desc'): Promise<readonly Task[]> {
  const search = { filter: { status: 'open' }, sort: [{ field: 'openedAt', order }], page: { limit: 50 } };
  return pageOf(UserTask).parse(await as('auditor').post('/v1/user-tasks/search', search)).items;
}

export async function completeTask(world: PropertyWorld, task: Task, dice: Dice): Promise<Answer> {
  const person = people[task.elementId];
  if (!person) throw new Error(`nobody does ${task.elementId}`);
  const variables = await person.says(world, task, dice);
  return world.as(person.by).ask('POST', `/v1/user-tasks/${task.id}/completion`, { body: { variables } });
}

const deciders: Readonly<Record<string, readonly string[]>> = {
  team_lead: ['sales-2'],
  sales_manager: ['admin', 'admin-2'],
  finance_director: ['credit-2', 'admin', 'admin-2'],
  credit_analyst: ['credit', 'credit-2'],
  credit_manager: ['credit', 'credit-2'],
  order_admin: ['admin', 'admin-2'],
  warehouse_manager: ['warehouse'],
  supply_director: ['admin', 'admin-2'],
};

export async function decideSomeOverride({ as }: PropertyWorld, dice: Dice): Promise<readonly Answer[]> {
  const search = { filter: { status: 'PENDING' }, page: { limit: 50 } };
  const { items } = pageOf(OverrideRequest).parse(await as('auditor').post('/v1/override-requests/search', search));
  if (items.length === 0) return [];
  const { id, requiredRole } = dice.pick(items);
  const decide = (person: string): Promise<Answer> =>
    as(person).ask('POST', `/v1/override-requests/${id}/${dice.chance(75) ? 'approval' : 'rejection'}`, {
      body: { reason: 'They have bought for years' },
    });
  // now and then two at once, or somebody who must not
  const who = dice.chance(80) ? [dice.pick(deciders[requiredRole] ?? [])] : ['sales', ...(deciders[requiredRole] ?? [])];
  return Promise.all(who.map(decide));
}
