import type { JsonObject } from '../support/json.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

export interface NewBatch {
  readonly id: string;
  readonly processId: string;
  readonly targetDefinitionId: string;
  readonly mapping: JsonObject;
  readonly dueDates: 'keep' | 'anew';
  readonly filter: BatchFilter;
  readonly reason: string;
  readonly createdBy: string;
}

/** Which running instances of the process; each member narrows the choice. Those on the target are never taken. */
export interface BatchFilter {
  /** The versions that they are on. */
  readonly versions?: readonly number[];
  readonly processInstanceIds?: readonly string[];
  readonly businessKeys?: readonly string[];
  /** Elements of which an instance waits at one. */
  readonly waitingAt?: readonly string[];
  /** At most so many, the oldest first: a first wave. */
  readonly limit?: number;
}

/** More than one batch takes; the rest is another batch's. */
export const maximumItems = 20_000;

/** Writes a batch with the instances that its filter finds now, to be planned. Answers how many there are. */
export async function insertBatch(tx: Transaction, batch: NewBatch): Promise<number> {
  await tx.execute(
    `insert into orderflow.migration_batch (id, process_id, target_definition_id, mapping, due_dates, filter, reason, status, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'planning', $8, orderflow.now())`,
    [
      batch.id,
      batch.processId,
      batch.targetDefinitionId,
      JSON.stringify(batch.mapping),
      batch.dueDates,
      JSON.stringify(batch.filter),
      batch.reason,
      batch.createdBy,
    ],
  );
  const { versions, processInstanceIds, businessKeys, waitingAt, limit = maximumItems } = batch.filter;
  return tx.execute(
    `insert into orderflow.migration_item (batch_id, instance_id, from_definition_id, todo, next_at, changed_at)
     select $1, i.id, i.process_definition_id, 'plan', orderflow.now(), orderflow.now()
       from orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id
      where i.process_id = $2 and i.status = 'running' and i.process_definition_id <> $3
        and ($4::int[] is null or d.version = any($4)) and ($5::uuid[] is null or i.id = any($5)) and ($6::text[] is null or i.business_key = any($6))
        and ($7::text[] is null or exists (select from orderflow.wait w where w.instance_id = i.id and w.status = 'open' and w.element_id = any($7)))
      order by i.id limit $8`,
    [
      batch.id,
      batch.processId,
      batch.targetDefinitionId,
      versions ?? null,
      processInstanceIds ?? null,
      businessKeys ?? null,
      waitingAt ?? null,
      Math.min(limit, maximumItems),
    ],
  );
}

export interface LockedBatch {
  readonly id: string;
  readonly processId: string;
  readonly targetDefinitionId: string;
  readonly mapping: Readonly<Record<string, string>>;
  readonly dueDates: 'keep' | 'anew';
  readonly reason: string;
  readonly status: 'planning' | 'planned' | 'cancelled' | 'executing' | 'executed' | 'undoing' | 'undone';
  readonly revision: number;
  readonly executedBy: string | null;
  readonly undoneBy: string | null;
  readonly undoReason: string | null;
}

const batch = `id, process_id as "processId", target_definition_id as "targetDefinitionId", mapping, due_dates as "dueDates", reason, status, revision,
  executed_by as "executedBy", undone_by as "undoneBy", undo_reason as "undoReason"`;

/** The batch, and nobody else has it until the transaction ends; undefined when there is none. */
export const lockBatch = (tx: Transaction, id: string): Promise<LockedBatch | undefined> =>
  tx.maybeOne<LockedBatch>(`select ${batch} from orderflow.migration_batch where id = $1 for no key update`, [id]);

/** As `lockBatch`, for who changes nothing of it. */
export async function readBatchRow(reader: Reader, id: string): Promise<LockedBatch | undefined> {
  const [row] = await reader.query<LockedBatch>(`select ${batch} from orderflow.migration_batch where id = $1`, [id]);
  return row;
}

/** Has every instance that can be migrated be migrated. Answers how many these are. */
export async function beginExecution(tx: Transaction, id: string, actor: string): Promise<number> {
  await tx.execute(
    `update orderflow.migration_batch set status = 'executing', executed_by = $2, executed_at = orderflow.now(), revision = revision + 1 where id = $1`,
    [id, actor],
  );
  return tx.execute(
    `update orderflow.migration_item set todo = 'execute', next_at = orderflow.now(), failures = 0
      where batch_id = $1 and verdict = 'migrates' and outcome is null and todo is null`,
    [id],
  );
}

/** Has every instance that was migrated be taken back. Answers how many these are. */
export async function beginUndo(tx: Transaction, id: string, actor: string, reason: string): Promise<number> {
  await tx.execute(
    `update orderflow.migration_batch set status = 'undoing', undone_by = $2, undone_at = orderflow.now(), undo_reason = $3, revision = revision + 1
      where id = $1`,
    [id, actor, reason],
  );
  return tx.execute(
    `update orderflow.migration_item set todo = 'undo', next_at = orderflow.now(), failures = 0
      where batch_id = $1 and outcome = 'migrated' and undo_outcome is null and todo is null`,
    [id],
  );
}

/** Nothing more is done: what was migrated stays so, and can be taken back. */
export async function stopBatch(tx: Transaction, id: string, status: 'cancelled' | 'executed'): Promise<void> {
  await tx.execute(
    `update orderflow.migration_item set todo = null, changed_at = orderflow.now() where batch_id = $1 and todo is not null`,
    [id],
  );
  await tx.execute('update orderflow.migration_batch set status = $2, revision = revision + 1 where id = $1', [id, status]);
}

/** Batches of which nothing is left to do are at their next stage. */
export const finishBatches = (reader: Reader): Promise<{ id: string; status: string }[]> =>
  reader.query(
    `update orderflow.migration_batch b
        set status = case b.status when 'planning' then 'planned' when 'executing' then 'executed' else 'undone' end, revision = b.revision + 1
      where b.status in ('planning', 'executing', 'undoing')
        and not exists (select from orderflow.migration_item i where i.batch_id = b.id and i.todo is not null)
      returning b.id, b.status`,
  );
