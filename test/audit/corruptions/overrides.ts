import { id } from '../life.ts';
import type { Corruption } from './corruption.ts';

const request = (name: string, change: string): string =>
  `update orderflow.override_request set ${change} where id = '${id(name)}'`;
const decision = (name: string, change: string): string =>
  `update orderflow.override_decision set ${change} where id = '${id(name)}'`;

/** A request with the rows of another, but for these columns. */
const another = (of: string, columns: string): string =>
  `insert into orderflow.override_request select (jsonb_populate_record(o, '{"id": "${id('made up')}"}'::jsonb || jsonb_build_object(${columns}))).*
     from orderflow.override_request o where id = '${id(of)}'`;

export const overrideCorruptions: readonly Corruption[] = [
  { check: 'A23a', because: 'somebody approved their own request', sql: decision('approval 3', `actor = 'sales'`) },
  {
    check: 'A23a',
    also: ['A23k'],
    because: 'somebody approved for whoever had requested it',
    sql: decision('approval 3', `on_behalf_of = 'sales'`),
  },
  {
    check: 'A23a',
    because: 'somebody approved lines that they had written themselves',
    sql: request('override 3', `parties = '{sales-2,credit}'`),
  },
  {
    check: 'A23a',
    because: 'one person approved for themselves and for another',
    sql: [
      `insert into orderflow.override_decision (id, override_request_id, actor, on_behalf_of, actor_roles, decision, reason, at)
       select gen_random_uuid(), override_request_id, actor, 'credit-2', actor_roles, decision, reason, at from orderflow.override_decision where id = '${id('approval 1')}'`,
      request('override 1', 'approvals_count = 2, required_approvals = 2'),
      `insert into orderflow.delegation (id, principal, delegate, valid_from, valid_until, created_by, created_at)
       values (gen_random_uuid(), 'credit-2', 'credit', '2000-01-01', '2100-01-01', 'credit-2', '2000-01-01')`,
    ],
  },
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
    also: ['A23a'],
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
  {
    check: 'A23b',
    because: 'an approval was revoked that nobody had given',
    sql: request('override 3', `status = 'REVOKED', revoked_by = 'credit'`),
  },
  {
    check: 'A23e',
    also: ['A21b'],
    because: 'an override was used again for more than it was used for first',
    sql: [
      `insert into orderflow.credit_snapshot
       select (jsonb_populate_record(n, jsonb_build_object('id', '${id('made up')}', 'order_minor', 9000, 'at', n.at + interval '1 second', 'limit_minor', 9000))).*
         from orderflow.credit_snapshot n where id = '${id('snapshot 1')}'`,
      `insert into orderflow.credit_hold select (jsonb_populate_record(h, jsonb_build_object('id', '${id('made up')}', 'credit_snapshot_id', '${id('made up')}', 'status', 'RELEASED'))).*
         from orderflow.credit_hold h where id = '${id('hold 1')}'`,
    ],
  },
  {
    check: 'A23h',
    because: 'a discount was offered that nobody approved',
    sql: `update orderflow.quotation set workflow_context = '{"discount": {"level": "L2"}}' where id = '${id('order Q-000001')}'`,
  },
  {
    check: 'A23i',
    because: 'stock was taken by an override that is not for stock',
    sql: `update orderflow.stock_reservation set override_request_id = '${id('override 1')}' where id = '${id('reservation 1')}'`,
  },
  {
    check: 'A23i',
    also: ['A23b'],
    because: 'an override for stock was used for nothing',
    sql: another('override 1', `'kind', 'STOCK'`),
  },
  {
    check: 'A23j',
    because: 'a sale may take more than anybody allowed',
    sql: `update orderflow.sale_order set overcapture_allowed_minor = 1 where id = '${id('order S-000001')}'`,
  },
  {
    check: 'A23k',
    because: 'somebody decided for another person who had not asked them to',
    sql: decision('approval 3', `on_behalf_of = 'credit-2'`),
  },
  {
    check: 'A23k',
    because: 'somebody decided for another person after that had ended',
    sql: [
      decision('approval 3', `on_behalf_of = 'credit-2'`),
      `insert into orderflow.delegation (id, principal, delegate, valid_from, valid_until, created_by, created_at)
       values (gen_random_uuid(), 'credit-2', 'credit', '2000-01-01', '2001-01-01', 'credit-2', '2000-01-01')`,
    ],
  },
  {
    check: 'A23l',
    because: 'a sale that needed an administrator was let in by nobody',
    sql: `update orderflow.sale_order set workflow_context = '{"admission": {"outcome": "ADMIN_OVERRIDE", "reasonCode": "CUSTOMER_BLOCKED"}}' where id = '${id('order S-000001')}'`,
  },
];
