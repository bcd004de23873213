import { id } from '../life.ts';
import { instance, ofInstance, wait, type Corruption } from './corruption.ts';

const call = (element: string, key = 'C-1'): string => `wait_id = ${wait(key, element)}`;
const hourAgo = `orderflow.now() - interval '1 hour'`;

export const callCorruptions: readonly Corruption[] = [
  {
    check: 'A33a',
    also: ['A33e'],
    because: 'the call of a wait is gone',
    sql: `delete from orderflow.call where ${call('third')}`,
  },
  {
    check: 'A33a',
    also: ['A33b'],
    because: 'a user task has a call',
    sql: `insert into orderflow.call (wait_id, instance_id, process_id, binding, business_key, all_variables, variables, next_at, opened_at, closed_at)
          values (${wait('C-1/third', 'look')}, '${id('C-1/third')}', 'check', 'latest', 'x', true, '{}', orderflow.now(), orderflow.now(), orderflow.now())`,
  },
  {
    check: 'A33b',
    because: 'a child was started, but its start is still to be taken',
    also: ['A10g'],
    sql: `update orderflow.call set todo = 'start', next_at = orderflow.now() where ${call('third')}`,
  },
  {
    check: 'A33b',
    because: 'a child has ended, but nobody is to tell its caller',
    also: ['A24a', 'A08'],
    sql: `update orderflow.process_instance set status = 'completed', ended_at = orderflow.now() where ${instance('C-1/third')}`,
  },
  {
    check: 'A33b',
    because: 'nothing is to be done for a call that waits, and no child was ever started',
    also: ['A29a', 'A33g'],
    sql: `update orderflow.process_instance set parent_wait_id = null, parent_instance_id = null, call_depth = 0, subject_type = 'sale_order', subject_id = id
           where ${instance('C-1/third')}`,
  },
  {
    check: 'A33b',
    because: 'a second child runs for the same wait',
    also: ['A33d', 'A33e'],
    sql: `update orderflow.process_instance set parent_wait_id = ${wait('C-1', 'third')} where ${instance('C-1/first')}`,
  },
  {
    check: 'A33c',
    because: 'a child runs on although its caller was cancelled',
    also: ['A24a', 'A19'],
    sql: `update orderflow.process_instance set status = 'running', ended_at = null where ${instance('C-2/only')}`,
  },
  {
    check: 'A33c',
    because: 'the answer of a call that was answered is still to be given',
    also: ['A10g'],
    sql: `update orderflow.call set todo = 'answer', closed_at = null, next_at = orderflow.now() where ${call('first')}`,
  },
  {
    check: 'A33d',
    because: 'a child has completed, but its caller was told that it had failed',
    sql: `update orderflow.process_instance set status = 'completed' where ${instance('C-1/second')}`,
  },
  {
    check: 'A33d',
    because: 'a caller went on before its child had ended',
    sql: `update orderflow.process_instance set ended_at = ended_at + interval '1 hour' where ${instance('C-1/first')}`,
  },
  {
    check: 'A33e',
    because: 'a child says that another instance has called it',
    sql: `update orderflow.process_instance set parent_instance_id = '${id('C-2')}' where ${instance('C-1/third')}`,
  },
  {
    check: 'A33e',
    because: 'a child was called deeper than is allowed',
    sql: `update orderflow.process_instance set call_depth = 6 where ${instance('C-1/third')}`,
  },
  {
    check: 'A33f',
    because: 'the turn of a call is due for an hour',
    also: ['A10g', 'A33b'],
    sql: `update orderflow.call set todo = 'start', next_at = ${hourAgo} where ${call('third')}`,
  },
  {
    check: 'A33f',
    because: 'a call rests for an incident that is not there',
    also: ['A10g', 'A33b'],
    sql: `update orderflow.call set todo = 'start', next_at = 'infinity' where ${call('third')}`,
  },
  {
    check: 'A33g',
    because: 'an escalation was told twice',
    also: ['A06b'],
    sql: `update orderflow.step set command_id = '${id('C-1#4')}' where ${ofInstance('C-1')} and revision = 3`,
  },
  {
    check: 'A33g',
    because: 'an escalation was given to nobody',
    sql: `update orderflow.command set key = 'another' where id = '${id('C-1#4')}'`,
  },
  {
    check: 'A33g',
    because: 'an escalation waits for an hour',
    also: ['A10g'],
    sql: [
      `update orderflow.call_escalation set done_at = null, next_at = ${hourAgo}`,
      `update orderflow.command set key = 'another' where id = '${id('C-1#4')}'`,
    ],
  },
  {
    check: 'A10g',
    because: 'an escalation is left over',
    sql: [
      `update orderflow.call_escalation set done_at = null, next_at = orderflow.now()`,
      `update orderflow.command set key = 'another' where id = '${id('C-1#4')}'`,
    ],
  },
  {
    check: 'A10g',
    because: 'a turn is left over',
    also: ['A33b'],
    sql: `update orderflow.call set todo = 'start', next_at = orderflow.now() where ${call('third')}`,
  },
];
