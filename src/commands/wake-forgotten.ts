import { wakeBackorders } from '../persistence/backorders.ts';
import { wakeCredit } from '../persistence/credit-waking.ts';
import { lockStock } from '../persistence/stock.ts';
import { systemActor } from '../policies/actor.ts';
import { perform } from './perform.ts';
import type { Deps } from './unit.ts';

/**
 * Tells those who wait for credit or stock that is there, but were not told: their wake-up was lost, or came to somebody who did not take it. A wake-up is only a
 * poke, so it does no harm to those whom another one reaches at this moment.
 */
export async function wakeForgotten(deps: Deps, at: Date): Promise<void> {
  const profiles = await deps.database.query<{ id: string }>(
    `select distinct p.id from orderflow.sale_order s
       join orderflow.credit_profile p on p.customer_id = s.customer_id and p.currency = s.currency
      where s.workflow_state in ('CREDIT_HOLD', 'AWAITING_CREDIT_OVERRIDE') order by p.id`,
  );
  for (const { id } of profiles) {
    const request = { actor: systemActor('sweep:credit'), key: `wake:${id}:${at.toISOString()}`, payload: { id } };
    await perform(deps, { ...request, name: 'wake who waits for credit' }, async ({ tx }) => {
      await wakeCredit(tx, { id }, { onlyForgotten: true });
      return { status: 200, body: {} };
    });
  }
  const skus = await deps.database.query<{ sku: string }>(
    `select distinct d.sku from orderflow.backorder_demand d
      where d.status = 'OPEN' and exists (select 1 from orderflow.stock_level l where l.sku = d.sku and l.on_hand - l.reserved - l.safety > 0)
      order by d.sku`,
  );
  for (const { sku } of skus) {
    const request = { actor: systemActor('sweep:stock'), key: `wake:${sku}:${at.toISOString()}`, payload: { sku } };
    await perform(deps, { ...request, name: 'wake who waits for stock' }, async ({ tx }) => {
      await wakeBackorders(tx, await lockStock(tx, [sku]));
      return { status: 200, body: {} };
    });
  }
}
