import { id } from '../life.ts';
import type { Corruption } from './corruption.ts';

const cleared = `type = 'workflow.transitioned' and data->'workflowState'->>'to' = 'CLEARED' and subject_number = 'S-000001'`;
const copy = (changes: string): string =>
  `insert into orderflow.event (id, type, subject_type, subject_id, subject_number, data, actor, at, position, subject_sequence)
   select gen_random_uuid(), type, subject_type, subject_id, subject_number, data, actor, at, ${changes} from orderflow.event where ${cleared}`;
const last = '(select max(position) from orderflow.event)';
const lastOfSubject = (number: string): string =>
  `(select max(subject_sequence) from orderflow.event where subject_number = '${number}')`;

export const eventCorruptions: readonly Corruption[] = [
  {
    check: 'A27a',
    also: ['A27b'],
    because: 'a transition was told to nobody',
    sql: `delete from orderflow.event where ${cleared}`,
  },
  {
    check: 'A27a',
    because: 'a transition was told twice',
    sql: copy(`${last} + 1, ${lastOfSubject('S-000001')} + 1`),
  },
  {
    check: 'A27a',
    because: 'an event tells another state than the log',
    sql: `update orderflow.event set data = jsonb_set(data, '{workflowState,to}', '"REJECTED"') where ${cleared}`,
  },
  {
    check: 'A27a',
    because: 'an event tells a transition that never was',
    sql: `update orderflow.event set data = jsonb_set(data, '{transition}', '99') where ${cleared}`,
  },
  {
    check: 'A27b',
    because: 'a position was skipped',
    sql: `update orderflow.event set position = position + 1 where position = ${last}`,
  },
  {
    check: 'A27b',
    because: 'two events have one position',
    sql: `update orderflow.event set position = position + 1 where position = ${last} - 1`,
  },
  {
    check: 'A27c',
    because: 'the events of an order were published in another order than they happened',
    sql: `update orderflow.event e set position = o.position, subject_sequence = o.subject_sequence
            from orderflow.event o
           where e.subject_number = 'S-000001' and o.subject_number = 'S-000001' and e.subject_sequence in (1, 2) and o.subject_sequence = 3 - e.subject_sequence`,
  },
  {
    check: 'A27d',
    also: ['A10e'],
    because: 'an event was never published',
    sql: `insert into orderflow.event (id, type, subject_type, subject_id, data, actor, at)
          values (gen_random_uuid(), 'credit.exposure-changed', 'credit_profile', '${id('profile')}', '{}', 'system', orderflow.now() - interval '1 hour')`,
  },
  {
    check: 'A10e',
    because: 'an event is not published yet',
    sql: `insert into orderflow.event (id, type, subject_type, subject_id, data, actor, at)
          values (gen_random_uuid(), 'credit.exposure-changed', 'credit_profile', '${id('profile')}', '{}', 'system', orderflow.now())`,
  },
  {
    check: 'A27e',
    because: 'a consumer claims to have seen what was never told',
    sql: `insert into orderflow.event_consumer (name, position, next_at, created_by, created_at)
          values ('liar', 999999, orderflow.now(), 'operator', orderflow.now())`,
  },
];
