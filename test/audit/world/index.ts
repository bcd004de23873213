import type { Transaction } from '../../../src/persistence/transaction.ts';
import { clearedSale, fulfilments } from './cleared-sale.ts';
import { masterData, quotation } from './master-data.ts';
import { cancelledSale, waitingSale } from './other-sales.ts';
import { returnedSale } from './returned-sale.ts';
import type { ProviderWorld } from './provider-world.ts';

export type { ProviderWorld } from './provider-world.ts';
export { keyOf } from './rows.ts';

/**
 * A small world in which all is well, written by hand so that the audit is not tested with what it audits:
 * Q-000001 was approved and became S-000001, which was cleared with an override, a deposit and a backorder, and has shipped F-000001, while F-000002 waits for goods;
 * S-000002 was paid and cancelled, and gave all back; S-000003 waits for a credit override; S-000004 has shipped what was delivered, returned, lost, sent back and
 * cancelled.
 */
export async function writeWorld(tx: Transaction, provider: ProviderWorld): Promise<void> {
  await masterData(tx);
  await quotation(tx);
  await clearedSale(tx, provider);
  await fulfilments(tx);
  await cancelledSale(tx, provider);
  await waitingSale(tx);
  await returnedSale(tx);
}
