import { id } from '../life.ts';
import { instance, ofInstance, type Corruption } from './corruption.ts';

const version = (number: 1 | 2): string => `'${id(`definition of claim ${number}`)}'`;
const record = (key: string, revision: number): string => `${ofInstance(key)} and revision = ${revision}`;
const item = (key: string): string => ofInstance(key);

export const migrationCorruptions: readonly Corruption[] = [
  {
    check: 'A38a',
    also: ['A24a'],
    because: 'a migrated instance is on the old version again',
    sql: `update orderflow.process_instance set process_definition_id = ${version(1)} where ${instance('M-1')}`,
  },
  {
    check: 'A38b',
    also: ['A38c', 'A38d'],
    because: 'a migration begins on another version than the one before it led to',
    sql: `update orderflow.instance_migration set from_definition_id = '${id('definition of check')}' where ${record('M-2', 3)}`,
  },
  {
    check: 'A38c',
    also: ['A38e'],
    because: 'the record of a change of version is gone',
    sql: `delete from orderflow.instance_migration where ${record('M-1', 2)}`,
  },
  {
    check: 'A38c',
    also: ['A38a'],
    because: 'a record says another version than its step',
    sql: `update orderflow.instance_migration set from_definition_id = ${version(2)}, to_definition_id = ${version(1)} where ${record('M-1', 2)}`,
  },
  {
    check: 'A38d',
    also: ['A38a', 'A38b', 'A38c'],
    because: 'a migration was taken back to another version than it came from',
    sql: `update orderflow.instance_migration set to_definition_id = ${version(2)}, from_definition_id = ${version(1)} where ${record('M-2', 3)}`,
  },
  {
    check: 'A38e',
    because: 'a batch says of an instance that it was migrated at another step',
    sql: `update orderflow.migration_item set migrated_revision = 1 where ${item('M-1')}`,
  },
  {
    check: 'A38e',
    because: 'a batch has forgotten an instance that it migrated',
    sql: `delete from orderflow.migration_item where ${item('M-1')}`,
  },
  {
    check: 'A38e',
    because: 'a batch says that it took back what it has not',
    sql: `update orderflow.migration_item set undo_outcome = 'undone' where ${item('M-1')}`,
  },
];
