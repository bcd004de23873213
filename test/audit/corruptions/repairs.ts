import { id } from '../life.ts';
import { instance, ofInstance, wait, type Corruption } from './corruption.ts';

const timer = wait('S-000003', 's_b_credit_exp');
const booking = wait('F-000001', 'f_book');
const incident = (waitId: string, resolved: string): string =>
  `insert into orderflow.incident (id, instance_id, wait_id, kind, element_id, message, fingerprint, opened_at, resolved_at, resolved_by)
   select gen_random_uuid(), instance_id, id, 'step-failed', element_id, 'no such rule', 'f', opened_at, ${resolved} from orderflow.wait where id = ${waitId}`;
const suspension = (kind: string, ref: string, since: string, until = 'null'): string =>
  `insert into orderflow.suspension (id, kind, ref, reason, suspended_by, suspended_at, resumed_at, resumed_by, resume_reason)
   select gen_random_uuid(), '${kind}', ${ref}, 'test', 'operator', ${since}, ${until}, ${until === 'null' ? 'null, null' : `'operator', 'test'`}`;

export const repairCorruptions: readonly Corruption[] = [
  {
    check: 'A37a',
    because: 'an incident was resolved although nothing was committed',
    sql: incident(timer, `orderflow.now(), 'operator'`),
  },
  {
    check: 'A37a',
    because: 'an incident was resolved before the commit',
    sql: incident(booking, `closed_at - interval '1 millisecond', closed_by`),
  },
  {
    check: 'A37b',
    also: ['A02'],
    because: 'an incident is open of what was done long ago',
    sql: incident(booking, 'null, null'),
  },
  {
    check: 'A37b',
    because: 'an incident was tried again in vain, but never failed again',
    sql: [incident(booking, 'closed_at, closed_by'), `update orderflow.incident set attempts = 1 where wait_id = ${booking}`],
  },
  {
    check: 'A37c',
    because: 'a job was handed out although its type is suspended',
    sql: [
      `update orderflow.outbox set begun_at = orderflow.now() - interval '1 hour' where wait_id = ${booking}`,
      suspension(
        'job-type',
        `(select job_type from orderflow.outbox where wait_id = ${booking})`,
        `orderflow.now() - interval '2 hours'`,
      ),
    ],
  },
  {
    check: 'A37c',
    because: 'a job was handed out while its type was suspended',
    sql: [
      `update orderflow.outbox set begun_at = orderflow.now() - interval '2 hours' where wait_id = ${booking}`,
      suspension(
        'job-type',
        `(select job_type from orderflow.outbox where wait_id = ${booking})`,
        `orderflow.now() - interval '3 hours'`,
        `orderflow.now() - interval '1 hour'`,
      ),
    ],
  },
  {
    check: 'A37d',
    because: 'an instance took a step although its process was suspended',
    sql: suspension(
      'process',
      `(select process_id from orderflow.process_instance where ${instance('S-000001')})`,
      `orderflow.now() - interval '2 days'`,
      `orderflow.now() - interval '1 hour'`,
    ),
  },
  {
    check: 'A37e',
    also: ['A06b', 'A26d'],
    because: 'an operator moved a token and did not say why',
    sql: `update orderflow.step set trigger = 'move' where ${ofInstance('S-000003')} and revision = 1`,
  },
  {
    check: 'A37f',
    because: 'stranded work was seen again and again, and nobody was told',
    sql: `insert into orderflow.stranded (key, finding, instance_id, message, first_seen_at, looks)
          values ('x', 'nothing-waits', '${id('S-000003')}', 'x', orderflow.now() - interval '2 hours', 100)`,
  },
];
