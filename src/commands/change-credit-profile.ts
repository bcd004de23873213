import { wakeCredit } from '../persistence/credit-waking.ts';
import { lockCreditProfile } from '../persistence/credit.ts';
import type { CreditProfile } from '../persistence/entities/index.ts';
import { emit } from '../persistence/events.ts';
import { releaseHeldFulfilments } from '../persistence/fulfilments.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { customerId, readCreditProfiles } from '../queries/customer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface ChangeCreditProfile {
  /** Id or code. */
  readonly customerId: string;
  readonly currency: string;
  readonly limitMinor: number;
  readonly hold: 'NONE' | 'WATCH' | 'HOLD' | 'STOP';
  /** Needed for every hold but NONE. */
  readonly holdReason: string | null;
  readonly riskClass: 'A' | 'B' | 'C' | 'D';
  readonly termsDays: number;
}

/**
 * Sets a customer's limit and holds. What is taken stays taken: a limit below the exposure stops new orders only, and the profile remembers since when. Whoever waits
 * for more credit, or for the hold to be lifted, is woken. @throws Problem forbidden, not-found
 */
export const changeCreditProfile = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: ChangeCreditProfile,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a credit profile', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['change a credit profile'], 'change a credit profile');
    const profile = await lockCreditProfile(tx, await customerId(tx, input.customerId), input.currency);
    await tx.execute(
      `update orderflow.credit_profile
          set limit_minor = $2, hold = $3, hold_reason = $4, risk_class = $5, terms_days = $6,
              limit_reduced_at = case when $2 < limit_minor then $7::timestamptz when $2 >= exposure_minor then null else limit_reduced_at end,
              revision = revision + 1
        where id = $1`,
      [profile.id, input.limitMinor, input.hold, input.holdReason, input.riskClass, input.termsDays, now],
    );
    await tellChanges(tx, profile, input);
    if (input.limitMinor > profile.limitMinor || (stops(profile.hold) && !stops(input.hold))) await wakeCredit(tx, profile);
    if (stops(profile.hold) && !stops(input.hold)) {
      const { customerId, currency } = profile;
      await releaseHeldFulfilments(tx, { customerId, currency, source: `credit:${profile.id}` });
    }
    return { status: 200, body: { items: await readCreditProfiles(tx, profile.customerId) } };
  });

/** Does a hold keep goods from leaving? */
const stops = (hold: ChangeCreditProfile['hold']): boolean => hold === 'HOLD' || hold === 'STOP';

/** What others want to know of: another limit, and whether orders on account are stopped. */
async function tellChanges(tx: Transaction, profile: CreditProfile, input: ChangeCreditProfile): Promise<void> {
  const subject = { type: 'credit_profile', id: profile.id };
  const { currency, customerId, exposureMinor } = profile;
  if (input.limitMinor !== profile.limitMinor) {
    const limits = { beforeMinor: profile.limitMinor, afterMinor: input.limitMinor, exposureMinor };
    await emit(tx, { type: 'credit.limit-changed', subject, data: { customerId, currency, ...limits } });
  }
  if (stops(input.hold) === stops(profile.hold)) return;
  const type = stops(input.hold) ? 'credit.account-held' : 'credit.account-released';
  await emit(tx, { type, subject, data: { customerId, currency, hold: input.hold, reason: input.holdReason } });
}
