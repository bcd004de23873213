import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { wakeCredit } from './credit-waking.ts';
import { CreditHold, CreditMovement, CreditProfile, type SaleOrder } from './entities/index.ts';
import { emit } from './events.ts';
import type { Transaction } from './transaction.ts';

/** Locks a customer's credit profile in a currency; who has none gets one with no limit. */
export async function lockCreditProfile(tx: Transaction, customerId: string, currency: string): Promise<CreditProfile> {
  await tx.execute(
    'insert into orderflow.credit_profile (id, customer_id, currency) values ($1, $2, $3) on conflict (customer_id, currency) do nothing',
    [newId(), customerId, currency],
  );
  return tx.manager.findOneOrFail(CreditProfile, { where: { customerId, currency }, lock: { mode: 'for_no_key_update' } });
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
  await holdEvent(tx, 'credit.hold-placed', row, hold.amountMinor);
  return true;
}

/** Gives back what is left of a sale's hold; nothing happens when there is none. Who waits for credit is woken, unless it is taken again at once. */
export async function releaseCredit(
  tx: Transaction,
  saleOrderId: string,
  reference: string,
  at: Date,
  { wakes = true } = {},
): Promise<void> {
  const hold = await activeHold(tx, saleOrderId);
  if (!hold) return;
  await tx.execute(`update orderflow.credit_hold set status = 'RELEASED' where id = $1`, [hold.id]);
  await free(tx, hold, hold.amountMinor, reference, at, wakes);
}

/**
 * Gives back a part of a sale's hold, because that much of the order will not come; answers how much the hold had to give. The rest was paid or invoiced and goes
 * back through `giveBack` (refunds.ts). The sale's row is locked; the profile is locked here.
 */
export async function shrinkHold(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id' | 'customerId' | 'currency'>,
  amountMinor: number,
  reference: string,
  at: Date,
): Promise<number> {
  if (amountMinor <= 0) return 0;
  await lockCreditProfile(tx, sale.customerId, sale.currency);
  const hold = await activeHold(tx, sale.id);
  if (!hold) return 0;
  const freed = Math.min(amountMinor, hold.amountMinor);
  if (freed === 0) return 0;
  await tx.execute(
    `update orderflow.credit_hold set amount_minor = amount_minor - $2, status = case when amount_minor = $2 then 'RELEASED' else status end where id = $1`,
    [hold.id, freed],
  );
  await free(tx, hold, freed, reference, at);
  return freed;
}

/**
 * Goods have left on credit: as much of the hold as they are worth is an invoice from now on, which the caller issues in the same transaction. Answers that
 * amount.
 */
export async function invoiceCredit(
  tx: Transaction,
  saleOrderId: string,
  valueMinor: number,
  reference: string,
  at: Date,
): Promise<number> {
  const hold = await activeHold(tx, saleOrderId);
  const amount = hold ? Math.min(valueMinor, hold.amountMinor) : 0;
  if (!hold || amount === 0) return 0;
  await tx.execute(
    `update orderflow.credit_hold set amount_minor = amount_minor - $2, status = case when amount_minor = $2 then 'INVOICED' else status end where id = $1`,
    [hold.id, amount],
  );
  await tx.execute(
    'update orderflow.credit_profile set open_orders_minor = open_orders_minor - $2, revision = revision + 1 where id = $1',
    [hold.creditProfileId, amount],
  );
  await move(tx, hold, 'INVOICED', amount, reference, at);
  return amount;
}

/** Money of the customer that belongs to no order any more lessens what they owe. The same reference is the same money. Wakes who waits for credit. */
export async function addCash(
  tx: Transaction,
  creditProfileId: string,
  amountMinor: number,
  reference: string,
  at: Date,
): Promise<void> {
  const added = await tx.execute(
    `insert into orderflow.credit_movement (id, credit_profile_id, kind, amount_minor, reference, at) values ($1, $2, 'CASH_IN', $3, $4, $5)
     on conflict (credit_profile_id, kind, reference) where credit_hold_id is null do nothing`,
    [newId(), creditProfileId, amountMinor, reference, at],
  );
  if (added === 0) return;
  await tx.execute(
    'update orderflow.credit_profile set unapplied_cash_minor = unapplied_cash_minor + $2, revision = revision + 1 where id = $1',
    [creditProfileId, amountMinor],
  );
  await exposureChanged(tx, creditProfileId, { unappliedCashMinor: amountMinor, reference });
  await wakeCredit(tx, { id: creditProfileId });
}

/** Stops deliveries and orders on account until a person has looked; a stricter hold stays. */
export async function holdAccount(tx: Transaction, creditProfileId: string, reason: string): Promise<void> {
  const held = await tx.execute(
    `update orderflow.credit_profile set hold = 'HOLD', hold_reason = $2, revision = revision + 1 where id = $1 and hold in ('NONE', 'WATCH')`,
    [creditProfileId, reason],
  );
  if (held > 0) {
    await emit(tx, {
      type: 'credit.account-held',
      subject: { type: 'credit_profile', id: creditProfileId },
      data: { hold: 'HOLD', reason },
    });
  }
}

/** Tells what changed of what a customer owes, in minor units. */
export const exposureChanged = (tx: Transaction, creditProfileId: string, change: JsonObject): Promise<unknown> =>
  emit(tx, { type: 'credit.exposure-changed', subject: { type: 'credit_profile', id: creditProfileId }, data: change });

async function free(
  tx: Transaction,
  hold: CreditHold,
  amountMinor: number,
  reference: string,
  at: Date,
  wakes = true,
): Promise<void> {
  await tx.execute(
    'update orderflow.credit_profile set open_orders_minor = open_orders_minor - $2, revision = revision + 1 where id = $1',
    [hold.creditProfileId, amountMinor],
  );
  await move(tx, hold, 'RELEASED', amountMinor, reference, at);
  await holdEvent(tx, 'credit.hold-released', hold, amountMinor);
  if (wakes) await wakeCredit(tx, { id: hold.creditProfileId });
}

const holdEvent = (
  tx: Transaction,
  type: string,
  hold: Pick<CreditHold, 'id' | 'creditProfileId' | 'saleOrderId'>,
  amountMinor: number,
): Promise<unknown> =>
  emit(tx, {
    type,
    subject: { type: 'credit_profile', id: hold.creditProfileId },
    data: { creditHoldId: hold.id, saleOrderId: hold.saleOrderId, amountMinor },
  });

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
