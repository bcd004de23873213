import { id } from '../life.ts';
import { order, type Corruption } from './corruption.ts';

const payment = (kind: string, number: string): string => `kind = '${kind}' and sale_order_id = '${id(`order ${number}`)}'`;
const profile = (change: string): string => `update orderflow.credit_profile set ${change}`;
const sale = (number: string, change: string): string => `update orderflow.sale_order set ${change} where ${order(number)}`;

export const moneyCorruptions: readonly Corruption[] = [
  { check: 'A21a', because: 'open orders drifted from the holds', sql: profile('open_orders_minor = open_orders_minor - 1') },
  {
    check: 'A21a',
    also: ['A21b', 'A21l'],
    because: 'a released hold counts as held',
    sql: `update orderflow.credit_hold set status = 'HELD' where id = '${id('hold 2')}'`,
  },
  {
    check: 'A21b',
    because: 'a hold was released twice',
    sql: `insert into orderflow.credit_movement (id, credit_profile_id, kind, amount_minor, credit_hold_id, reference, at)
          values (gen_random_uuid(), '${id('profile')}', 'RELEASED', 2000, '${id('hold 2')}', 'again', orderflow.now())`,
  },
  {
    check: 'A21d',
    because: 'credit was approved beyond the limit',
    sql: `update orderflow.credit_snapshot set exposure_minor = 3001 where id = '${id('snapshot 2')}'`,
  },
  {
    check: 'A21d',
    because: 'an override allowed more than it was asked for',
    sql: `update orderflow.override_request set scope_amount_minor = 2999 where id = '${id('override 1')}'`,
  },
  {
    check: 'A21e',
    because: 'a hold was taken although credit was refused',
    sql: `update orderflow.credit_snapshot set outcome = 'HOLD' where id = '${id('snapshot 2')}'`,
  },
  {
    check: 'A21e',
    because: 'a hold took more than was decided',
    sql: `update orderflow.credit_snapshot set order_minor = 1999 where id = '${id('snapshot 2')}'`,
  },
  {
    check: 'A21f',
    because: 'the exposure is beyond the limit',
    also: ['A21a'],
    sql: profile('open_orders_minor = 12000'),
  },
  {
    check: 'A21g',
    because: 'a sale holds credit of another customer',
    sql: sale('S-000001', `customer_id = '${id('NOBODY')}'`),
    also: ['A30c'],
  },
  {
    check: 'A21y',
    also: ['A26c'],
    because: 'a sale waits for its money, and its credit was given to nobody',
    sql: sale('S-000003', `workflow_state = 'AWAITING_PAYMENT'`),
  },
  {
    check: 'A21h',
    also: ['A21j', 'A21p'],
    because: 'captured money drifted from the captures',
    sql: sale('S-000001', 'captured_minor = 1999'),
  },
  {
    check: 'A21h',
    also: ['A21p'],
    because: 'captured money counts as unapplied',
    sql: sale('S-000001', 'captured_minor = 1999, unapplied_minor = 1'),
  },
  {
    check: 'A21i',
    also: ['A21j', 'A21m'],
    because: 'refunded money drifted from the refunds',
    sql: sale('S-000002', 'refunded_minor = 2999'),
  },
  { check: 'A21j', because: 'unapplied money was invented', sql: sale('S-000001', 'unapplied_minor = 1') },
  {
    check: 'A21k',
    because: 'a sale captured more than its total',
    also: ['A30c', 'A31b'],
    sql: sale('S-000001', 'total_minor = 1999, on_terms_minor = 0, prepay_minor = 1999'),
  },
  {
    check: 'A21l',
    also: ['A20e'],
    because: 'a cancelled sale still has stock',
    sql: `update orderflow.sale_line set cancelled = 4, reserved = 1 where sale_order_id = '${id('order S-000002')}'`,
  },
  {
    check: 'A21m',
    also: ['A12a'],
    because: 'a cancelled sale keeps money',
    sql: [
      `delete from orderflow.payment where ${payment('REFUND', 'S-000002')}`,
      sale('S-000002', 'refunded_minor = 0, unapplied_minor = 500'),
    ],
  },
  {
    check: 'A21n',
    also: ['A12a'],
    because: 'a cancelled sale still asks for money',
    sql: `delete from orderflow.payment where ${payment('VOID', 'S-000002')}`,
  },
  {
    check: 'A21o',
    also: ['A11c'],
    because: 'a payment is in another currency',
    sql: `update orderflow.payment set currency = 'USD' where ${payment('CAPTURE', 'S-000001')}`,
  },
  {
    check: 'A21p',
    because: 'a sale was cleared before it was paid',
    sql: sale('S-000001', 'prepay_minor = 2001, on_terms_minor = 7999'),
  },
];
