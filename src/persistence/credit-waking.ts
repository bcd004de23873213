import { instanceRests } from './resting.ts';
import { leaveMessage } from './messages.ts';
import type { Transaction } from './transaction.ts';

/** How long a wake-up is kept for a sale that is just about to wait, ms. */
const wakeUpTtl = 3600_000;

/**
 * Tells the sales that wait for credit of this profile, in the order of their creation (they are one customer's, so no tier comes before another), as far as the headroom reaches; the first
 * that does not fit ends it, so nobody is overtaken for being smaller. It is a poke: each of them decides for itself (`credit.decide`). What was poked before and
 * has not decided yet keeps its part of the headroom, so any number of callers, one after the other under the profile's lock, wake no more than fit.
 *
 * `onlyForgotten` wakes nobody but those whom the limit alone had stopped when they were decided on: who fits now and was not told. Whoever waits for another
 * reason, such as an override that a person is looking at, is left alone.
 */
export async function wakeCredit(
  tx: Transaction,
  { id }: { readonly id: string },
  { onlyForgotten = false } = {},
): Promise<void> {
  const profile = await tx.one<{ headroomMinor: number; hold: string; customerId: string; currency: string }>(
    `select limit_minor - exposure_minor as "headroomMinor", hold, customer_id as "customerId", currency
       from orderflow.credit_profile where id = $1 for no key update`,
    [id],
  );
  if (profile.hold === 'HOLD' || profile.hold === 'STOP') return;
  const sales = await tx.query<{ id: string; wantedMinor: number; decides: boolean; poked: boolean; overLimit: boolean }>(
    `select s.id, s.on_terms_minor as "wantedMinor", s.workflow_state = 'CREDIT_CHECK' as decides,
            exists (select 1 from orderflow.message m where m.name = 'credit.headroom-changed' and m.correlation_key = s.id::text
                       and m.consumed_at is null and m.expires_at > orderflow.now()) as poked,
            coalesce((select n.exposure_minor + n.order_minor > n.limit_minor from orderflow.credit_snapshot n
                       where n.sale_order_id = s.id order by n.at desc limit 1), false) as "overLimit"
       from orderflow.sale_order s
       join orderflow.process_instance i on i.id = s.process_instance_id
      where s.customer_id = $1 and s.currency = $2 and s.workflow_state in ('CREDIT_HOLD', 'AWAITING_CREDIT_OVERRIDE', 'CREDIT_CHECK')
        and not ${instanceRests('s.process_instance_id')}
        and not exists (select 1 from orderflow.credit_hold h where h.sale_order_id = s.id and h.status in ('HELD', 'COMMITTED'))
      order by (s.workflow_state = 'CREDIT_CHECK') desc, s.created_at, s.id`,
    [profile.customerId, profile.currency],
  );
  let headroomMinor = profile.headroomMinor;
  for (const { id: saleId, wantedMinor, decides, poked, overLimit } of sales) {
    if (decides || poked) {
      if (wantedMinor <= headroomMinor) headroomMinor -= wantedMinor;
      continue;
    }
    if (onlyForgotten && !overLimit) continue;
    if (wantedMinor > headroomMinor) break;
    headroomMinor -= wantedMinor;
    await leaveMessage(tx, {
      name: 'credit.headroom-changed',
      correlationKey: saleId,
      variables: {},
      source: `credit:${id}`,
      timeToLiveMs: wakeUpTtl,
    });
  }
}
