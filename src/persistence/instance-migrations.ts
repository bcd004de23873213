import type { JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';
import type { Moment, NewWait } from './waits.ts';

/** What a migration may change in an open wait; the rest of the row stays. */
export interface DescribedWait extends Pick<
  NewWait,
  | 'id'
  | 'slot'
  | 'element_id'
  | 'element_name'
  | 'properties'
  | 'candidate_groups'
  | 'form_id'
  | 'message_name'
  | 'correlation_key'
  | 'signal_name'
  | 'due_at'
  | 'repeat_interval'
> {}

/** An open wait before a migration. */
export interface OpenWait extends DescribedWait {
  readonly opened_at: Date;
}

/** What takes a migration back: everything that it changed or ended. */
export interface Before {
  readonly stateHash: string;
  readonly variables: JsonObject;
  readonly locals: JsonObject;
  /** Waits that went on, as they were. */
  readonly kept: readonly DescribedWait[];
  /** Ids of waits that it took away. */
  readonly closed: readonly string[];
}

const described = `id, slot, element_id, element_name, properties, candidate_groups, form_id, message_name, correlation_key, signal_name,
  orderflow.iso(due_at) as due_at, repeat_interval`;

/** The open waits of an instance with what a migration may change in them. */
export const openWaitRows = (tx: Transaction, instanceId: string): Promise<OpenWait[]> =>
  tx.query<OpenWait>(
    `select ${described}, opened_at from orderflow.wait where instance_id = $1 and status = 'open' order by slot`,
    [instanceId],
  );

/** Gives open waits of an instance other descriptions. Those in which nothing changes keep their revision; a timer keeps its due time to the microsecond. */
export async function describeWaits(tx: Transaction, instanceId: string, waits: readonly DescribedWait[]): Promise<void> {
  if (waits.length === 0) return;
  const rows = JSON.stringify(waits);
  // two waits may change places: no slot may be taken while they do
  await tx.execute(
    `update orderflow.wait w set slot = '~' || w.slot
       from jsonb_to_recordset($2::jsonb) as n (id uuid, slot text)
      where w.id = n.id and w.instance_id = $1 and w.status = 'open' and w.slot <> n.slot`,
    [instanceId, rows],
  );
  await tx.execute(
    `update orderflow.wait w
        set slot = n.slot, element_id = n.element_id, element_name = n.element_name, properties = n.properties, candidate_groups = n.candidate_groups,
            form_id = n.form_id, message_name = n.message_name, correlation_key = n.correlation_key,
            signal_name = n.signal_name, repeat_interval = n.repeat_interval,
            due_at = case when orderflow.iso(w.due_at) = n.due_at then w.due_at else n.due_at::timestamptz end,
            next_at = case when orderflow.iso(w.due_at) = n.due_at or w.next_at = 'infinity' then w.next_at else n.due_at::timestamptz end,
            revision = w.revision + 1
       from jsonb_to_recordset($2::jsonb) as n (id uuid, slot text, element_id text, element_name text, properties jsonb, candidate_groups text[],
         form_id text, message_name text, correlation_key text, signal_name text, due_at text, repeat_interval text)
      where w.id = n.id and w.instance_id = $1 and w.status = 'open'
        and (w.slot, w.element_id, w.element_name, w.properties, w.candidate_groups, w.form_id, w.message_name, w.correlation_key, w.signal_name,
             orderflow.iso(w.due_at), w.repeat_interval)
            is distinct from
            (n.slot, n.element_id, n.element_name, n.properties, n.candidate_groups, n.form_id, n.message_name, n.correlation_key, n.signal_name, n.due_at,
             n.repeat_interval)`,
    [instanceId, rows],
  );
}

/** Closed waits as new ones: what was taken away begins to wait again, with its own row, under the ids of `ids` (old id -> new id). */
export async function waitsAgain(tx: Transaction, ids: ReadonlyMap<string, string>): Promise<NewWait[]> {
  const rows = await tx.query<{ wait: NewWait }>(
    'select to_jsonb(w) as wait from orderflow.wait w where id = any($1) order by slot',
    [[...ids.keys()]],
  );
  return rows.map(({ wait }) => ({ ...wait, id: ids.get(wait.id) ?? wait.id }));
}

/** Moves the instance to its next revision, on another version. Answers false as `moveInstance` does. */
export async function changeVersion(
  tx: Transaction,
  moment: Moment,
  next: {
    readonly definitionId: string;
    readonly stateHash: string;
    readonly variables: JsonObject;
    readonly locals: JsonObject;
    readonly logHead: string;
  },
): Promise<boolean> {
  const moved = await tx.execute(
    `update orderflow.process_instance
        set revision = $2, process_definition_id = $3, state_hash = $4, variables = $5, locals = $6, log_head = $7
      where id = $1 and revision = $2 - 1 and status = 'running'`,
    [
      moment.instanceId,
      moment.revision,
      next.definitionId,
      next.stateHash,
      JSON.stringify(next.variables),
      JSON.stringify(next.locals),
      next.logHead,
    ],
  );
  return moved === 1;
}

export interface MigrationRow {
  readonly fromDefinitionId: string;
  readonly toDefinitionId: string;
  readonly batchId: string | null;
  readonly mapping: JsonObject;
  readonly before: Before | null;
  /** Revision of the migration that this one takes back. */
  readonly undoes: number | null;
}

/** Writes down which version became which in this step, and what takes it back. */
export async function recordMigration(tx: Transaction, moment: Moment, row: MigrationRow): Promise<void> {
  await tx.execute(
    `insert into orderflow.instance_migration (instance_id, revision, from_definition_id, to_definition_id, batch_id, mapping, before, undoes)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      moment.instanceId,
      moment.revision,
      row.fromDefinitionId,
      row.toDefinitionId,
      row.batchId,
      JSON.stringify(row.mapping),
      row.before && JSON.stringify(row.before),
      row.undoes,
    ],
  );
}

/** The last change of version of an instance; undefined when it is on the version that it began on. */
export const lastMigration = (
  tx: Transaction,
  instanceId: string,
): Promise<(MigrationRow & { readonly revision: number }) | undefined> =>
  tx.maybeOne<MigrationRow & { readonly revision: number }>(
    `select revision, from_definition_id as "fromDefinitionId", to_definition_id as "toDefinitionId", batch_id as "batchId", mapping, before, undoes
       from orderflow.instance_migration where instance_id = $1 order by revision desc limit 1`,
    [instanceId],
  );
