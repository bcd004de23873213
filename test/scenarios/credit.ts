import { z } from 'zod';
import { CreditProfile } from '../../src/contract/customer.ts';
import { listOf } from '../../src/contract/search.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { Answer } from './client.ts';
import type { Order, Stage } from './stage.ts';

const Profiles = listOf(CreditProfile);

export async function creditOf(stage: Stage, customer: string): Promise<z.output<typeof CreditProfile>> {
  const { items } = await stage.as('credit').get(Profiles, `/v1/customers/${customer}/credit-profile`);
  const [profile] = items;
  if (!profile) throw new Error(`${customer} has no credit profile.`);
  return profile;
}

/** Credit management changes what a customer may owe. */
export async function setCredit(
  stage: Stage,
  customer: string,
  change: { readonly limitMinor?: number; readonly hold?: 'NONE' | 'WATCH' | 'HOLD' | 'STOP' },
): Promise<void> {
  const { limit, hold, riskClass, termsDays } = await creditOf(stage, customer);
  const now = { hold, ...change };
  const profile = { currency: 'EUR', limitMinor: limit.amountMinor, riskClass, termsDays, ...now };
  const reason = now.hold === 'NONE' ? {} : { holdReason: 'said so by credit management' };
  await stage.as('credit').put(`/v1/customers/${customer}/credit-profile`, { ...profile, ...reason });
  await stage.settled();
}

/** The request that an order waits for. */
export async function pendingOverride(stage: Stage, subject: Order): Promise<string> {
  const { items } = (await stage
    .as('auditor')
    .post('/v1/override-requests/search', { filter: { subjectId: subject.id, status: 'PENDING' } })) as {
    items: readonly { id: string }[];
  } & JsonObject;
  const [request] = items;
  if (!request) throw new Error(`${subject.number} has no pending override request.`);
  return request.id;
}

export const tryToDecide = (
  stage: Stage,
  person: string,
  requestId: string,
  how: 'approval' | 'rejection',
  onBehalfOf?: string,
): Promise<Answer> =>
  stage.as(person).ask('POST', `/v1/override-requests/${requestId}/${how}`, {
    body: { reason: 'They have bought for years' },
    ...(onBehalfOf !== undefined && { headers: { 'on-behalf-of': onBehalfOf } }),
  });

/** Somebody decides the request that an order waits for; answers the request. */
export async function decide(stage: Stage, person: string, subject: Order, how: 'approval' | 'rejection'): Promise<string> {
  const id = await pendingOverride(stage, subject);
  await stage.as(person).post(`/v1/override-requests/${id}/${how}`, { reason: 'They have bought for years' });
  await stage.settled();
  return id;
}

const Anything = z.looseObject({ status: z.string() });

export async function overrideStatus(stage: Stage, id: string): Promise<string> {
  const { status } = await stage.as('auditor').get(Anything, `/v1/override-requests/${id}`);
  return status;
}
