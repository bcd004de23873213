import { id } from '../life.ts';
import { instance, ofInstance, wait, type Corruption } from './corruption.ts';

const hourAgo = `orderflow.now() - interval '1 hour'`;
const toB1 = `id = '${id('rain to B-1')}'`;
const toProcess = `id = '${id('rain to begun')}'`;

export const startCorruptions: readonly Corruption[] = [
  {
    check: 'A35a',
    because: 'what a message has started has another key',
    sql: `update orderflow.process_instance set business_key = 'B-9' where ${instance('B-1')}`,
    also: ['A10h', 'A35f'],
  },
  {
    check: 'A35a',
    because: 'somebody who waited received the message too',
    sql: `update orderflow.message set consumed_wait_id = ${wait('Q-000001', 'q_b_withdraw')} where id = '${id('placed 1')}'`,
  },
  {
    check: 'A35a',
    because: 'one message has started two instances',
    also: ['A35b'],
    sql: `update orderflow.message_start set instance_id = '${id('B-1')}', done_at = orderflow.now() where message_id = '${id('placed 2')}'`,
  },
  {
    check: 'A35b',
    because: 'nothing says which message has started an instance',
    sql: `update orderflow.message_start set instance_id = null where message_id = '${id('placed 1')}'`,
  },
  {
    check: 'A35b',
    because: 'nothing says which signal has started an instance',
    sql: `update orderflow.signal_delivery set started_instance_id = null where ${toProcess}`,
  },
  {
    check: 'A35c',
    because: 'a timer has started two instances at once',
    sql: [
      `update orderflow.process_instance set process_id = 'daily', business_key = 'by_time@now' where ${instance('rain@1')}`,
      `update orderflow.step set trigger = 'timer' where ${ofInstance('rain@1')}`,
    ],
    also: ['A06b'],
  },
  {
    check: 'A35d',
    because: 'a signal is said to have ended a wait that is open',
    sql: `update orderflow.signal_delivery set received_wait_id = ${wait('B-1', 'rest')} where ${toB1}`,
    also: ['A35e'],
  },
  {
    check: 'A35d',
    because: 'a signal has ended the wait for another',
    sql: `update orderflow.wait set signal_name = 'snow' where id = ${wait('B-1', 'hear')}`,
  },
  {
    check: 'A35e',
    because: 'a step by a signal that nobody has sent',
    sql: `update orderflow.signal_delivery set received_wait_id = null where ${toB1}`,
  },
  {
    check: 'A35f',
    also: ['A10h'],
    because: 'a signal is on its way for an hour',
    sql: `insert into orderflow.signal_delivery (id, signal_id, sequence, wait_id, instance_id, slot, next_at)
          values (gen_random_uuid(), '${id('rain')}', 1, ${wait('B-1', 'rest')}, '${id('B-1')}', 'rest', ${hourAgo})`,
  },
  {
    check: 'A35f',
    also: ['A10h'],
    because: 'a timer should have started an instance an hour ago',
    sql: `update orderflow.start_event set due_at = ${hourAgo}, next_at = ${hourAgo} where kind = 'timer'`,
  },
  {
    check: 'A35f',
    also: ['A10h'],
    because: 'a message could start an instance for an hour',
    sql: `update orderflow.message set correlation_key = 'B-7' where id = '${id('placed 2')}'`,
  },
  {
    check: 'A35g',
    because: 'a start event belongs to an earlier version',
    sql: `insert into orderflow.process_definition (id, deployment_id, process_id, version, resource_name)
          values ('${id('second')}', '${id('deployment')}', 'daily', 2, 'daily.bpmn')`,
  },
  {
    check: 'A10h',
    because: 'a signal is left over',
    sql: `insert into orderflow.signal_delivery (id, signal_id, sequence, wait_id, instance_id, slot, next_at)
          values (gen_random_uuid(), '${id('rain')}', 1, ${wait('B-1', 'rest')}, '${id('B-1')}', 'rest', orderflow.now())`,
  },
];
