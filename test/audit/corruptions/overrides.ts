import { id } from '../life.ts';
import type { Corruption } from './corruption.ts';

const request = (name: string, change: string): string =>
  `update orderflow.override_request set ${change} where id = '${id(name)}'`;
const decision = (name: string, change: string): string =>
  `update orderflow.override_decision set ${change} where id = '${id(name)}'`;

export const overrideCorruptions: readonly Corruption[] = [
  { check: 'A23a', because: 'somebody approved their own request', sql: decision('approval 3', `actor = 'sales'`) },
  { check: 'A23b', because: 'a request was approved by too few', sql: request('override 1', 'required_approvals = 2') },
  {
    check: 'A23b',
    because: 'a request was approved and rejected',
    sql: `insert into orderflow.override_decision (id, override_request_id, actor, actor_roles, decision, reason, at)
          select gen_random_uuid(), override_request_id, 'credit-2', actor_roles, 'REJECT', reason, at from orderflow.override_decision where id = '${id('approval 1')}'`,
  },
  {
    check: 'A23b',
    because: 'one person approved twice',
    sql: [
      `insert into orderflow.override_decision (id, override_request_id, actor, actor_roles, decision, reason, at)
       select gen_random_uuid(), override_request_id, actor, actor_roles, decision, reason, at from orderflow.override_decision where id = '${id('approval 3')}'`,
      request('override 3', 'approvals_count = 2'),
    ],
  },
  { check: 'A23c', because: 'somebody decided without the role', sql: decision('approval 3', `actor_roles = '{sales_rep}'`) },
  { check: 'A23d', because: 'a request was decided too late', sql: request('override 1', `decide_by = requested_at`) },
  {
    check: 'A23e',
    because: 'an override was used too late',
    sql: request('override 1', `use_by = consumed_at - interval '1 second'`),
  },
  {
    check: 'A23e',
    because: 'an override was used twice',
    sql: `insert into orderflow.credit_snapshot select (jsonb_populate_record(n, jsonb_build_object('id', gen_random_uuid()))).* from orderflow.credit_snapshot n where id = '${id('snapshot 1')}'`,
  },
  {
    check: 'A23e',
    because: 'an override was used for another sale',
    also: ['A21e'],
    sql: `update orderflow.credit_snapshot set sale_order_id = '${id('order S-000003')}' where id = '${id('snapshot 1')}'`,
  },
  {
    check: 'A23e',
    because: 'an override was used, but can be used again',
    sql: request('override 1', `status = 'APPROVED', consumed_at = null`),
  },
  {
    check: 'A23f',
    also: ['A21d', 'A21e', 'A23e'],
    because: 'credit was approved with an override that nobody gave',
    sql: `update orderflow.credit_snapshot set override_request_id = null where id = '${id('snapshot 1')}'`,
  },
  {
    check: 'A23g',
    also: ['A23b', 'A23e'],
    because: 'a task was completed although its request is not decided',
    sql: request('override 1', `status = 'PENDING', consumed_at = null`),
  },
];
