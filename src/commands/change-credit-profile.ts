import { lockCreditProfile } from '../persistence/credit.ts';
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

/** Sets a customer's limit and holds. What is taken stays taken: a limit below the exposure stops new orders only. @throws Problem forbidden, not-found */
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
              limit_reduced_at = case when $2 < limit_minor then $7 else limit_reduced_at end, revision = revision + 1
        where id = $1`,
      [profile.id, input.limitMinor, input.hold, input.holdReason, input.riskClass, input.termsDays, now],
    );
    return { status: 200, body: { items: await readCreditProfiles(tx, profile.customerId) } };
  });
