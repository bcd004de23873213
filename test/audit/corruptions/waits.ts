import { id } from '../life.ts';
import { instance, ofInstance, wait, type Corruption } from './corruption.ts';

const timer = wait('S-000003', 's_b_credit_exp');
const booking = wait('F-000001', 'f_book');
const leave = (name: string, key: string) => `
  insert into orderflow.message (id, name, correlation_key, variables, source, received_at, expires_at, next_at)
  values (gen_random_uuid(), '${name}', '${key}', '{}', 'test', orderflow.now() - interval '1 hour', orderflow.now() + interval '1 hour', orderflow.now())`;

export const waitCorruptions: readonly Corruption[] = [
  {
    check: 'A08',
    also: ['A17b'],
    because: 'an instance that has ended still waits',
    sql: `update orderflow.wait set status = 'open', closed_at = null where id = ${wait('S-000002', 's_b_cancel')}`,
  },
  {
    check: 'A09a',
    because: 'a job has no outbox row',
    sql: `delete from orderflow.outbox where wait_id = ${booking}`,
  },
  {
    check: 'A09a',
    because: 'a job has two outbox rows',
    sql: `insert into orderflow.outbox (id, wait_id, instance_id, job_type, created_at, next_at, done_at)
          select gen_random_uuid(), wait_id, instance_id, job_type, created_at, next_at, done_at from orderflow.outbox where wait_id = ${booking}`,
  },
  {
    check: 'A09b',
    because: 'the outbox row of a completed job says cancelled',
    sql: `update orderflow.outbox set cancelled_at = done_at, done_at = null where wait_id = ${booking}`,
  },
  {
    check: 'A17a',
    also: ['A06b'],
    because: 'two steps completed one wait',
    sql: `update orderflow.step set wait_id = ${wait('Q-000001', 'q_draft')} where ${ofInstance('Q-000001')} and revision = 1`,
  },
  {
    check: 'A17a',
    because: 'what a step completed counts as cancelled',
    sql: `update orderflow.wait set status = 'cancelled' where id = ${wait('Q-000001', 'q_draft')}`,
  },
  {
    check: 'A17b',
    because: 'a wait was closed by nobody',
    sql: [
      `insert into orderflow.wait (id, instance_id, slot, kind, element_id, status, opened_at, opened_revision, closed_at, closed_revision, closed_by)
       values ('${id('made up')}', '${id('S-000003')}', 'x', 'user', 'x', 'cancelled', orderflow.now(), 1, orderflow.now(), 2, 'worker:override')`,
      `update orderflow.step set opened = opened || '${id('made up')}'::uuid where ${ofInstance('S-000003')} and revision = 1`,
    ],
    also: ['A06b'],
  },
  {
    check: 'A17b',
    because: 'a wait says that somebody else closed it',
    sql: `update orderflow.wait set closed_by = 'somebody' where id = ${wait('Q-000001', 'q_draft')}`,
  },
  {
    check: 'A17c',
    because: 'no step opened a wait',
    sql: `insert into orderflow.wait (id, instance_id, slot, kind, element_id, opened_at, opened_revision)
          values (gen_random_uuid(), '${id('S-000003')}', 'x', 'user', 'x', orderflow.now(), 1)`,
  },
  {
    check: 'A17c',
    also: ['A06b'],
    because: 'a step opened a wait that does not exist',
    sql: `update orderflow.step set opened = opened || '${id('made up')}'::uuid where ${ofInstance('S-000003')} and revision = 1`,
  },
  {
    check: 'A19',
    because: 'a running instance waits for nothing',
    also: ['A17c'],
    sql: `delete from orderflow.wait where ${ofInstance('F-000002')} and status = 'open'`,
  },
  {
    check: 'A19',
    also: ['A09b', 'A17a', 'A17b', 'A17c'],
    because: 'a running instance waits for a job that nobody will run',
    sql: [
      `delete from orderflow.wait where ${ofInstance('F-000002')} and status = 'open'`,
      `update orderflow.wait set status = 'open', closed_at = null where id = ${wait('F-000002', 'f_backorder')}`,
    ],
  },
  {
    check: 'A19',
    also: ['A10a', 'A17a', 'A17b', 'A17c'],
    because: 'the only job of an instance rests for an incident that does not exist',
    sql: [
      `delete from orderflow.wait where ${ofInstance('F-000002')} and status = 'open'`,
      `update orderflow.wait set status = 'open', closed_at = null where id = ${wait('F-000002', 'f_backorder')}`,
      `update orderflow.outbox set done_at = null, next_at = 'infinity' where wait_id = ${wait('F-000002', 'f_backorder')}`,
    ],
  },
  {
    check: 'A22a',
    also: ['A10c'],
    because: 'a timer was forgotten',
    sql: `update orderflow.wait set due_at = orderflow.now() - interval '1 hour' where id = ${timer}`,
  },
  {
    check: 'A22b',
    because: 'a timer fired too early',
    sql: `update orderflow.wait set due_at = closed_at + interval '2 seconds' where id = ${wait('S-000002', 's_b_pay_due')}`,
  },
  {
    check: 'A22c',
    also: ['A10b'],
    because: 'a message was not given to who waits for it',
    sql: leave('inventory.available', id('order F-000002')),
  },
  {
    check: 'A22d',
    also: ['A10a', 'A09b'],
    because: 'a job was not rung',
    sql: `update orderflow.outbox set done_at = null where wait_id = ${booking}`,
  },
  {
    check: 'A10a',
    also: ['A09b'],
    because: 'a job is left over',
    sql: `update orderflow.outbox set done_at = null, next_at = orderflow.now() where wait_id = ${booking}`,
  },
  {
    check: 'A10b',
    because: 'a message is left over',
    sql: leave('inventory.available', id('order F-000002')).replace(
      `interval '1 hour', orderflow.now() +`,
      `interval '1 minute', orderflow.now() +`,
    ),
  },
  {
    check: 'A10c',
    because: 'a timer that is due is left over',
    sql: `update orderflow.wait set due_at = orderflow.now() - interval '1 minute' where id = ${timer}`,
  },
  {
    check: 'A02',
    because: 'an incident is open',
    sql: `insert into orderflow.incident (id, instance_id, kind, message, fingerprint, opened_at)
          select gen_random_uuid(), id, 'job-failed', 'no answer', 'f', orderflow.now() from orderflow.process_instance where ${instance('S-000003')}`,
  },
];
