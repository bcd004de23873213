import type { JsonObject } from '../support/json.ts';
import type { SaleOrder } from './entities/index.ts';
import { raiseIncident, resolveIncidents } from './incidents.ts';
import type { Transaction } from './transaction.ts';

/**
 * Money that cannot go where it has to by itself stays visible until it has: `late-money` for finance to transfer by hand, `stuck` while the reconciler still asks.
 * One open incident for each movement. A sale that was never run by a process (an adopted one) has nothing to show it on; the audit names the row.
 */
export async function openMoneyIncident(
  tx: Transaction,
  sale: Pick<SaleOrder, 'processInstanceId'>,
  incident: {
    readonly paymentId: string;
    readonly kind: 'late-money' | 'stuck';
    readonly message: string;
    readonly details: JsonObject;
  },
): Promise<void> {
  if (sale.processInstanceId === null) return;
  await raiseIncident(tx, { ...incident, instanceId: sale.processInstanceId });
}

/** The money has gone where it had to. */
export const resolveMoneyIncident = (tx: Transaction, paymentId: string, by: string): Promise<void> =>
  resolveIncidents(tx, { paymentId }, by);
