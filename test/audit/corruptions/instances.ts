import { id } from '../life.ts';
import { instance, ofInstance, wait, type Corruption } from './corruption.ts';

/** The hash of a step as the service computes it, so that only what is tampered with is wrong. */
const rehash = (where: string): string =>
  `update orderflow.step set hash = orderflow.step_digest(prev_hash, instance_id, revision, trigger, element_id, wait_id, actor, on_behalf_of, command_id, opened, closed, trail, asked, state_hash, at) where ${where}`;

const first = `${ofInstance('S-000003')} and revision = 1`;
const last = `${ofInstance('S-000003')} and revision = 2`;
const head = `update orderflow.process_instance set log_head = (select hash from orderflow.step where ${last}) where ${instance('S-000003')}`;

export const instanceCorruptions: readonly Corruption[] = [
  {
    check: 'A01',
    also: ['A29a'],
    because: 'two instances run under one key',
    sql: `update orderflow.process_instance set business_key = 'F-000001' where ${instance('F-000002')}`,
  },
  {
    check: 'A03',
    also: ['A04'],
    because: 'an instance is a revision ahead of its steps',
    sql: `update orderflow.process_instance set revision = revision + 1 where ${instance('S-000003')}`,
  },
  {
    check: 'A03',
    also: ['A04', 'A06c', 'A17a', 'A17b', 'A17c', 'A18a', 'A24c', 'A26d'],
    because: 'the last step of an instance is gone',
    sql: `delete from orderflow.step where ${last}`,
  },
  {
    check: 'A04',
    also: ['A05', 'A17a', 'A17b', 'A17c', 'A26d'],
    because: 'the last step has a number too high',
    sql: [
      `update orderflow.step set revision = 3 where ${last}`,
      rehash(`${ofInstance('S-000003')} and revision = 3`),
      head.replace('revision = 2', 'revision = 3'),
    ],
  },
  {
    check: 'A05',
    also: ['A03', 'A06a', 'A17c', 'A18a', 'A26d'],
    because: 'a step in the middle is gone',
    sql: `delete from orderflow.step where ${first}`,
  },
  {
    check: 'A06a',
    because: 'a step does not follow the step before it',
    sql: [`update orderflow.step set prev_hash = 'elsewhere' where ${last}`, rehash(last), head],
  },
  {
    check: 'A06b',
    also: ['A26d', 'A18b'],
    because: 'the actor of a step was changed',
    sql: `update orderflow.step set actor = 'somebody' where ${first}`,
  },
  {
    check: 'A06b',
    because: 'the state that a step led to was changed',
    sql: `update orderflow.step set state_hash = 'another' where ${first}`,
  },
  {
    check: 'A06c',
    because: 'an instance does not know its last step',
    sql: `update orderflow.process_instance set log_head = 'another' where ${instance('S-000003')}`,
  },
  {
    check: 'A07',
    also: ['A06b', 'A17a', 'A18a', 'A18b'],
    because: 'one command took two steps from one wait',
    sql: `update orderflow.step b set command_id = a.command_id, wait_id = a.wait_id
            from orderflow.step a where a.${ofInstance('Q-000001')} and a.revision = 3 and b.instance_id = a.instance_id and b.revision = 5`,
  },
  {
    check: 'A16',
    because: 'a command was committed without an answer',
    sql: `update orderflow.command set status = null where id = '${id('S-000003#1')}'`,
  },
  {
    check: 'A18a',
    because: 'the step of an acknowledged command is lost',
    sql: `insert into orderflow.command (id, actor, key, name, fingerprint, status, body, headers)
          values (gen_random_uuid(), 'buyer', 'k', 'complete a user task', 'f', 200, '{}', '{}')`,
  },
  {
    check: 'A18b',
    also: ['A06b', 'A18a'],
    because: 'a task was completed without a command',
    sql: `update orderflow.step set command_id = null where wait_id = ${wait('Q-000001', 'q_customer')}`,
  },
  {
    check: 'A24a',
    because: 'the state of a running instance is not stored',
    sql: `delete from orderflow.engine_state where hash = (select state_hash from orderflow.process_instance where ${instance('S-000003')})`,
  },
  {
    check: 'A24a',
    also: ['A24c'],
    because: 'an instance that has ended still has a state',
    sql: `update orderflow.process_instance set state_hash = (select hash from orderflow.engine_state e where e.process_definition_id = process_instance.process_definition_id limit 1)
           where ${instance('S-000002')}`,
  },
  {
    check: 'A24b',
    because: 'a stored state was edited',
    sql: `update orderflow.engine_state set state = state || ' ' where hash = (select state_hash from orderflow.process_instance where ${instance('S-000003')})`,
  },
  {
    check: 'A24c',
    because: 'an instance stands where no step led it',
    sql: `update orderflow.process_instance set state_hash = (select state_hash from orderflow.step where ${first}) where ${instance('S-000003')}`,
  },
];
