import type { Transaction } from '../../../src/persistence/transaction.ts';
import { calls } from './calls.ts';
import { clearedSale, fulfilments } from './cleared-sale.ts';
import { documents } from './documents.ts';
import { masterData, quotation } from './master-data.ts';
import { migrations } from './migrations.ts';
import { cancelledSale, waitingSale } from './other-sales.ts';
import { returnedSale } from './returned-sale.ts';
import { starts } from './starts.ts';
import type { ProviderWorld } from './provider-world.ts';

export type { ProviderWorld } from './provider-world.ts';
export { keyOf } from './rows.ts';

/**
 * A small world in which all is well, written by hand so that the audit is not tested with what it audits:
 * Q-000001 was approved and became S-000001, which was cleared with an override, a deposit and a backorder, and has shipped F-000001, while F-000002 waits for goods;
 * S-000002 was paid and cancelled, and gave all back; S-000003 waits for a credit override; S-000004 has shipped what was delivered, returned, lost, sent back and
 * cancelled. C-1 and C-2 move no order and have called others; B-1 was begun by a message. M-1 to M-3 were to be migrated.
 * D-1 to D-3 are jobs of external workers.
 */
export async function writeWorld(tx: Transaction, provider: ProviderWorld): Promise<void> {
  await masterData(tx);
  await quotation(tx);
  await clearedSale(tx, provider);
  await fulfilments(tx);
  await cancelledSale(tx, provider);
  await waitingSale(tx);
  await returnedSale(tx);
  await calls(tx);
  await starts(tx);
  await migrations(tx);
  await documents(tx);
}
