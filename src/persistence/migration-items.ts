import type { Json } from '../support/json.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

export type Todo = 'plan' | 'execute' | 'undo';

/** An instance of a batch that something is to be done with. */
export interface ClaimedItem {
  readonly batchId: string;
  readonly instanceId: string;
  readonly todo: Todo;
}

/** Takes items for as long as `leaseMs`: who dies over them leaves them to the next one after that. */
export const claimItems = (reader: Reader, count: number, leaseMs: number): Promise<ClaimedItem[]> =>
  reader.query<ClaimedItem>(
    `update orderflow.migration_item i set next_at = orderflow.now() + $2 * interval '1 millisecond'
       from (select batch_id, instance_id from orderflow.migration_item
              where todo is not null and next_at <= orderflow.now() order by next_at, batch_id, instance_id limit $1 for update skip locked) due
      where i.batch_id = due.batch_id and i.instance_id = due.instance_id
      returning i.batch_id as "batchId", i.instance_id as "instanceId", i.todo`,
    [count, leaseMs],
  );

/** Whether it is still to be done; nobody else does it until this transaction ends. */
export async function lockItem(tx: Transaction, { batchId, instanceId, todo }: ClaimedItem): Promise<boolean> {
  const item = await tx.maybeOne<{ todo: Todo | null }>(
    'select todo from orderflow.migration_item where batch_id = $1 and instance_id = $2 for update',
    [batchId, instanceId],
  );
  return item?.todo === todo;
}

export interface ItemResult {
  readonly verdict?: string;
  readonly outcome?: string;
  readonly undoOutcome?: string;
  readonly sentence: string;
  readonly obstacles?: Json;
  readonly migratedRevision?: number;
}

/** Writes what was found or done; nothing is left to do with the item then. */
export async function settleItem(tx: Reader, { batchId, instanceId }: ClaimedItem, result: ItemResult): Promise<void> {
  await tx.query(
    `update orderflow.migration_item
        set verdict = coalesce($3, verdict), outcome = coalesce($4, outcome), undo_outcome = coalesce($5, undo_outcome), sentence = $6,
            obstacles = coalesce($7::jsonb, obstacles), migrated_revision = coalesce($8, migrated_revision), todo = null, changed_at = orderflow.now()
      where batch_id = $1 and instance_id = $2`,
    [
      batchId,
      instanceId,
      result.verdict ?? null,
      result.outcome ?? null,
      result.undoOutcome ?? null,
      result.sentence,
      result.obstacles === undefined ? null : JSON.stringify(result.obstacles),
      result.migratedRevision ?? null,
    ],
  );
}

/** Counts a failure that is none of the instance's; answers how many there were. It is tried again after a pause that grows. */
export async function postponeItem(reader: Reader, { batchId, instanceId }: ClaimedItem, why: string): Promise<number> {
  const [row] = await reader.query<{ failures: number }>(
    `update orderflow.migration_item
        set failures = failures + 1, sentence = $3, next_at = orderflow.now() + least(60, power(2, failures)) * interval '1 second', changed_at = orderflow.now()
      where batch_id = $1 and instance_id = $2 and todo is not null returning failures`,
    [batchId, instanceId, why],
  );
  return row?.failures ?? 0;
}
