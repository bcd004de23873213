import { newId } from '../support/ids.ts';
import { CreditHold, CreditMovement, CreditProfile } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** Locks a customer's credit profile in a currency; who has none gets one with no limit. */
export async function lockCreditProfile(tx: Transaction, customerId: string, currency: string): Promise<CreditProfile> {
  await tx.execute(
    'insert into orderflow.credit_profile (id, customer_id, currency) values ($1, $2, $3) on conflict (customer_id, currency) do nothing',
    [newId(), customerId, currency],
  );
  return tx.manager.findOneOrFail(CreditProfile, { where: { customerId, currency }, lock: { mode: 'pessimistic_write' } });
}

/** The credit that a sale takes at present, if any. The profile is locked first. */
export const activeHold = (tx: Transaction, saleOrderId: string): Promise<CreditHold | null> =>
  tx.manager.findOneBy(CreditHold, [
    { saleOrderId, status: 'HELD' },
    { saleOrderId, status: 'COMMITTED' },
  ]);

/**
 * Takes credit for a sale, if the exposure stays within the limit plus what an override covers; answers false, and changes nothing, if not.
 */
export async function holdCredit(
  tx: Transaction,
  hold: Omit<CreditHold, 'status' | 'createdAt'> & { readonly coveredMinor: number; readonly at: Date },
): Promise<boolean> {
  const { coveredMinor, at, ...row } = hold;
  const taken = await tx.execute(
    `update orderflow.credit_profile set open_orders_minor = open_orders_minor + $2, revision = revision + 1
      where id = $1 and exposure_minor + $2 <= limit_minor + $3`,
    [hold.creditProfileId, hold.amountMinor, coveredMinor],
  );
  if (taken === 0) return false;
  await tx.manager.insert(CreditHold, { ...row, status: 'HELD', createdAt: at });
  await move(tx, row, 'HELD', hold.amountMinor, hold.id, at);
  return true;
}

/** Gives back what is left of a sale's hold; nothing happens when there is none. */
export async function releaseCredit(tx: Transaction, saleOrderId: string, reference: string, at: Date): Promise<void> {
  const hold = await activeHold(tx, saleOrderId);
  if (!hold) return;
  await tx.execute(`update orderflow.credit_hold set status = 'RELEASED' where id = $1`, [hold.id]);
  await tx.execute(
    'update orderflow.credit_profile set open_orders_minor = open_orders_minor - $2, revision = revision + 1 where id = $1',
    [hold.creditProfileId, hold.amountMinor],
  );
  await move(tx, hold, 'RELEASED', hold.amountMinor, reference, at);
}

/** Goods have left on credit: as much of the hold as they are worth becomes an unpaid invoice. Answers that amount. */
export async function invoiceCredit(
  tx: Transaction,
  saleOrderId: string,
  valueMinor: number,
  reference: string,
  at: Date,
): Promise<number> {
  const hold = await activeHold(tx, saleOrderId);
  if (!hold) return 0;
  const amount = Math.min(valueMinor, hold.amountMinor);
  await tx.execute(
    `update orderflow.credit_hold set amount_minor = amount_minor - $2, status = case when amount_minor = $2 then 'INVOICED' else status end where id = $1`,
    [hold.id, amount],
  );
  await tx.execute(
    `update orderflow.credit_profile
        set open_orders_minor = open_orders_minor - $2, unpaid_invoices_minor = unpaid_invoices_minor + $2, revision = revision + 1
      where id = $1`,
    [hold.creditProfileId, amount],
  );
  await move(tx, hold, 'INVOICED', amount, reference, at);
  return amount;
}

const move = async (
  tx: Transaction,
  hold: Pick<CreditHold, 'id' | 'creditProfileId'>,
  kind: CreditMovement['kind'],
  amountMinor: number,
  reference: string,
  at: Date,
): Promise<void> => {
  await tx.manager.insert(CreditMovement, {
    id: newId(),
    creditProfileId: hold.creditProfileId,
    creditHoldId: hold.id,
    kind,
    amountMinor,
    reference,
    at,
  });
};
