import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, live } from '../life.ts';

const version = (number: 1 | 2): string => id(`definition of claim ${number}`);
const trail = (from: 1 | 2, to: 1 | 2) => [
  {
    event: 'migrate',
    elementId: 'claim',
    elementType: 'bpmn:Process',
    from: { processDefinitionId: version(from), version: from },
    to: { processDefinitionId: version(to), version: to },
  },
];

/** M-1 and M-2 were migrated by one batch from version 1 of their process to version 2; M-2 was taken back. M-3 was refused. */
export async function migrations(tx: Transaction): Promise<void> {
  for (const number of [1, 2] as const) {
    await insert(tx, 'deployment', { id: id(`claims ${number}`), content_hash: `claims ${number}`, deployed_by: 'analyst' });
    await insert(tx, 'process_definition', {
      id: version(number),
      deployment_id: id(`claims ${number}`),
      process_id: 'claim',
      version: number,
      resource_name: 'claim.bpmn',
    });
  }
  const columns = { process_id: 'claim' };
  const start = {
    by: 'operator',
    command: 'start a process instance',
    trigger: 'create',
    opens: [{ element: 'review', kind: 'user' }],
  };
  const migrate = { by: 'migration', command: 'migrate a process instance', trigger: 'migrate', trail: trail(1, 2) };
  const undo = {
    by: 'migration',
    command: 'undo the migration of a process instance',
    trigger: 'undo-migration',
    trail: trail(2, 1),
  };
  await live(tx, { key: 'M-1', process: 'claim 2', columns, from: 50, steps: [start, migrate] });
  await live(tx, { key: 'M-2', process: 'claim 1', columns, from: 50, steps: [start, migrate, undo] });
  await live(tx, { key: 'M-3', process: 'claim 1', columns, from: 50, steps: [start] });
  await insert(tx, 'migration_batch', {
    id: id('batch'),
    process_id: 'claim',
    target_definition_id: version(2),
    mapping: {},
    due_dates: 'keep',
    filter: {},
    reason: 'a better diagram',
    status: 'undone',
    created_by: 'operator',
    created_at: at(50),
    executed_by: 'operator',
    executed_at: at(50),
    undone_by: 'operator',
    undone_at: at(52),
    undo_reason: 'it was not better',
  });
  const item = (key: string, more: Readonly<Record<string, unknown>>): Promise<void> =>
    insert(tx, 'migration_item', {
      batch_id: id('batch'),
      instance_id: id(key),
      from_definition_id: version(1),
      verdict: 'migrates',
      sentence: 'Goes on.',
      next_at: at(50),
      changed_at: at(51),
      ...more,
    });
  await item('M-1', { outcome: 'migrated', migrated_revision: 2, undo_outcome: 'moved-on' });
  await item('M-2', { outcome: 'migrated', migrated_revision: 2, undo_outcome: 'undone' });
  await item('M-3', { verdict: 'refused' });
  const record = (key: string, revision: number, from: 1 | 2, to: 1 | 2, undoes: number | null): Promise<void> =>
    insert(tx, 'instance_migration', {
      instance_id: id(key),
      revision,
      from_definition_id: version(from),
      to_definition_id: version(to),
      batch_id: id('batch'),
      mapping: {},
      undoes,
      before: undoes === null ? { stateHash: '', variables: {}, locals: {}, kept: [], closed: [] } : null,
    });
  await record('M-1', 2, 1, 2, null);
  await record('M-2', 2, 1, 2, null);
  await record('M-2', 3, 2, 1, 2);
}
