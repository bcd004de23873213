import type { z } from 'zod';
import { CreditProfile } from '../../../contract/customer.ts';
import { listOf } from '../../../contract/search.ts';
import type { Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';

type Profile = z.output<typeof CreditProfile>;
const Profiles = listOf(CreditProfile);
const currency = 'EUR';

export async function creditOf(stage: Stage, customer: string): Promise<Profile> {
  const { items } = await stage.as('credit').get(Profiles, `/v1/customers/${customer}/credit-profile`);
  const profile = items.find((each) => each.currency === currency);
  if (!profile) throw new StoryFailed(`${customer} has no credit profile in ${currency}.`);
  return profile;
}

/** Room for an order on account, whatever earlier runs have left open. */
export async function ensureHeadroom(stage: Stage, customer: string, orderMinor: number): Promise<void> {
  const { exposure, limit } = await creditOf(stage, customer);
  const needed = exposure.amountMinor + orderMinor;
  if (needed * 100 > limit.amountMinor * 80) await setLimit(stage, customer, needed * 2);
}

/** Sets the limit so that an order exceeds it by a tenth of its amount: enough for a credit analyst to be asked (table credit-check). */
export async function leaveTooLittle(stage: Stage, customer: string, orderMinor: number): Promise<void> {
  const { exposure } = await creditOf(stage, customer);
  await setLimit(stage, customer, exposure.amountMinor + Math.floor(orderMinor * 0.9));
}

/** The limit as it is wanted; the account is not on hold. */
export async function setLimit(stage: Stage, customer: string, limitMinor: number): Promise<void> {
  const { termsDays } = await creditOf(stage, customer);
  await change(stage, customer, { limitMinor, hold: 'NONE', termsDays });
}

/** Credit management stops an account, or lets it go on. */
export async function setHold(stage: Stage, customer: string, hold: Profile['hold'], holdReason?: string): Promise<void> {
  const { termsDays, limit } = await creditOf(stage, customer);
  stage.say(`credit: ${customer} on ${hold}`);
  await change(stage, customer, { limitMinor: limit.amountMinor, hold, termsDays, ...(holdReason && { holdReason }) });
}

async function change(stage: Stage, customer: string, profile: object): Promise<void> {
  await stage.as('credit').put(Profiles, `/v1/customers/${customer}/credit-profile`, { currency, riskClass: 'B', ...profile });
}
