import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const counted = (column: string): string => `
  (select coalesce(jsonb_object_agg(name, number), '{}') from (select ${column} as name, count(*) as number from orderflow.migration_item
     where batch_id = b.id and ${column} is not null group by ${column}) counts)`;

/** Distinct reasons, with how many instances each keeps. */
const obstacles = `
  (select coalesce(jsonb_agg(jsonb_build_object('rule', rule, 'elementId', element_id, 'instances', number, 'message', message) order by number desc, rule, element_id), '[]')
     from (select o ->> 'rule' as rule, o ->> 'elementId' as element_id, o ->> 'message' as message, count(distinct i.instance_id) as number
             from orderflow.migration_item i cross join jsonb_array_elements(i.obstacles) o where i.batch_id = b.id
            group by 1, 2, 3 order by 4 desc limit 100) reasons)`;

const batch = `jsonb_build_object('id', b.id, 'processId', b.process_id, 'targetDefinitionId', b.target_definition_id, 'targetVersion', d.version,
  'mapping', b.mapping, 'dueDates', b.due_dates, 'filter', b.filter, 'reason', b.reason, 'status', b.status, 'revision', b.revision,
  'createdBy', b.created_by, 'createdAt', orderflow.iso(b.created_at), 'executedBy', b.executed_by, 'executedAt', orderflow.iso(b.executed_at),
  'undoneBy', b.undone_by, 'undoneAt', orderflow.iso(b.undone_at), 'undoReason', b.undo_reason,
  'progress', jsonb_build_object(
    'instances', (select count(*) from orderflow.migration_item where batch_id = b.id),
    'left', (select count(*) from orderflow.migration_item where batch_id = b.id and todo is not null),
    'verdicts', ${counted('verdict')}, 'outcomes', ${counted('outcome')}, 'undone', ${counted('undo_outcome')}),
  'obstacles', ${obstacles})`;

const batches: Searchable = {
  item: batch,
  from: 'orderflow.migration_batch b join orderflow.process_definition d on d.id = b.target_definition_id',
  where: 'true',
  id: 'b.id',
  fields: {
    id: 'b.id::text',
    processId: 'b.process_id',
    status: 'b.status',
    targetVersion: 'd.version::text',
    createdBy: 'b.created_by',
    createdAt: 'b.created_at',
  },
};

export const searchMigrations = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, batches, request);

/** A batch with its progress. @throws Problem not-found */
export async function readMigration(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ batch: JsonObject }>(`select ${batch} as batch from ${batches.from} where b.id = $1`, [id]);
  if (!row) throw new Problem('not-found', `There is no migration ${id}.`);
  return row.batch;
}

const items = (id: string): Searchable => ({
  item: `jsonb_build_object('processInstanceId', m.instance_id, 'businessKey', i.business_key, 'fromVersion', d.version, 'verdict', m.verdict,
    'outcome', m.outcome, 'undoOutcome', m.undo_outcome, 'sentence', m.sentence, 'obstacles', m.obstacles, 'migratedRevision', m.migrated_revision,
    'todo', m.todo, 'failures', m.failures, 'changedAt', orderflow.iso(m.changed_at))`,
  from: `orderflow.migration_item m join orderflow.process_instance i on i.id = m.instance_id
    join orderflow.process_definition d on d.id = m.from_definition_id`,
  where: `m.batch_id = '${id}'`,
  id: 'm.instance_id',
  fields: {
    processInstanceId: 'm.instance_id::text',
    businessKey: 'i.business_key',
    fromVersion: 'd.version::text',
    verdict: 'm.verdict',
    outcome: 'm.outcome',
    undoOutcome: 'm.undo_outcome',
    todo: 'm.todo',
  },
});

/** The instances of a batch. @throws Problem not-found */
export async function searchMigrationItems(reader: Reader, id: string, request: SearchRequest): Promise<Page> {
  const [known] = await reader.query<{ id: string }>('select id from orderflow.migration_batch where id = $1', [id]);
  if (!known) throw new Problem('not-found', `There is no migration ${id}.`);
  return searchPage(reader, items(known.id), request);
}
