import type { z } from 'zod';
import { OverrideRequest } from '../../../contract/override-request.ts';
import { listOf } from '../../../contract/search.ts';
import { check, type Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';

type RequestBody = z.output<typeof OverrideRequest>;
const Requests = listOf(OverrideRequest);

/** The request that an order waits for. */
export async function pendingOverride(
  stage: Stage,
  { id, number }: { readonly id: string; readonly number: string },
): Promise<RequestBody> {
  const filter = { subjectId: id, status: 'PENDING' };
  const { items } = await stage.as('auditor').post(Requests, '/v1/override-requests/search', { filter });
  const [request] = items;
  if (!request) throw new StoryFailed(`${number} has no override request to decide.`);
  return request;
}

/** One of those who may decide what an order waits for approves it. */
export async function approve(
  stage: Stage,
  person: string,
  order: { readonly id: string; readonly number: string },
  reason: string,
): Promise<void> {
  const { id, kind, requiredApprovals } = await pendingOverride(stage, order);
  stage.say(`${order.number} ${person}: approve the ${kind} override${requiredApprovals > 1 ? `, of ${requiredApprovals}` : ''}`);
  await stage.as(person).post(OverrideRequest, `/v1/override-requests/${id}/approval`, { reason });
}

export async function reject(
  stage: Stage,
  person: string,
  order: { readonly id: string; readonly number: string },
  reason: string,
): Promise<void> {
  const { id, kind } = await pendingOverride(stage, order);
  stage.say(`${order.number} ${person}: reject the ${kind} override`);
  await stage.as(person).post(OverrideRequest, `/v1/override-requests/${id}/rejection`, { reason });
}

/** What became of a request. @throws StoryFailed */
export async function checkOverride(stage: Stage, id: string, status: RequestBody['status']): Promise<void> {
  const found = await stage.as('auditor').get(OverrideRequest, `/v1/override-requests/${id}`);
  check(found.status === status, `The override of ${found.subjectNumber} is ${found.status}, not ${status}.`);
}
