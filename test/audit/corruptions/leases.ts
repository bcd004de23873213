import { id } from '../life.ts';
import { wait, type Corruption } from './corruption.ts';

const lease = (key: string, worker: string): string => `token = '${id(`${key} of ${worker}`)}'`;

export const leaseCorruptions: readonly Corruption[] = [
  {
    check: 'A34a',
    because: 'a job was given to somebody while another still had it',
    sql: `update orderflow.job_lease set ended_at = ended_at + interval '100 milliseconds' where ${lease('D-1', 'slow')}`,
  },
  {
    check: 'A34a',
    also: ['A34d'],
    because: 'two have a job at once',
    sql: `insert into orderflow.job_lease (token, job_id, worker, actor, leased_at, until)
          select gen_random_uuid(), job_id, 'other', actor, leased_at + interval '1 second', until + interval '1 hour' from orderflow.job_lease where ${lease('D-2', 'quick')}`,
  },
  {
    check: 'A34b',
    because: 'a lease was taken over before its time',
    sql: `update orderflow.job_lease set until = until + interval '1 hour' where ${lease('D-1', 'slow')}`,
  },
  {
    check: 'A34c',
    because: 'a job was completed by a worker that had lost it',
    sql: [
      `update orderflow.job_lease set outcome = 'expired', command_id = null where ${lease('D-1', 'quick')}`,
      `update orderflow.job_lease set until = ended_at where ${lease('D-1', 'quick')}`,
    ],
  },
  {
    check: 'A34c',
    because: 'a worker completed a job by a command that took no step',
    sql: `update orderflow.job_lease set command_id = '${id('D-1#1')}' where ${lease('D-1', 'quick')}`,
  },
  {
    check: 'A34c',
    because: 'a completion counts as an error',
    sql: `update orderflow.job_lease set outcome = 'error' where ${lease('D-1', 'quick')}`,
  },
  {
    check: 'A34c',
    also: ['A34d'],
    because: 'a worker completed a job that is still open',
    sql: `update orderflow.job_lease set outcome = 'completed', ended_at = orderflow.now(), command_id = '${id('D-2#1')}' where ${lease('D-2', 'quick')}`,
  },
  {
    check: 'A34d',
    because: 'a job names a worker that never got it',
    sql: `update orderflow.outbox set lease_token = gen_random_uuid(), leased_by = 'other' where wait_id = ${wait('D-3', 'scan')}`,
  },
  {
    check: 'A34d',
    because: 'the worker that a job names has the lease of another',
    sql: `update orderflow.outbox set leased_by = 'other' where wait_id = ${wait('D-2', 'scan')}`,
  },
  {
    check: 'A34e',
    because: 'a job of the house waits for somebody else',
    sql: `insert into orderflow.job_handler (job_type) values ('document.scan')`,
  },
];
